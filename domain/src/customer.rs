//! Who buys, on what terms, and what they pay on account.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, CustomerId, Event, PaymentId, Refusal, RegisterId, SaleId,
    command::Issued,
    document::Document,
    item::set,
    sale::TenderKind,
    signup::{self, SignUp},
};

/// RFCs that stand for the public and for foreigners; they may repeat (N-39).
pub const GENERIC_RFCS: [&str; 2] = ["XAXX010101000", "XEXX010101000"];

/// The price a customer pays (N-9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceTier {
    /// Over the counter: `price_1`.
    #[default]
    Mostrador,
    /// Workshops: `price_2`.
    Taller,
    /// Resellers: `price_3`.
    Mayoreo,
}

impl PriceTier {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mostrador => "mostrador",
            Self::Taller => "taller",
            Self::Mayoreo => "mayoreo",
        }
    }

    /// The tier of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Mostrador, Self::Taller, Self::Mayoreo].into_iter().find(|tier| tier.name() == name)
    }
}

/// A customer's data (field names: contract 5.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerDetails {
    /// Trade name.
    pub name: String,
    /// Tax id.
    pub rfc: Option<String>,
    /// Legal name.
    pub razon_social: Option<String>,
    /// SAT's fiscal regime.
    pub regimen_fiscal: Option<String>,
    /// Postal code of the fiscal address.
    pub codigo_postal: Option<String>,
    /// SAT's use of the CFDI.
    pub uso_cfdi: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// The price they pay.
    pub price_tier: PriceTier,
    /// How much they may owe.
    pub credit_limit: Cents,
    /// Days until a credit sale is due (N-40).
    pub credit_days: i64,
    /// The branch they belong to.
    pub branch_id: Option<BranchId>,
    /// The person behind the name.
    #[serde(default, skip_serializing_if = "Person::is_unknown")]
    pub person: Person,
}

/// What identifies a person, or a company where the tax office is not SAT (contract 9.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Given names; LUNARA's `nombre`, Lunatel's `name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_names: Option<String>,
    /// Surnames; LUNARA's `apellidos`, Lunatel's `surname`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surnames: Option<String>,
    /// The number of an identity document: DNI, TCNO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<String>,
    /// The tax office that knows the tax id; Lunatel's `taxUnit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_office: Option<String>,
}

impl Person {
    /// Whether nothing of it is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// A customer was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRegistered {
    /// The customer.
    pub customer_id: CustomerId,
    /// Their data.
    pub details: CustomerDetails,
}

/// A customer's data were changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerUpdated {
    /// The customer.
    pub customer_id: CustomerId,
    /// All data as they are now.
    pub details: CustomerDetails,
    /// Whether the shop sells to them.
    pub is_active: bool,
    /// When the customer was registered: the rows of lists are whole.
    pub registered_at: Timestamp,
}

/// A part of a payment that settles (a part of) a credit sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The sale.
    pub sale_id: SaleId,
    /// When it was due.
    pub due: Date,
    /// How much of it is paid.
    pub amount: Cents,
    /// IVA that is collected by it: moves from 209.01 to 208.01 (LIVA 1-B).
    pub tax: Cents,
}

/// A customer paid on account, oldest sale first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentReceived {
    /// The payment.
    pub payment_id: PaymentId,
    /// Its folio, `PAG-012`.
    pub folio: String,
    /// Who paid.
    pub customer_id: CustomerId,
    /// Where.
    pub branch_id: BranchId,
    /// Local day.
    pub date: Date,
    /// How much.
    pub amount: Cents,
    /// By what means.
    pub method: TenderKind,
    /// The session whose drawer took the cash.
    pub register_id: Option<RegisterId>,
    /// The bank's or terminal's reference.
    pub reference: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// What it settles.
    pub allocations: Vec<Allocation>,
    /// What the customer owes afterwards.
    pub balance: Cents,
}

/// Registers a customer.
#[derive(Clone, Debug)]
pub struct RegisterCustomer {
    /// Their data.
    pub details: CustomerDetails,
}

