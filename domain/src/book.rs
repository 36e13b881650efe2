//! The Book: all that decisions need to know of a shop, and nothing more.
//!
//! It is folded from the log; folding from event 1 and going on from a snapshot give the same Book.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, BranchId, CategoryId, Cents, CustomerId, EmployeeId, Event, ItemId, PurchaseId, Quantity,
    Rate, Refusal, RegisterId, SaleId, UnitPrice, UserId, WebhookId,
    access::Plan,
    account::{AccountFacts, CONTROL, FIRST_OWN},
    chart,
    customer::{CustomerDetails, GENERIC_RFCS, PriceTier},
    employee::Role,
    event::Recorded,
    inventory::{Moved, Shelf, movement_id},
    item::{ItemDetails, ItemKind, Prices},
    money::{DOCUMENT_CENTS_MAX, share},
    ordering::Ordering,
    payable::Payable,
    period::Periods,
    posting,
    price_list::{ListFacts, PriceLists},
    product::Products,
    register::{Direction, Totals},
    sale::{Origin, TenderKind},
    time,
};

/// The shape of a stored Book; a snapshot of another shape is not used.
pub const BOOK_VERSION: i64 = 10;

/// The tenant's own facts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TenantFacts {
    /// IANA time zone.
    pub timezone: String,
    /// Whether more may be sold than lies there.
    pub allow_negative_stock: bool,
}

/// The last number given for each kind of document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each field counts the documents of its name")]
pub struct Counters {
    pub branch: i64,
    pub employee: i64,
    pub item: i64,
    pub customer: i64,
    pub register: i64,
    pub sale: i64,
    pub returned: i64,
    pub purchase: i64,
    pub adjustment: i64,
    pub payment: i64,
    pub transfer: i64,
    pub count: i64,
    pub quotation: i64,
    pub layaway: i64,
    pub deposit: i64,
    pub vehicle: i64,
    pub category: i64,
    pub barcode: i64,
    pub account: i64,
    pub entry: i64,
    pub supplier_payment: i64,
    pub settlement: i64,
    pub key: i64,
    pub user: i64,
    pub prescription: i64,
    pub workshop_order: i64,
    pub webhook: i64,
}

macro_rules! next {
    ($($method:ident -> $id:ident from $field:ident;)+) => {
        impl Counters {$(
            /// The id of the next document of this kind.
            #[must_use]
            pub const fn $method(&self) -> crate::ids::$id {
                crate::ids::$id(self.$field + 1)
            }
        )+}
    };
}

next! {
    next_branch -> BranchId from branch;
    next_employee -> EmployeeId from employee;
    next_item -> ItemId from item;
    next_customer -> CustomerId from customer;
    next_register -> RegisterId from register;
    next_sale -> SaleId from sale;
    next_return -> ReturnId from returned;
    next_purchase -> PurchaseId from purchase;
    next_adjustment -> AdjustmentId from adjustment;
    next_payment -> PaymentId from payment;
    next_transfer -> TransferId from transfer;
    next_count -> CountId from count;
    next_quotation -> QuotationId from quotation;
    next_layaway -> LayawayId from layaway;
    next_deposit -> DepositId from deposit;
    next_vehicle -> VehicleId from vehicle;
    next_category -> CategoryId from category;
    next_supplier_payment -> SupplierPaymentId from supplier_payment;
    next_settlement -> SettlementId from settlement;
    next_key -> KeyId from key;
    next_user -> UserId from user;
    next_prescription -> PrescriptionId from prescription;
    next_workshop_order -> WorkshopOrderId from workshop_order;
    next_group -> GroupId from item;
    next_webhook -> WebhookId from webhook;
}

/// What decisions need of an employee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of EmployeeHired")]
pub struct EmployeeFacts {
    pub role: Role,
    pub max_discount_pct: Rate,
    pub is_active: bool,
}

/// What decisions need of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of ItemDetails")]
pub struct ItemFacts {
    pub sku: String,
    pub barcode: String,
    pub name: String,
    pub kind: ItemKind,
    pub is_active: bool,
    pub prices: Prices,
    pub shelf: Shelf,
}

impl ItemFacts {
    /// The tier's net price; a tier without a price of its own pays the first.
    #[must_use]
    pub const fn price_of(&self, tier: PriceTier) -> UnitPrice {
        let price = match tier {
            PriceTier::Mostrador => self.prices.price_1,
            PriceTier::Taller => self.prices.price_2,
            PriceTier::Mayoreo => self.prices.price_3,
        };
        if price.is_zero() { self.prices.price_1 } else { price }
    }
}

/// An open session of a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of RegisterOpened")]
pub struct OpenSession {
    pub register_number: i64,
    pub branch_id: BranchId,
    pub employee_id: EmployeeId,
    pub opened_at: Timestamp,
    pub totals: Totals,
}

