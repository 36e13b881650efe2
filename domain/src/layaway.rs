//! Layaways: goods set aside against deposits. The goods are promised at once and leave when the layaway is
//! complete (N-16, N-17); the tax is collected with each deposit (LIVA art. 1-B).

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, CustomerId, DepositId, EmployeeId, Event, LayawayId, Quantity, Refusal,
    RegisterId, SaleId,
    command::Issued,
    document::Document,
    inventory::Desk,
    money::share,
    pricing::{self, LineWanted, PricedLine, Sums, is_stocked},
    returns::RefundMethod,
    sale::{Origin, SaleCompleted, SaleLine, SaleType, Tender, TenderKind, folio},
};

/// Days until a layaway is due when nothing is agreed.
const DUE_DAYS: i64 = 30;

/// Money that was paid into a layaway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// The payment.
    pub deposit_id: DepositId,
    /// Local day.
    pub date: Date,
    /// Where.
    pub branch_id: BranchId,
    /// How much, tax included.
    pub amount: Cents,
    /// The tax in it (208.01); the rest lies in 206.01.
    pub tax: Cents,
    /// By what means.
    pub method: TenderKind,
    /// The session whose drawer took the cash.
    pub register_id: Option<RegisterId>,
    /// The bank's or terminal's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Goods were set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayawayCreated {
    /// The layaway.
    pub layaway_id: LayawayId,
    /// Its folio, `A-0001`.
    pub folio: String,
    /// Local day.
    pub date: Date,
    /// When it should be paid.
    pub due: Date,
    /// Where the goods lie.
    pub branch_id: BranchId,
    /// Who set them aside.
    pub employee_id: EmployeeId,
    /// For whom.
    pub customer_id: CustomerId,
    /// What was set aside.
    pub lines: Vec<LayawayLine>,
    /// What the lines add up to.
    pub sums: Sums,
    /// The down payment, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Deposit>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A line that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayawayLine {
    /// What, at which price.
    pub line: PricedLine,
    /// Whether goods of a shelf are promised; a service promises none.
    pub reserves: bool,
}

/// Money was paid into a layaway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositReceived {
    /// The layaway.
    pub layaway_id: LayawayId,
    /// Its folio.
    pub folio: String,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The money.
    pub deposit: Deposit,
    /// Paid so far.
    pub paid: Cents,
    /// Still to be paid.
    pub balance: Cents,
}

/// A layaway was paid and its goods handed over: the sale is an event of its own, before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayawayCompleted {
    /// The layaway.
    pub layaway_id: LayawayId,
    /// The sale.
    pub sale_id: SaleId,
}

/// A layaway was given up: the goods are free again and the money goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayawayCancelled {
    /// The layaway.
    pub layaway_id: LayawayId,
    /// Its folio.
    pub folio: String,
    /// Local day.
    pub date: Date,
    /// Where the goods lie.
    pub branch_id: BranchId,
    /// Who cancelled.
    pub employee_id: EmployeeId,
    /// Whose it was.
    pub customer_id: CustomerId,
    /// Goods that are free again.
    pub released: Vec<(crate::ItemId, Quantity)>,
    /// Paid in all.
    pub paid: Cents,
    /// The tax in it.
    pub tax: Cents,
    /// What the shop keeps (403.01).
    pub penalty: Cents,
    /// What goes back.
    pub refunded: Cents,
    /// By what means.
    pub method: TenderKind,
    /// The session whose drawer paid cash back.
    pub register_id: Option<RegisterId>,
    /// Why.
    pub reason: String,
}

/// A payment as it is asked for.
#[derive(Clone, Debug)]
pub struct DepositWanted {
    /// How much.
    pub amount: Cents,
    /// By what means.
    pub method: TenderKind,
    /// The drawer for cash; needed then.
    pub register_id: Option<RegisterId>,
    /// The bank's or terminal's reference.
    pub reference: Option<String>,
}

/// Sets goods aside.
#[derive(Clone, Debug)]
pub struct CreateLayaway {
    /// What.
    pub lines: Vec<LineWanted>,
    /// For whom.
    pub customer_id: CustomerId,
    /// The down payment; nothing of it where the amount is 0.
    pub deposit: Option<DepositWanted>,
    /// When it should be paid; in thirty days where absent.
    pub due: Option<Date>,
    /// Free text.
    pub notes: Option<String>,
}

/// Gives a layaway up.
#[derive(Clone, Debug)]
pub struct CancelLayaway {
    /// Why.
    pub reason: String,
    /// How the money goes back; store credit where absent.
    pub refund_method: Option<RefundMethod>,
    /// What the shop keeps.
    pub penalty: Cents,
    /// The drawer for cash; the employee's own session where absent.
    pub register_id: Option<RegisterId>,
}

/// A command to a layaway.
#[derive(Clone, Debug)]
pub enum LayawayCommand {
    /// Sets goods aside.
    Create(CreateLayaway),
    /// Takes a payment.
    Pay(LayawayId, DepositWanted),
    /// Hands the goods over.
    Complete(LayawayId),
    /// Gives it up.
    Cancel(LayawayId, CancelLayaway),
}