/// Receives a payment on account.
#[derive(Clone, Debug)]
pub struct ReceivePayment {
    /// How much.
    pub amount: Cents,
    /// By what means.
    pub method: TenderKind,
    /// The drawer for cash; the employee's own session where absent.
    pub register_id: Option<RegisterId>,
    /// The bank's or terminal's reference.
    pub reference: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// Changes a customer; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of CustomerDetails")]
pub struct UpdateCustomer {
    pub name: Option<String>,
    pub rfc: Option<Option<String>>,
    pub razon_social: Option<Option<String>>,
    pub regimen_fiscal: Option<Option<String>>,
    pub codigo_postal: Option<Option<String>>,
    pub uso_cfdi: Option<Option<String>>,
    pub email: Option<Option<String>>,
    pub phone: Option<Option<String>>,
    pub address: Option<Option<String>>,
    pub price_tier: Option<PriceTier>,
    pub credit_limit: Option<Cents>,
    pub credit_days: Option<i64>,
    pub branch_id: Option<Option<BranchId>>,
    pub person: Option<Person>,
    pub is_active: Option<bool>,
}

/// A command to a customer.
#[derive(Clone, Debug)]
pub enum CustomerCommand {
    /// Registers one.
    Register(Box<RegisterCustomer>),
    /// Changes one.
    Update(CustomerId, Box<UpdateCustomer>),
    /// Registers a patient: no two have the same identity document.
    RegisterPatient(Box<RegisterCustomer>),
    /// Changes a patient.
    UpdatePatient(CustomerId, Box<UpdateCustomer>),
    /// Registers one that signs up by itself, with who logs in and where it receives goods.
    SignUp(Box<SignUp>),
}

/// The customer as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Customer {
    details: Option<CustomerDetails>,
    inactive: bool,
}

impl Document for Customer {
    const TYPE: &'static str = "customer";
    type Command = CustomerCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        match &issued.command {
            CustomerCommand::RegisterPatient(register) => {
                identity_is_free(&register.details.person, None, book)?;
            }
            CustomerCommand::UpdatePatient(id, update) => {
                if let Some(person) = &update.person {
                    identity_is_free(person, Some(*id), book)?;
                }
            }
            CustomerCommand::Register(_) | CustomerCommand::SignUp(_) | CustomerCommand::Update(..) => {}
        }
        Ok(match issued.command {
            CustomerCommand::Register(register) | CustomerCommand::RegisterPatient(register) => {
                let details = register.details;
                check(&details, None, book)?;
                let customer_id = book.counters.next_customer();
                vec![CustomerRegistered { customer_id, details }.into()]
            }
            CustomerCommand::SignUp(wanted) => signup::sign_up(*wanted, book)?,
            CustomerCommand::Update(id, update) | CustomerCommand::UpdatePatient(id, update) => {
                self.update(id, &update, book)?.map(Event::from).into_iter().collect()
            }
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a customer's stream")]
        match event {
            Event::CustomerRegistered(event) => self.details = Some(event.details),
            Event::CustomerUpdated(event) => {
                self.details = Some(event.details);
                self.inactive = !event.is_active;
            }
            _ => {}
        }
    }
}

impl Customer {
    /// The change, or nothing where all is as it was.
    fn update(
        &self,
        customer_id: CustomerId,
        update: &UpdateCustomer,
        book: &Book,
    ) -> Result<Option<CustomerUpdated>, Refusal> {
        let Some(current) = &self.details else { return Err(Refusal::CustomerNotFound(customer_id)) };
        let known = book.customers.get(&customer_id).ok_or(Refusal::CustomerNotFound(customer_id))?;
        let mut details = current.clone();
        set(&mut details.name, update.name.as_ref());
        set(&mut details.rfc, update.rfc.as_ref());
        set(&mut details.razon_social, update.razon_social.as_ref());
        set(&mut details.regimen_fiscal, update.regimen_fiscal.as_ref());
        set(&mut details.codigo_postal, update.codigo_postal.as_ref());
        set(&mut details.uso_cfdi, update.uso_cfdi.as_ref());
        set(&mut details.email, update.email.as_ref());
        set(&mut details.phone, update.phone.as_ref());
        set(&mut details.address, update.address.as_ref());
        set(&mut details.price_tier, update.price_tier.as_ref());
        set(&mut details.credit_limit, update.credit_limit.as_ref());
        set(&mut details.credit_days, update.credit_days.as_ref());
        set(&mut details.branch_id, update.branch_id.as_ref());
        set(&mut details.person, update.person.as_ref());
        check(&details, Some(customer_id), book)?;
        let is_active = update.is_active.unwrap_or(!self.inactive);
        if details == *current && is_active != self.inactive {
            return Ok(None);
        }
        Ok(Some(CustomerUpdated { customer_id, details, is_active, registered_at: known.registered_at }))
    }
}

fn identity_is_free(person: &Person, of: Option<CustomerId>, book: &Book) -> Result<(), Refusal> {
    match &person.identity_number {
        Some(number) => book.identity_is_free(number, of),
        None => Ok(()),
    }
}

pub(crate) fn check(details: &CustomerDetails, of: Option<CustomerId>, book: &Book) -> Result<(), Refusal> {
    if details.name.trim().is_empty() {
        return Err(Refusal::Invalid { field: "name", rule: "not empty" });
    }
    if details.credit_limit.is_negative() {
        return Err(Refusal::Invalid { field: "credit_limit", rule: "0 or more" });
    }
    book.document_sum([details.credit_limit])?;
    if !(0..=3650).contains(&details.credit_days) {
        return Err(Refusal::Invalid { field: "credit_days", rule: "between 0 and 3650" });
    }
    if let Some(branch) = details.branch_id {
        book.branch(branch)?;
    }
    if let Some(rfc) = &details.rfc {
        book.rfc_is_free(rfc, of)?;
    }
    Ok(())
}

/// The payment as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Payment {}

impl Document for Payment {
    const TYPE: &'static str = "payment";
    type Command = (CustomerId, ReceivePayment);

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let received = receive(issued, book)?;
        Ok(vec![received.into()])
    }
}