/// What is owed on one sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receivable {
    /// When it is due.
    pub due: Date,
    /// Owed at first, less what was returned.
    pub total: Cents,
    /// The tax in it (209.01 at first); after a return, at the share of tax in what is left.
    pub tax: Cents,
    /// Paid so far.
    pub paid: Cents,
    /// The part of that tax that has moved to 208.01 so far.
    pub tax_moved: Cents,
}

impl Receivable {
    /// Still owed.
    #[must_use]
    pub fn open(&self) -> Cents {
        self.total - self.paid
    }

    /// Tax still in 209.01.
    #[must_use]
    pub fn open_tax(&self) -> Cents {
        self.tax - self.tax_moved
    }

    /// The tax that a payment collects: V·paid-so-far/G rounded, less what has moved; the last moves the rest.
    #[must_use]
    pub fn tax_of_payment(&self, amount: Cents) -> Cents {
        if amount >= self.open() {
            return self.open_tax();
        }
        share(self.tax, (self.paid + amount).0, self.total.0) - self.tax_moved
    }

    /// The tax that leaves 209.01 when goods come back that `amount` of the debt was for. What stays is the tax of
    /// the goods that are `kept` (their total and tax), in the part of them that is still owed: while nothing is paid,
    /// what came back takes its own tax along and none is collected, whatever the rates of the lines.
    #[must_use]
    pub fn tax_of_return(&self, amount: Cents, kept: (Cents, Cents)) -> Cents {
        if amount.is_zero() {
            return Cents::ZERO;
        }
        if amount >= self.open() {
            return self.open_tax();
        }
        let (total, tax) = kept;
        let stays = share(tax, (self.open() - amount).0, total.0);
        (self.open_tax() - stays).clamp(Cents::ZERO, self.open_tax())
    }

    /// Takes a return off. Lines of another rate change the share of tax in what is left, so what was collected is
    /// counted anew at that share: payments to come move what is open, and in their proportion.
    fn returned(&mut self, amount: Cents, tax: Cents) {
        if amount.is_zero() {
            return;
        }
        self.total -= amount;
        let open_tax = self.open_tax() - tax;
        self.tax = share(open_tax, self.total.0, self.open().0);
        self.tax_moved = self.tax - open_tax;
    }
}

/// What decisions need of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerFacts {
    /// The price they pay.
    pub price_tier: PriceTier,
    /// How much they may owe.
    pub credit_limit: Cents,
    /// Days until a credit sale is due.
    pub credit_days: i64,
    /// What they owe.
    pub balance: Cents,
    /// What the shop owes them (206.05).
    pub store_credit: Cents,
    /// Tax id.
    pub rfc: Option<String>,
    /// The number of an identity document.
    pub identity_number: Option<String>,
    /// Whether the shop sells to them.
    pub is_active: bool,
    /// When they were registered.
    pub registered_at: Timestamp,
    /// Open credit sales.
    pub receivables: BTreeMap<SaleId, Receivable>,
}

impl CustomerFacts {
    /// Open sales by due date, then number.
    pub fn oldest_first(&self) -> Vec<(SaleId, &Receivable)> {
        let mut open: Vec<_> = self.receivables.iter().map(|(id, receivable)| (*id, receivable)).collect();
        open.sort_by_key(|(id, receivable)| (receivable.due, *id));
        open
    }
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// The last event it has followed.
    pub position: i64,
    /// When that was recorded: the next one is not recorded before.
    pub recorded_at: Timestamp,
    /// The tenant.
    pub tenant: TenantFacts,
    /// The last numbers given.
    pub counters: Counters,
    /// Branches.
    pub branches: BTreeMap<BranchId, String>,
    /// Employees.
    pub employees: BTreeMap<EmployeeId, EmployeeFacts>,
    /// Items with their stock.
    pub items: BTreeMap<ItemId, ItemFacts>,
    /// Customers with what they owe.
    pub customers: BTreeMap<CustomerId, CustomerFacts>,
    /// Open sessions.
    pub registers: BTreeMap<RegisterId, OpenSession>,
    /// Codes in use, in capitals.
    pub skus: BTreeMap<String, ItemId>,
    /// Barcodes in use.
    pub barcodes: BTreeMap<String, ItemId>,
    /// Tax ids in use.
    pub rfcs: BTreeMap<String, CustomerId>,
    /// Identity documents, and who was the last to be given theirs.
    pub identities: BTreeMap<String, CustomerId>,
    /// Categories.
    pub categories: BTreeSet<CategoryId>,
    /// The tenant's own accounts.
    pub accounts: BTreeMap<AccountId, AccountFacts>,
    /// Accounts that have others below them.
    pub parents: BTreeSet<AccountId>,
    /// The posting map: account of the rules, type of event or all, account of the tenant.
    pub postings: Vec<(AccountId, Option<String>, AccountId)>,
    /// Addresses and names that people log in with.
    pub logins: BTreeMap<String, UserId>,
    /// What the shop has subscribed to.
    pub plan: Plan,
    /// Groups of variants.
    pub products: Products,
    /// Price lists.
    pub price_lists: PriceLists,
    /// Endpoints that are told of what happens.
    pub webhooks: BTreeSet<WebhookId>,
    /// Periods.
    pub periods: Periods,
    /// What is owed to suppliers.
    pub payables: BTreeMap<PurchaseId, Payable>,
    /// What decides on companies' orders.
    #[serde(default)]
    pub ordering: Ordering,
    #[serde(skip)]
    zone: Option<TimeZone>,
}