/// Where a layaway stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayawayStatus {
    /// The goods are set aside, whether or not all is paid.
    #[default]
    Active,
    /// The goods were handed over.
    Completed(SaleId),
    /// It was given up.
    Cancelled,
}

impl LayawayStatus {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Completed(_) => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The layaway as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Layaway {
    /// As it was created.
    pub created: Option<LayawayCreated>,
    /// What was paid into it.
    pub deposits: Vec<Deposit>,
    /// Where it stands.
    pub status: LayawayStatus,
}

impl Document for Layaway {
    const TYPE: &'static str = "layaway";
    type Command = LayawayCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match &issued.command {
            LayawayCommand::Create(wanted) => vec![create(&issued, wanted, book)?.into()],
            LayawayCommand::Pay(id, wanted) => vec![self.pay(&issued, *id, wanted, book)?.into()],
            LayawayCommand::Complete(id) => {
                let sale = self.complete(&issued, *id, book)?;
                let completed = LayawayCompleted { layaway_id: *id, sale_id: sale.sale_id };
                vec![sale.into(), completed.into()]
            }
            LayawayCommand::Cancel(id, wanted) => vec![self.cancel(&issued, *id, wanted, book)?.into()],
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a layaway's stream")]
        match event {
            Event::LayawayCreated(event) => {
                self.deposits = event.deposit.clone().into_iter().collect();
                self.created = Some(*event);
            }
            Event::DepositReceived(event) => self.deposits.push(event.deposit),
            Event::LayawayCompleted(event) => self.status = LayawayStatus::Completed(event.sale_id),
            Event::LayawayCancelled(_) => self.status = LayawayStatus::Cancelled,
            _ => {}
        }
    }
}

fn create<C>(issued: &Issued<C>, wanted: &CreateLayaway, book: &Book) -> Result<LayawayCreated, Refusal> {
    book.branch(issued.branch)?;
    let customer = book.buyer(wanted.customer_id)?;
    let priced = pricing::price(issued, &wanted.lines, customer.price_tier, book)?;
    let sums = Sums::of(&priced, book)?;
    let date = book.day(issued.at);
    let due = match wanted.due {
        Some(due) if due < date => {
            return Err(Refusal::Invalid { field: "due_date", rule: "today or later" });
        }
        Some(due) => due,
        None => date.checked_add(Span::new().days(DUE_DAYS)).unwrap_or(date),
    };
    let mut desk = Desk::new(book);
    let mut lines = Vec::with_capacity(priced.len());
    for line in priced {
        let reserves = is_stocked(book, line.item_id)?;
        if reserves {
            desk.reserve(line.item_id, issued.branch, line.quantity)?;
        }
        lines.push(LayawayLine { line, reserves });
    }
    let layaway_id = book.counters.next_layaway();
    let deposit = match wanted.deposit.as_ref().filter(|deposit| !deposit.amount.is_zero()) {
        Some(deposit) => Some(take(issued, deposit, "down_payment", wanted.customer_id, sums, &[], book)?),
        None => None,
    };
    Ok(LayawayCreated {
        layaway_id,
        folio: format!("A-{:04}", layaway_id.0),
        date,
        due,
        branch_id: issued.branch,
        employee_id: issued.by,
        customer_id: wanted.customer_id,
        lines,
        sums,
        deposit,
        notes: wanted.notes.clone(),
    })
}

fn paid(deposits: &[Deposit]) -> (Cents, Cents) {
    (deposits.iter().map(|d| d.amount).sum(), deposits.iter().map(|d| d.tax).sum())
}

/// Takes a payment: the tax that it collects is its cumulative share, and the last payment takes the rest.
fn take<C>(
    issued: &Issued<C>,
    wanted: &DepositWanted,
    field: &'static str,
    customer: CustomerId,
    sums: Sums,
    before: &[Deposit],
    book: &Book,
) -> Result<Deposit, Refusal> {
    if !wanted.amount.is_positive() {
        return Err(Refusal::Invalid { field, rule: "more than 0" });
    }
    wanted.method.handed_over("payment_method")?;
    let (paid, tax_paid) = paid(before);
    let balance = sums.total - paid;
    if wanted.amount > balance {
        return Err(Refusal::DepositExceedsBalance { field, balance, amount: wanted.amount });
    }
    if let Some(id) = wanted.register_id {
        book.open_register(id, issued.branch)?;
    }
    let register_id = match wanted.method {
        TenderKind::Cash => Some(wanted.register_id.ok_or(Refusal::RegisterRequired)?),
        TenderKind::Card | TenderKind::Transfer | TenderKind::Deposit => None,
        TenderKind::StoreCredit => {
            let available = book.customers.get(&customer).map(|c| c.store_credit).unwrap_or_default();
            if wanted.amount > available {
                return Err(Refusal::InsufficientStoreCredit { field, available, wanted: wanted.amount });
            }
            None
        }
    };
    Ok(Deposit {
        deposit_id: book.counters.next_deposit(),
        date: book.day(issued.at),
        branch_id: issued.branch,
        amount: wanted.amount,
        tax: share(sums.tax, (paid + wanted.amount).0, sums.total.0) - tax_paid,
        method: wanted.method,
        register_id,
        reference: wanted.reference.clone(),
    })
}

impl Layaway {
    /// Paid so far, tax included.
    #[must_use]
    pub fn paid(&self) -> Cents {
        paid(&self.deposits).0
    }