fn receive(issued: Issued<(CustomerId, ReceivePayment)>, book: &Book) -> Result<PaymentReceived, Refusal> {
    let (customer_id, payment) = issued.command;
    let customer = book.customers.get(&customer_id).ok_or(Refusal::CustomerNotFound(customer_id))?;
    if !payment.amount.is_positive() {
        return Err(Refusal::Invalid { field: "amount", rule: "more than 0" });
    }
    payment.method.handed_over("payment_method")?;
    if payment.amount > customer.balance {
        return Err(Refusal::PaymentExceedsBalance { balance: customer.balance, amount: payment.amount });
    }
    if let Some(id) = payment.register_id {
        book.open_register(id, issued.branch)?;
    }
    let register_id = match payment.method {
        TenderKind::Cash => Some(book.drawer(payment.register_id, issued.by, issued.branch)?),
        TenderKind::Card | TenderKind::Transfer | TenderKind::StoreCredit | TenderKind::Deposit => None,
    };
    let mut left = payment.amount;
    let mut allocations = Vec::new();
    for (sale_id, receivable) in customer.oldest_first() {
        if left.is_zero() {
            break;
        }
        let amount = left.min(receivable.open());
        if !amount.is_positive() {
            continue;
        }
        allocations.push(Allocation {
            sale_id,
            due: receivable.due,
            amount,
            tax: receivable.tax_of_payment(amount),
        });
        left -= amount;
    }
    let payment_id = book.counters.next_payment();
    Ok(PaymentReceived {
        payment_id,
        folio: format!("PAG-{:03}", payment_id.0),
        customer_id,
        branch_id: issued.branch,
        date: book.day(issued.at),
        amount: payment.amount,
        method: payment.method,
        register_id,
        reference: payment.reference,
        notes: payment.notes,
        allocations,
        balance: customer.balance - payment.amount,
    })
}