impl Book {
    /// The Book but for the time zone's rules, which are looked up and not kept: for comparing.
    #[must_use]
    pub fn without_zone(&self) -> Self {
        Self { zone: None, ..self.clone() }
    }

    /// The local day of an instant.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        time::local_day(at, &self.time_zone())
    }

    /// The local hour of an instant, 0 to 23.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> i8 {
        at.to_zoned(self.time_zone()).hour()
    }

    fn time_zone(&self) -> TimeZone {
        self.zone.clone().or_else(|| time::zone(&self.tenant.timezone)).unwrap_or(TimeZone::UTC)
    }

    /// An item.
    pub fn item(&self, id: ItemId) -> Result<&ItemFacts, Refusal> {
        self.items.get(&id).ok_or(Refusal::UnknownItem(id))
    }

    /// A customer that may buy.
    pub fn buyer(&self, id: CustomerId) -> Result<&CustomerFacts, Refusal> {
        let customer = self.customers.get(&id).ok_or(Refusal::UnknownCustomer(id))?;
        if customer.is_active { Ok(customer) } else { Err(Refusal::InactiveCustomer(id)) }
    }

    /// A branch's name.
    pub fn branch(&self, id: BranchId) -> Result<&str, Refusal> {
        self.branches.get(&id).map(String::as_str).ok_or(Refusal::UnknownBranch(id.0))
    }

    /// An employee who works here.
    pub fn employee(&self, id: EmployeeId) -> Result<&EmployeeFacts, Refusal> {
        self.employees.get(&id).filter(|facts| facts.is_active).ok_or(Refusal::UnknownEmployee(id.0))
    }

    /// An open session of this branch.
    pub fn open_register(&self, id: RegisterId, branch: BranchId) -> Result<&OpenSession, Refusal> {
        let session = self.registers.get(&id).ok_or(Refusal::RegisterClosed(id))?;
        if session.branch_id == branch { Ok(session) } else { Err(Refusal::ForeignRegister(id)) }
    }

    /// The session whose drawer is used: the named one, else the employee's own.
    pub fn drawer(
        &self,
        named: Option<RegisterId>,
        employee: EmployeeId,
        branch: BranchId,
    ) -> Result<RegisterId, Refusal> {
        match named {
            Some(id) => self.open_register(id, branch).map(|_| id),
            None => self.session_of(employee).map(|(id, _)| id).ok_or(Refusal::RegisterRequired),
        }
    }

    /// The session whose drawer pays `amount` out; it holds as much.
    pub fn paying_drawer(
        &self,
        named: Option<RegisterId>,
        employee: EmployeeId,
        branch: BranchId,
        amount: Cents,
    ) -> Result<RegisterId, Refusal> {
        let id = self.drawer(named, employee, branch)?;
        self.holds(id, amount)?;
        Ok(id)
    }

    /// Whether a drawer holds as much cash as is to be paid out of it.
    pub fn holds(&self, id: RegisterId, amount: Cents) -> Result<(), Refusal> {
        let available = self.registers.get(&id).map(|session| session.totals.expected()).unwrap_or_default();
        if amount > available { Err(Refusal::InsufficientCash { available, wanted: amount }) } else { Ok(()) }
    }

    /// The employee's open session.
    #[must_use]
    pub fn session_of(&self, employee: EmployeeId) -> Option<(RegisterId, &OpenSession)> {
        self.registers
            .iter()
            .find(|(_, session)| session.employee_id == employee)
            .map(|(id, session)| (*id, session))
    }

    /// Whether a code may be given to an item.
    pub fn sku_is_free(&self, sku: &str, to: Option<ItemId>) -> Result<(), Refusal> {
        match self.skus.get(&sku.to_uppercase()) {
            Some(owner) if Some(*owner) != to => Err(Refusal::DuplicateSku(sku.to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether a barcode may be given to an item.
    pub fn barcode_is_free(&self, barcode: &str, to: Option<ItemId>) -> Result<(), Refusal> {
        match self.barcodes.get(barcode) {
            Some(owner) if Some(*owner) != to => Err(Refusal::DuplicateBarcode(barcode.to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether a tax id may be given to a customer; the generic ones may repeat (N-39).
    pub fn rfc_is_free(&self, rfc: &str, to: Option<CustomerId>) -> Result<(), Refusal> {
        match self.rfcs.get(rfc) {
            Some(owner) if Some(*owner) != to => Err(Refusal::DuplicateRfc(rfc.to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether an identity document may be a patient's.
    pub fn identity_is_free(&self, number: &str, to: Option<CustomerId>) -> Result<(), Refusal> {
        match self.identities.get(number) {
            Some(owner) if Some(*owner) != to => Err(Refusal::DuplicateIdentity(number.to_owned())),
            _ => Ok(()),
        }
    }

    /// The sum of a document's amounts, refused where it is beyond what sums of documents can carry.
    pub fn document_sum(&self, amounts: impl IntoIterator<Item = Cents>) -> Result<Cents, Refusal> {
        let mut sum: i64 = 0;
        for amount in amounts {
            sum = sum.checked_add(amount.0).ok_or(Refusal::AmountTooLarge)?;
            if amount.0.abs() > DOCUMENT_CENTS_MAX || sum.abs() > DOCUMENT_CENTS_MAX {
                return Err(Refusal::AmountTooLarge);
            }
        }
        Ok(Cents(sum))
    }

    /// An account, of the chart or the tenant's own.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<AccountFacts> {
        if let Some(own) = self.accounts.get(&id) {
            return Some(own.clone());
        }
        chart::account(id).map(|account| AccountFacts {
            code: account.code.to_owned(),
            sat_code: account.code.to_owned(),
            name: account.name.to_owned(),
            nature: account.nature,
            level: chart::level(account.code),
        })
    }

    /// The account of a code.
    #[must_use]
    pub fn account_of_code(&self, code: &str) -> Option<AccountId> {
        let own = self.accounts.iter().find(|(_, account)| account.code == code).map(|(id, _)| *id);
        own.or_else(|| chart::of_code(code))
    }

    /// The id of the next account of the tenant's own.
    #[must_use]
    pub fn next_account(&self) -> AccountId {
        AccountId(FIRST_OWN + self.counters.account)
    }

    /// Whether an account takes postings: it exists and none is below it.
    pub fn postable(&self, field: &'static str, id: AccountId) -> Result<(), Refusal> {
        let account = self.account(id).ok_or(Refusal::UnknownAccount { field, account: id })?;
        if self.parents.contains(&id) || chart::is_group(id) {
            return Err(Refusal::NotPostable { field, code: account.code });
        }
        Ok(())
    }

    /// Whether an account is nobody's sub-ledger's, so that it may be posted to by other hands.
    pub fn uncontrolled(&self, field: &'static str, id: AccountId) -> Result<(), Refusal> {
        match self.account(id).filter(|_| CONTROL.contains(&id)) {
            Some(account) => Err(Refusal::ControlAccount { field, code: account.code }),
            None => Ok(()),
        }
    }

    /// Whether an account may be posted to by hand: no sub-ledger stands behind it, nor is it mapped to in the place
    /// of one that has one.
    pub fn open_to_hands(&self, field: &'static str, id: AccountId) -> Result<(), Refusal> {
        self.uncontrolled(field, id)?;
        let stands_in = self.postings.iter().any(|(from, _, to)| *to == id && CONTROL.contains(from));
        // An account under one of them is told to SAT as a part of it.
        let of_one = |sat_code: &str| {
            CONTROL.iter().filter_map(|id| chart::account(*id)).any(|account| account.code == sat_code)
        };
        match self.account(id).filter(|account| stands_in || of_one(&account.sat_code)) {
            Some(account) => Err(Refusal::ControlAccount { field, code: account.code }),
            None => Ok(()),
        }
    }

    /// The posting map as far as it concerns an event.
    #[must_use]
    pub fn accounts_for(&self, event: &Event) -> Vec<(AccountId, AccountId)> {
        if self.postings.is_empty() {
            return Vec::new();
        }
        // A rule for this type of event goes before one for all.
        let mine = |of: &Option<String>| of.as_deref().is_none_or(|name| name == event.name());
        let mut found: Vec<_> = self.postings.iter().filter(|(_, of, _)| mine(of)).collect();
        found.sort_by_key(|(from, of, _)| (*from, of.is_none()));
        found.dedup_by_key(|(from, _, _)| *from);
        found.into_iter().map(|(from, _, to)| (*from, *to)).collect()
    }

    /// Whether the periods that an event posts into take it.
    ///
    /// # Errors
    /// One of them is closed.
    pub fn admit(&self, event: &Event) -> Result<(), Refusal> {
        if matches!(event, Event::PeriodClosed(_)) {
            return Ok(());
        }
        // A rule that does not balance stops the journal, loudly; it is no matter of periods.
        for entry in posting::entries(event, &[]).unwrap_or_default() {
            if self.periods.is_closed(entry.period()) {
                return Err(Refusal::PeriodClosed(entry.period()));
            }
        }
        Ok(())
    }

    /// Follows an event of the log.
    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
    pub fn apply(&mut self, recorded: &Recorded) {
        self.position = recorded.position;
        self.recorded_at = recorded.recorded_at;
        let at = recorded.position;
        self.note_periods(recorded);
        match &recorded.event {
            Event::TenantCreated(event) => {
                self.tenant = TenantFacts {
                    timezone: event.timezone.clone(),
                    allow_negative_stock: event.allow_negative_stock,
                };
                self.zone = time::zone(&event.timezone);
            }
            Event::BranchOpened(event) => {
                self.counters.branch = event.branch_id.0;
                self.branches.insert(event.branch_id, event.name.clone());
            }
            Event::EmployeeHired(event) => {
                self.counters.employee = event.employee_id.0;
                let (role, max_discount_pct) = (event.role, event.max_discount_pct);
                let facts = EmployeeFacts { role, max_discount_pct, is_active: true };
                self.employees.insert(event.employee_id, facts);
            }
            Event::EmployeeUpdated(event) => {
                let (role, max_discount_pct) = (event.role, event.max_discount_pct);
                let facts = EmployeeFacts { role, max_discount_pct, is_active: event.is_active };
                self.employees.insert(event.employee_id, facts);
            }
            Event::ItemCreated(event) => {
                self.counters.item = event.item_id.0;
                self.item_created(event, at);
            }
            Event::ItemUpdated(event) => {
                self.item_details(event.item_id, &event.details);
                if let (Some(item), Some(cost)) = (self.items.get_mut(&event.item_id), event.cost) {
                    item.shelf.average_cost = cost;
                }
            }
            Event::PriceChanged(event) => {
                if let Some(item) = self.items.get_mut(&event.item_id) {
                    item.prices = event.prices;
                }
            }
            Event::PurchaseRecorded(event) => {
                self.counters.purchase = event.purchase_id.0;
                self.purchased(event);
                for (number, line) in event.lines.iter().enumerate() {
                    self.stock(line.item_id, event.branch_id, line.quantity, Some(&line.moved), at, number);
                }
            }
            Event::StockAdjusted(event) => {
                self.counters.adjustment = event.adjustment_id.0;
                for (number, line) in event.lines.iter().enumerate() {
                    self.stock(line.item_id, event.branch_id, line.quantity, Some(&line.moved), at, number);
                }
            }
            Event::SaleCompleted(event) => self.sale_completed(event, at),
            Event::SaleCancelled(event) => self.sale_cancelled(event, at),
            Event::GoodsReturned(event) => self.goods_returned(event, at),
            Event::RegisterOpened(event) => self.register_opened(event, recorded.occurred_at),
            Event::CashMoved(event) => self.cash_moved(event),
            Event::RegisterCut(event) => {
                self.registers.remove(&event.register_id);
            }
            Event::CustomerRegistered(event) => self.customer_registered(event, recorded.occurred_at),
            Event::CustomerUpdated(event) => {
                self.customer_details(event.customer_id, &event.details);
                if let Some(customer) = self.customers.get_mut(&event.customer_id) {
                    customer.is_active = event.is_active;
                }
            }
            Event::PaymentReceived(event) => self.payment_received(event),
            Event::VehicleAdded(event) => self.counters.vehicle = event.vehicle_id.0,
            Event::StockTransferred(event) => self.stock_transferred(event, at),
            Event::TransferReceived(event) => self.transfer_received(event, at),
            Event::CountStarted(event) => self.counters.count = event.count_id.0,
            Event::CountApproved(event) => {
                for (number, line) in event.lines.iter().enumerate() {
                    self.stock(line.item_id, event.branch_id, line.quantity, Some(&line.moved), at, number);
                }
            }
            Event::CategoryCreated(event) => {
                self.counters.category = event.category_id.0;
                self.categories.insert(event.category_id);
            }
            Event::BarcodeIssued(event) => self.counters.barcode = event.number,
            Event::QuotationCreated(event) => self.counters.quotation = event.quotation_id.0,
            Event::LayawayCreated(event) => self.layaway_created(event),
            Event::DepositReceived(event) => self.deposited(event.customer_id, &event.deposit),
            Event::LayawayCancelled(event) => self.layaway_cancelled(event),
            Event::AccountCreated(event) => self.account_created(event),
            Event::PostingMapped(event) => self.posting_mapped(event),
            Event::EntryPosted(event) => self.counters.entry = event.number,
            Event::PeriodClosed(event) => self.periods.close(event.period),
            Event::SupplierPaid(event) => self.supplier_paid(event),
            Event::CardsSettled(event) => self.counters.settlement = event.settlement_id.0,
            Event::KeyIssued(event) => self.counters.key = event.key_id.0,
            Event::UserCreated(event) => {
                self.counters.user = event.user_id.0;
                self.logins.insert(event.email.clone(), event.user_id);
                self.logins.insert(event.username.clone(), event.user_id);
            }
            Event::PlanChanged(event) => self.plan = event.plan,
            Event::PrescriptionRecorded(event) => self.counters.prescription = event.prescription_id.0,
            Event::WorkshopOpened(event) => self.counters.workshop_order = event.order_id.0,
            Event::GroupCreated(event) => {
                // Groups and items are numbered in one sequence.
                self.counters.item = event.group_id.0;
                self.products.put_details(event.group_id, &event.details);
            }
            Event::GroupUpdated(event) => self.products.put_details(event.group_id, &event.details),
            Event::ItemGrouped(event) => self.products.put_item(event),
            Event::PriceListCreated(event) => {
                let facts = ListFacts {
                    descripcion: event.descripcion.clone(),
                    is_base: event.is_base,
                    variacion: event.variacion,
                    is_active: true,
                };
                self.price_lists.lists.insert(event.list_id, facts);
            }
            Event::PriceListUpdated(event) => {
                let facts = ListFacts {
                    descripcion: event.descripcion.clone(),
                    is_base: event.is_base,
                    variacion: event.variacion,
                    is_active: event.is_active,
                };
                self.price_lists.lists.insert(event.list_id, facts);
            }
            Event::AdditionalPriceSet(event) => self.price_lists.put_additional(event),
            Event::OrderPlaced(event) => {
                self.ordering.apply(&recorded.event);
                for (item, quantity) in event.reserved() {
                    self.reserve(item, event.branch_id, quantity);
                }
            }
            Event::OrderCancelled(event) => {
                for (item, quantity) in &event.released {
                    self.reserve(*item, event.branch_id, -*quantity);
                }
            }
            Event::AddressCreated(_)
            | Event::CompanyPriceSet(_)
            | Event::ItemOrderingSet(_)
            | Event::OrderingChanged(_) => self.ordering.apply(&recorded.event),
            Event::WebhookCreated(event) => {
                self.counters.webhook = event.webhook_id.0;
                self.webhooks.insert(event.webhook_id);
            }
            Event::WebhookDeleted(event) => {
                self.webhooks.remove(&event.webhook_id);
            }
            Event::VehicleRemoved(_)
            | Event::CustomerSignedUp(_)
            | Event::AddressEdited(_)
            | Event::AddressDeleted(_)
            | Event::FavouriteToggled(_)
            | Event::OrderConfirmed(_)
            | Event::KeyRevoked(_)
            | Event::PasswordChanged(_)
            | Event::PinChanged(_)
            | Event::WorkshopReady(_)
            | Event::WebhookUpdated(_)
            | Event::WebhookSecretRotated(_)
            | Event::WebhookDisabled(_)
            | Event::WebhookEnabled(_)
            | Event::WebhookReplayRequested(_)
            | Event::QuotationConverted(_)
            | Event::QuotationCancelled(_)
            | Event::LayawayCompleted(_) => {}
        }
    }

    fn posting_mapped(&mut self, event: &crate::account::PostingMapped) {
        self.postings.retain(|(from, of, _)| *from != event.account_id || *of != event.event_type);
        if let Some(to) = event.to {
            self.postings.push((event.account_id, event.event_type.clone(), to));
        }
    }

    fn note_periods(&mut self, recorded: &Recorded) {
        for entry in posting::entries(&recorded.event, &[]).unwrap_or_default() {
            self.periods.post(entry.period(), recorded.position);
        }
    }

    fn register_opened(&mut self, event: &crate::register::RegisterOpened, at: Timestamp) {
        self.counters.register = event.register_id.0;
        let session = OpenSession {
            register_number: event.register_number,
            branch_id: event.branch_id,
            employee_id: event.employee_id,
            opened_at: at,
            totals: Totals { opening: event.opening, ..Totals::default() },
        };
        self.registers.insert(event.register_id, session);
    }

    fn cash_moved(&mut self, event: &crate::register::CashMoved) {
        if let Some(session) = self.registers.get_mut(&event.register_id) {
            match event.direction {
                Direction::In => session.totals.movements_in += event.amount,
                Direction::Out => session.totals.movements_out += event.amount,
            }
        }
    }

    fn customer_registered(&mut self, event: &crate::customer::CustomerRegistered, at: Timestamp) {
        self.counters.customer = event.customer_id.0;
        let facts = CustomerFacts { is_active: true, registered_at: at, ..CustomerFacts::default() };
        self.customers.insert(event.customer_id, facts);
        self.customer_details(event.customer_id, &event.details);
    }

    fn transfer_received(&mut self, event: &crate::transfer::TransferReceived, at: i64) {
        for (number, line) in event.lines.iter().enumerate() {
            if let Some(item) = self.items.get_mut(&line.item_id) {
                item.shelf.dispatch(event.branch_id, -line.sent, -line.sent_value);
            }
            self.stock(line.item_id, event.branch_id, line.received, Some(&line.moved), at, number);
        }
    }

    fn layaway_created(&mut self, event: &crate::layaway::LayawayCreated) {
        self.counters.layaway = event.layaway_id.0;
        for line in event.lines.iter().filter(|line| line.reserves) {
            self.reserve(line.line.item_id, event.branch_id, line.line.quantity);
        }
        if let Some(deposit) = &event.deposit {
            self.deposited(event.customer_id, deposit);
        }
    }

    fn layaway_cancelled(&mut self, event: &crate::layaway::LayawayCancelled) {
        for (item, quantity) in &event.released {
            self.reserve(*item, event.branch_id, -*quantity);
        }
        if event.method == TenderKind::StoreCredit
            && let Some(customer) = self.customers.get_mut(&event.customer_id)
        {
            customer.store_credit += event.refunded;
        }
        if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.movements_out += event.refunded;
        }
    }

    fn account_created(&mut self, event: &crate::account::AccountCreated) {
        self.counters.account += 1;
        self.parents.insert(event.parent_id);
        let facts = AccountFacts {
            code: event.code.clone(),
            sat_code: event.sat_code.clone(),
            name: event.name.clone(),
            nature: event.nature,
            level: event.level,
        };
        self.accounts.insert(event.account_id, facts);
    }

    fn purchased(&mut self, event: &crate::purchase::PurchaseRecorded) {
        if event.paid_by.is_none() && event.total.is_positive() {
            let payable =
                Payable { total: event.total, tax: event.tax, paid: Cents::ZERO, tax_moved: Cents::ZERO };
            self.payables.insert(event.purchase_id, payable);
        } else if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.movements_out += event.total;
        }
    }

    fn supplier_paid(&mut self, event: &crate::payable::SupplierPaid) {
        self.counters.supplier_payment = event.payment_id.0;
        if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.movements_out += event.amount;
        }
        let Some(payable) = self.payables.get_mut(&event.purchase_id) else { return };
        payable.paid += event.amount;
        payable.tax_moved += event.tax;
        if payable.open().is_zero() {
            self.payables.remove(&event.purchase_id);
        }
    }

    fn customer_details(&mut self, id: CustomerId, details: &CustomerDetails) {
        let Some(customer) = self.customers.get_mut(&id) else { return };
        if let Some(old) = &customer.rfc {
            self.rfcs.remove(old);
        }
        if let Some(rfc) = details.rfc.as_ref().filter(|rfc| !GENERIC_RFCS.contains(&rfc.as_str())) {
            self.rfcs.insert(rfc.clone(), id);
        }
        if let Some(old) =
            customer.identity_number.as_ref().filter(|old| self.identities.get(*old) == Some(&id))
        {
            self.identities.remove(old);
        }
        if let Some(number) = &details.person.identity_number {
            self.identities.insert(number.clone(), id);
        }
        customer.identity_number.clone_from(&details.person.identity_number);
        customer.price_tier = details.price_tier;
        customer.credit_limit = details.credit_limit;
        customer.credit_days = details.credit_days;
        customer.rfc.clone_from(&details.rfc);
    }

    fn reserve(&mut self, item: ItemId, branch: BranchId, quantity: Quantity) {
        if let Some(item) = self.items.get_mut(&item) {
            item.shelf.reserve(branch, quantity);
        }
    }

    fn deposited(&mut self, customer: CustomerId, deposit: &crate::layaway::Deposit) {
        self.counters.deposit = deposit.deposit_id.0;
        if let Some(session) = deposit.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.movements_in += deposit.amount;
        }
        if deposit.method == TenderKind::StoreCredit
            && let Some(customer) = self.customers.get_mut(&customer)
        {
            customer.store_credit -= deposit.amount;
        }
    }

    fn stock_transferred(&mut self, event: &crate::transfer::StockTransferred, at: i64) {
        self.counters.transfer = event.transfer_id.0;
        for (number, line) in event.lines.iter().enumerate() {
            self.stock(line.item_id, event.from, -line.quantity, Some(&line.sent), at, number * 2);
            if let Some(arrived) = &line.arrived {
                self.stock(line.item_id, event.to, line.quantity, Some(arrived), at, number * 2 + 1);
            } else if let Some(item) = self.items.get_mut(&line.item_id) {
                item.shelf.dispatch(event.to, line.quantity, line.value());
            }
        }
    }

    fn item_created(&mut self, event: &crate::item::ItemCreated, at: i64) {
        let facts = ItemFacts {
            sku: String::new(),
            barcode: String::new(),
            name: String::new(),
            kind: event.details.kind,
            is_active: true,
            prices: event.prices,
            shelf: Shelf { average_cost: event.cost, ..Shelf::default() },
        };
        self.items.insert(event.item_id, facts);
        self.item_details(event.item_id, &event.details);
        if let Some(opening) = &event.opening {
            self.stock(event.item_id, event.details.branch_id, opening.quantity, Some(&opening.moved), at, 0);
        }
    }

    fn item_details(&mut self, id: ItemId, details: &ItemDetails) {
        let Some(item) = self.items.get_mut(&id) else { return };
        self.skus.remove(&item.sku.to_uppercase());
        self.barcodes.remove(&item.barcode);
        self.skus.insert(details.sku.to_uppercase(), id);
        self.barcodes.insert(details.barcode.clone(), id);
        item.sku.clone_from(&details.sku);
        item.barcode.clone_from(&details.barcode);
        item.name.clone_from(&details.name);
        item.kind = details.kind;
        item.is_active = details.is_active;
    }

    fn stock(
        &mut self,
        item: ItemId,
        branch: BranchId,
        quantity: crate::Quantity,
        moved: Option<&Moved>,
        position: i64,
        line: usize,
    ) {
        if let (Some(item), Some(moved)) = (self.items.get_mut(&item), moved) {
            item.shelf.apply(branch, quantity, moved, movement_id(position, line));
        }
    }

    fn sale_completed(&mut self, event: &crate::sale::SaleCompleted, at: i64) {
        self.counters.sale = event.sale_id.0;
        for (number, line) in event.lines.iter().enumerate() {
            self.stock(line.item_id, event.branch_id, -line.quantity, line.moved.as_ref(), at, number);
            if line.moved.is_some() && event.origin.as_ref().is_some_and(Origin::was_reserved) {
                self.reserve(line.item_id, event.branch_id, -line.quantity);
            }
        }
        if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.count_sale(&event.tenders, event.on_credit, 1);
        }
        let Some(customer) = event.customer_id.and_then(|id| self.customers.get_mut(&id)) else { return };
        customer.store_credit -= tendered(&event.tenders, TenderKind::StoreCredit);
        if let Some(due) = event.due {
            customer.balance += event.on_credit;
            let receivable = Receivable {
                due,
                total: event.on_credit,
                tax: event.tax_on_credit,
                paid: Cents::ZERO,
                tax_moved: Cents::ZERO,
            };
            customer.receivables.insert(event.sale_id, receivable);
        }
    }

    fn sale_cancelled(&mut self, event: &crate::sale::SaleCancelled, at: i64) {
        for (number, line) in event.lines.iter().enumerate() {
            self.stock(line.item_id, event.branch_id, line.quantity, line.moved.as_ref(), at, number);
        }
        if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            if event.same_session {
                session.totals.count_sale(&event.tenders, event.on_credit, -1);
            } else {
                session.totals.movements_out += tendered(&event.tenders, TenderKind::Cash);
            }
        }
        if let Some(customer) = event.customer_id.and_then(|id| self.customers.get_mut(&id)) {
            customer.balance -= event.on_credit;
            customer.store_credit += tendered(&event.tenders, TenderKind::StoreCredit);
            customer.receivables.remove(&event.sale_id);
        }
    }

    fn goods_returned(&mut self, event: &crate::returns::GoodsReturned, at: i64) {
        self.counters.returned = event.return_id.0;
        for (number, line) in event.lines.iter().enumerate() {
            self.stock(line.item_id, event.branch_id, line.quantity, line.moved.as_ref(), at, number);
        }
        if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.movements_out += event.refund.cash;
        }
        let Some(customer) = event.customer_id.and_then(|id| self.customers.get_mut(&id)) else { return };
        customer.balance -= event.refund.receivable;
        customer.store_credit += event.refund.store_credit;
        let Some(sale_id) = event.sale_id else { return };
        if let Some(receivable) = customer.receivables.get_mut(&sale_id) {
            receivable.returned(event.refund.receivable, event.refund.receivable_tax);
            if receivable.open().is_zero() {
                customer.receivables.remove(&sale_id);
            }
        }
    }

    fn payment_received(&mut self, event: &crate::customer::PaymentReceived) {
        self.counters.payment = event.payment_id.0;
        if let Some(session) = event.register_id.and_then(|id| self.registers.get_mut(&id)) {
            session.totals.movements_in += event.amount;
        }
        let Some(customer) = self.customers.get_mut(&event.customer_id) else { return };
        customer.balance -= event.amount;
        for allocation in &event.allocations {
            let Some(receivable) = customer.receivables.get_mut(&allocation.sale_id) else { continue };
            receivable.paid += allocation.amount;
            receivable.tax_moved += allocation.tax;
            if receivable.open().is_zero() {
                customer.receivables.remove(&allocation.sale_id);
            }
        }
    }
}

/// What of some tenders is of one kind.
#[must_use]
pub fn tendered(tenders: &[crate::sale::Tender], kind: TenderKind) -> Cents {
    tenders.iter().filter(|tender| tender.kind == kind).map(|tender| tender.amount).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_sale_paid_in_three_uneven_parts_moves_its_tax_exactly() {
        let mut receivable = Receivable {
            due: Date::constant(2026, 5, 1),
            total: Cents(116_000),
            tax: Cents(16_000),
            paid: Cents::ZERO,
            tax_moved: Cents::ZERO,
        };
        let mut moved = Vec::new();
        for amount in [Cents(33_333), Cents(50_001), Cents(32_666)] {
            let tax = receivable.tax_of_payment(amount);
            receivable.paid += amount;
            receivable.tax_moved += tax;
            moved.push(tax);
        }
        assert_eq!(moved, [Cents(4_598), Cents(6_896), Cents(4_506)]);
        assert!(receivable.open().is_zero() && receivable.open_tax().is_zero());
    }
}