    fn active(&self, id: LayawayId) -> Result<&LayawayCreated, Refusal> {
        let layaway = self.created.as_ref().ok_or(Refusal::UnknownLayaway(id))?;
        match self.status {
            LayawayStatus::Active => Ok(layaway),
            LayawayStatus::Completed(sale) => Err(Refusal::LayawayCompleted { layaway: id, sale }),
            LayawayStatus::Cancelled => Err(Refusal::LayawayCancelled(id)),
        }
    }

    fn pay<C>(
        &self,
        issued: &Issued<C>,
        id: LayawayId,
        wanted: &DepositWanted,
        book: &Book,
    ) -> Result<DepositReceived, Refusal> {
        let layaway = self.active(id)?;
        let deposit =
            take(issued, wanted, "amount", layaway.customer_id, layaway.sums, &self.deposits, book)?;
        let paid = self.paid() + deposit.amount;
        Ok(DepositReceived {
            layaway_id: id,
            folio: layaway.folio.clone(),
            customer_id: layaway.customer_id,
            deposit,
            paid,
            balance: layaway.sums.total - paid,
        })
    }

    fn complete<C>(&self, issued: &Issued<C>, id: LayawayId, book: &Book) -> Result<SaleCompleted, Refusal> {
        let layaway = self.active(id)?;
        let (paid, tax_deposited) = paid(&self.deposits);
        let Sums { net, tax, total } = layaway.sums;
        if paid != total {
            return Err(Refusal::LayawayUnpaid { layaway: id, balance: total - paid });
        }
        let mut desk = Desk::new(book);
        let mut lines = Vec::with_capacity(layaway.lines.len());
        for (number, LayawayLine { line, reserves }) in layaway.lines.iter().enumerate() {
            let moved = match reserves {
                true => Some(desk.write_off(number, line.item_id, layaway.branch_id, line.quantity)?),
                false => None,
            };
            lines.push(SaleLine::of(line.clone(), moved));
        }
        let sale_id = book.counters.next_sale();
        let tender = Tender { kind: TenderKind::Deposit, amount: total, reference: None, brand: None };
        Ok(SaleCompleted {
            sale_id,
            folio: folio(sale_id),
            date: book.day(issued.at),
            hour: book.hour(issued.at),
            branch_id: layaway.branch_id,
            employee_id: issued.by,
            customer_id: Some(layaway.customer_id),
            register_id: book.session_of(issued.by).map(|(session, _)| session),
            sale_type: SaleType::Cash,
            lines,
            tenders: if total.is_zero() { Vec::new() } else { vec![tender] },
            net,
            tax,
            total,
            paid: total,
            change: Cents::ZERO,
            on_credit: Cents::ZERO,
            tax_on_credit: Cents::ZERO,
            due: None,
            notes: layaway.notes.clone(),
            origin: Some(Origin::Layaway { layaway_id: id, tax: tax_deposited }),
        })
    }

    fn cancel<C>(
        &self,
        issued: &Issued<C>,
        id: LayawayId,
        wanted: &CancelLayaway,
        book: &Book,
    ) -> Result<LayawayCancelled, Refusal> {
        let layaway = self.active(id)?;
        if wanted.reason.trim().is_empty() {
            return Err(Refusal::Invalid { field: "reason", rule: "not empty" });
        }
        let (paid, tax) = paid(&self.deposits);
        if wanted.penalty.is_negative() || wanted.penalty > paid {
            return Err(Refusal::Invalid { field: "penalty", rule: "between 0 and what was paid" });
        }
        let refunded = paid - wanted.penalty;
        let method = match wanted.refund_method {
            None | Some(RefundMethod::StoreCredit) => TenderKind::StoreCredit,
            Some(RefundMethod::Tender(kind)) => kind,
        };
        if let Some(id) = wanted.register_id {
            book.open_register(id, issued.branch)?;
        }
        let register_id = match method {
            TenderKind::Cash if refunded.is_positive() => {
                Some(book.paying_drawer(wanted.register_id, issued.by, issued.branch, refunded)?)
            }
            TenderKind::Cash
            | TenderKind::Card
            | TenderKind::Transfer
            | TenderKind::StoreCredit
            | TenderKind::Deposit => None,
        };
        let reserved = layaway.lines.iter().filter(|line| line.reserves);
        Ok(LayawayCancelled {
            layaway_id: id,
            folio: layaway.folio.clone(),
            date: book.day(issued.at),
            branch_id: layaway.branch_id,
            employee_id: issued.by,
            customer_id: layaway.customer_id,
            released: reserved.map(|line| (line.line.item_id, line.line.quantity)).collect(),
            paid,
            tax,
            penalty: wanted.penalty,
            refunded,
            method,
            register_id,
            reason: wanted.reason.clone(),
        })
    }
}
