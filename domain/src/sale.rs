//! Sales: what is sold, how it is paid, and the cancellation that mirrors it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, CustomerId, EmployeeId, Event, ItemId, LayawayId, OrderId, Quantity, QuotationId,
    Rate, Refusal, RegisterId, SaleId, UnitPrice,
    book::tendered,
    command::Issued,
    customer::PriceTier,
    document::Document,
    inventory::{Desk, Moved},
    item::ItemKind,
    money::share,
    pricing::{self, LineWanted, PricedLine, Sums},
    returns::{self, GoodsReturned, ReturnGoods},
};

/// How the money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins (efectivo).
    Cash,
    /// Card (tarjeta).
    Card,
    /// Bank transfer (transferencia); YAPE, PLIN and SPEI are brands of it (L-11).
    Transfer,
    /// What the shop owes the customer (saldo a favor, 206.05).
    StoreCredit,
    /// What was paid into the layaway that the sale completes (apartado, 206.01).
    Deposit,
}

impl TenderKind {
    /// The name in the Nexus contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "efectivo",
            Self::Card => "tarjeta",
            Self::Transfer => "transferencia",
            Self::StoreCredit => "saldo_a_favor",
            Self::Deposit => "apartado",
        }
    }

    /// The kind of a name in the Nexus contract that somebody may pay with; a deposit is not handed over.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Cash, Self::Card, Self::Transfer, Self::StoreCredit]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// Whether somebody may pay with it.
    ///
    /// # Errors
    /// It is a deposit: that was paid in by another means.
    pub(crate) fn handed_over(self, field: &'static str) -> Result<(), Refusal> {
        if self == Self::Deposit {
            return Err(Refusal::Invalid { field, rule: "a means that somebody pays with" });
        }
        Ok(())
    }
}

/// A part of a payment: what was kept of it, change already given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// How.
    pub kind: TenderKind,
    /// How much was kept.
    pub amount: Cents,
    /// The terminal's or bank's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The brand of the means, `YAPE` (L-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
}

/// When a sale is paid (contract N-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SaleType {
    /// All of it now.
    Cash,
    /// All of it later.
    Credit,
    /// A part now, the rest later.
    Mixed,
}

impl SaleType {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Credit => "credit",
            Self::Mixed => "mixed",
        }
    }

    /// The type of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Cash, Self::Credit, Self::Mixed].into_iter().find(|kind| kind.name() == name)
    }
}

/// A line as it was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    /// The item.
    pub item_id: ItemId,
    /// Its code then.
    pub sku: String,
    /// Its name then.
    pub name: String,
    /// How much.
    pub quantity: Quantity,
    /// Net price of one, before the discount.
    pub unit_price: UnitPrice,
    /// Discount in percent.
    pub discount_pct: Rate,
    /// Tax as a fraction.
    pub tax_rate: Rate,
    /// Net of the line.
    pub net: Cents,
    /// Tax of the line.
    pub tax: Cents,
    /// What it did to the stock; nothing for a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

impl SaleLine {
    /// A priced line with what its goods did to the stock.
    #[must_use]
    pub fn of(line: PricedLine, moved: Option<Moved>) -> Self {
        let PricedLine { item_id, sku, name, quantity, unit_price, discount_pct, tax_rate, net, tax } = line;
        Self { item_id, sku, name, quantity, unit_price, discount_pct, tax_rate, net, tax, moved }
    }

    /// What the goods cost the shop.
    #[must_use]
    pub fn cost(&self) -> Cents {
        self.moved.map_or(Cents::ZERO, |moved| -moved.value)
    }
}

/// The document that a sale comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A quotation that was converted.
    Quotation(QuotationId),
    /// A layaway that was completed.
    Layaway {
        /// The layaway.
        layaway_id: LayawayId,
        /// The part of the sale's tax that was collected with its deposits.
        tax: Cents,
    },
    /// A company's order.
    Order {
        /// The order.
        order_id: OrderId,
        /// Whether its goods had been set aside until it was confirmed.
        reserved: bool,
    },
}

impl Origin {
    /// Whether the goods were promised to this buyer already: the sale keeps the promise.
    #[must_use]
    pub const fn was_reserved(&self) -> bool {
        match self {
            Self::Layaway { .. } => true,
            Self::Order { reserved, .. } => *reserved,
            Self::Quotation(_) => false,
        }
    }
}

/// A sale was completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCompleted {
    /// The sale.
    pub sale_id: SaleId,
    /// Its folio, `V-0001`.
    pub folio: String,
    /// Local day.
    pub date: Date,
    /// Local hour, 0 to 23.
    #[serde(default)]
    pub hour: i8,
    /// Where.
    pub branch_id: BranchId,
    /// Who sold.
    pub employee_id: EmployeeId,
    /// To whom, where known.
    pub customer_id: Option<CustomerId>,
    /// The session that took the money.
    pub register_id: Option<RegisterId>,
    /// Now, later or both.
    pub sale_type: SaleType,
    /// What was sold.
    pub lines: Vec<SaleLine>,
    /// How it was paid.
    pub tenders: Vec<Tender>,
    /// Net of all lines.
    pub net: Cents,
    /// Tax of all lines.
    pub tax: Cents,
    /// Net and tax.
    pub total: Cents,
    /// What was handed over.
    pub paid: Cents,
    /// What was given back.
    pub change: Cents,
    /// What is owed.
    pub on_credit: Cents,
    /// The part of the tax that is owed: not collected yet (209.01).
    pub tax_on_credit: Cents,
    /// When what is owed is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The document that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl SaleCompleted {
    /// The part of the tax that was collected with a layaway's deposits.
    #[must_use]
    pub fn tax_deposited(&self) -> Cents {
        match self.origin {
            Some(Origin::Layaway { tax, .. }) => tax,
            Some(Origin::Quotation(_) | Origin::Order { .. }) | None => Cents::ZERO,
        }
    }
}

/// A line whose goods came back by a cancellation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelledLine {
    /// The item.
    pub item_id: ItemId,
    /// How much.
    pub quantity: Quantity,
    /// What the goods cost when they were sold.
    pub cost: Cents,
    /// Net that they were sold for.
    #[serde(default)]
    pub net: Cents,
    /// What it did to the stock; nothing for a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// A sale was cancelled: the exact mirror of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCancelled {
    /// The sale.
    pub sale_id: SaleId,
    /// Its folio.
    pub folio: String,
    /// Local day of the cancellation.
    pub date: Date,
    /// Where the goods went back to.
    pub branch_id: BranchId,
    /// Who cancelled.
    pub employee_id: EmployeeId,
    /// Whose sale it was.
    pub customer_id: Option<CustomerId>,
    /// The session whose drawer paid the cash back.
    pub register_id: Option<RegisterId>,
    /// Whether that is the session of the sale: then the sale leaves its totals.
    pub same_session: bool,
    /// Why.
    pub reason: String,
    /// The goods.
    pub lines: Vec<CancelledLine>,
    /// What is paid back, as it was paid; what came out of a layaway becomes store credit.
    pub tenders: Vec<Tender>,
    /// Net of the sale.
    pub net: Cents,
    /// Tax of the sale.
    pub tax: Cents,
    /// Total of the sale.
    pub total: Cents,
    /// What is no longer owed.
    pub on_credit: Cents,
    /// The tax in it.
    pub tax_on_credit: Cents,
    /// When it was sold and by whom: statistics take it out there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold: Option<SoldBy>,
}

/// When a sale was made and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldBy {
    /// Local day.
    pub date: Date,
    /// Local hour, 0 to 23.
    pub hour: i8,
    /// The seller.
    pub employee_id: EmployeeId,
}

/// How the buyer pays.
#[derive(Clone, Debug)]
pub enum Paying {
    /// By one means. `None`: exactly what is due.
    One(TenderKind, Option<Cents>),
    /// The same by a brand of it (L-11).
    Branded(TenderKind, Option<Cents>, String),
    /// By several (mixto): kind, amount handed over, reference; and the stated sum, where one is stated.
    Several(Vec<(TenderKind, Cents, Option<String>)>, Option<Cents>),
}

/// Completes a sale.
#[derive(Clone, Debug)]
pub struct CompleteSale {
    /// What.
    pub lines: Vec<LineWanted>,
    /// To whom.
    pub customer_id: Option<CustomerId>,
    /// Now, later or both.
    pub sale_type: SaleType,
    /// How.
    pub paying: Paying,
    /// The open session; needed when cash moves (N-13).
    pub register_id: Option<RegisterId>,
    /// Free text.
    pub notes: Option<String>,
}

/// Cancels a sale.
#[derive(Clone, Debug)]
pub struct CancelSale {
    /// Why.
    pub reason: String,
    /// The drawer that pays cash back, when the sale's own session is closed.
    pub register_id: Option<RegisterId>,
}

/// A command to a sale.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum SaleCommand {
    Complete(CompleteSale),
    Cancel(SaleId, CancelSale),
    Return(SaleId, ReturnGoods),
}

/// Where a sale stands (contract 5.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SaleStatus {
    /// Sold, perhaps partly returned.
    #[default]
    Completed,
    /// Cancelled.
    Cancelled,
    /// All of it returned.
    Returned,
}

impl SaleStatus {
    /// The name in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Returned => "returned",
        }
    }
}

/// What of a line came back already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of the line")]
pub struct ReturnedSoFar {
    pub quantity: Quantity,
    pub net: Cents,
    pub tax: Cents,
    pub cost: Cents,
}

/// The sale as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sale {
    /// The sale as it was completed.
    pub completed: Option<SaleCompleted>,
    /// Where it stands.
    pub status: SaleStatus,
    /// What came back, line by line.
    pub returned: Vec<ReturnedSoFar>,
    /// Refunded in all, tax included.
    pub returned_total: Cents,
}

impl Document for Sale {
    const TYPE: &'static str = "sale";
    type Command = SaleCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match &issued.command {
            SaleCommand::Complete(wanted) => complete(&issued, wanted, book)?.into(),
            SaleCommand::Cancel(id, cancel) => self.cancel(&issued, *id, cancel, book)?.into(),
            SaleCommand::Return(id, wanted) => returns::of_sale(self, &issued, *id, wanted, book)?.into(),
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a sale's stream")]
        match event {
            Event::SaleCompleted(event) => {
                self.returned = vec![ReturnedSoFar::default(); event.lines.len()];
                self.completed = Some(*event);
            }
            Event::SaleCancelled(_) => self.status = SaleStatus::Cancelled,
            Event::GoodsReturned(event) => self.apply_return(&event),
            _ => {}
        }
    }
}

impl Sale {
    fn apply_return(&mut self, event: &GoodsReturned) {
        self.status = event.sale_status;
        self.returned_total += event.total;
        for line in &event.lines {
            let Some(so_far) = line.sale_line.and_then(|index| self.returned.get_mut(index)) else {
                continue;
            };
            so_far.quantity += line.quantity;
            so_far.net += line.net;
            so_far.tax += line.tax;
            so_far.cost += line.cost;
        }
    }

    fn cancel<C>(
        &self,
        issued: &Issued<C>,
        id: SaleId,
        cancel: &CancelSale,
        book: &Book,
    ) -> Result<SaleCancelled, Refusal> {
        let sale = self.completed.as_ref().ok_or(Refusal::UnknownSale(id))?;
        if self.status == SaleStatus::Cancelled {
            return Err(Refusal::SaleCancelled(id));
        }
        // By quantity: what cost the buyer nothing comes back for nothing.
        if self.returned.iter().any(|so_far| so_far.quantity.is_positive()) {
            return Err(Refusal::SaleHasReturns(id));
        }
        if cancel.reason.trim().is_empty() {
            return Err(Refusal::Invalid { field: "reason", rule: "not empty" });
        }
        if let Some(customer) = sale.customer_id.filter(|_| sale.on_credit.is_positive()) {
            let receivable = book.customers.get(&customer).and_then(|c| c.receivables.get(&id));
            if receivable.is_none_or(|receivable| !receivable.paid.is_zero()) {
                return Err(Refusal::SaleHasPayments(id));
            }
        }
        let own_session = sale.register_id.filter(|id| book.registers.contains_key(id));
        let cash = tendered(&sale.tenders, TenderKind::Cash);
        let register_id = match own_session {
            Some(session) => {
                book.holds(session, cash)?;
                Some(session)
            }
            None if cash.is_positive() => {
                Some(book.paying_drawer(cancel.register_id, issued.by, issued.branch, cash)?)
            }
            None => None,
        };
        let mut desk = Desk::new(book);
        let mut lines = Vec::with_capacity(sale.lines.len());
        for (number, line) in sale.lines.iter().enumerate() {
            let moved = match line.moved {
                Some(_) => {
                    Some(desk.receive(number, line.item_id, sale.branch_id, line.quantity, line.cost())?)
                }
                None => None,
            };
            lines.push(CancelledLine {
                item_id: line.item_id,
                quantity: line.quantity,
                cost: line.cost(),
                net: line.net,
                moved,
            });
        }
        Ok(SaleCancelled {
            sale_id: id,
            folio: sale.folio.clone(),
            date: book.day(issued.at),
            branch_id: sale.branch_id,
            employee_id: issued.by,
            customer_id: sale.customer_id,
            register_id,
            same_session: own_session.is_some(),
            reason: cancel.reason.clone(),
            lines,
            tenders: sale.tenders.iter().map(paid_back).collect(),
            net: sale.net,
            tax: sale.tax,
            total: sale.total,
            on_credit: sale.on_credit,
            tax_on_credit: sale.tax_on_credit,
            sold: Some(SoldBy { date: sale.date, hour: sale.hour, employee_id: sale.employee_id }),
        })
    }
}

/// What was paid into a layaway was paid over months by several means: it comes back as store credit.
fn paid_back(tender: &Tender) -> Tender {
    let kind = if tender.kind == TenderKind::Deposit { TenderKind::StoreCredit } else { tender.kind };
    Tender { kind, ..tender.clone() }
}

/// What a sale's lines are sold on.
pub(crate) struct Terms<'a> {
    pub(crate) customer_id: Option<CustomerId>,
    pub(crate) sale_type: SaleType,
    pub(crate) paying: &'a Paying,
    pub(crate) register_id: Option<RegisterId>,
    pub(crate) notes: Option<String>,
    pub(crate) origin: Option<Origin>,
}

fn complete<C>(issued: &Issued<C>, wanted: &CompleteSale, book: &Book) -> Result<SaleCompleted, Refusal> {
    book.branch(issued.branch)?;
    let tier = match wanted.customer_id {
        Some(id) => book.buyer(id)?.price_tier,
        None => PriceTier::default(),
    };
    let lines = pricing::price(issued, &wanted.lines, tier, book)?;
    let terms = Terms {
        customer_id: wanted.customer_id,
        sale_type: wanted.sale_type,
        paying: &wanted.paying,
        register_id: wanted.register_id,
        notes: wanted.notes.clone(),
        origin: None,
    };
    sell(issued, lines, terms, book)
}

/// Sells priced lines: takes the goods out of the branch and settles what is due.
pub(crate) fn sell<C>(
    issued: &Issued<C>,
    lines: Vec<PricedLine>,
    terms: Terms<'_>,
    book: &Book,
) -> Result<SaleCompleted, Refusal> {
    let customer = terms.customer_id.map(|id| book.buyer(id)).transpose()?;
    let Sums { net, tax, total } = Sums::of(&lines, book)?;
    let promised = terms.origin.as_ref().is_some_and(Origin::was_reserved);
    let lines = issue(issued.branch, lines, promised, book)?;
    let settled = settle(terms.sale_type, terms.paying, total)?;
    let on_credit = total - settled.kept();
    let mut due = None;
    if on_credit.is_positive() {
        let customer = customer.ok_or(Refusal::CreditWithoutCustomer)?;
        let balance = customer.balance + on_credit;
        if balance > customer.credit_limit {
            return Err(Refusal::CreditLimitExceeded { limit: customer.credit_limit, balance });
        }
        due = book.day(issued.at).checked_add(jiff::Span::new().days(customer.credit_days)).ok();
    } else if terms.sale_type != SaleType::Cash && customer.is_none() {
        return Err(Refusal::CreditWithoutCustomer);
    }
    let store_credit = settled.of(TenderKind::StoreCredit);
    if store_credit.is_positive() {
        let available = customer.ok_or(Refusal::StoreCreditWithoutCustomer)?.store_credit;
        if store_credit > available {
            return Err(Refusal::InsufficientStoreCredit {
                field: "amount_paid",
                available,
                wanted: store_credit,
            });
        }
    }
    let register_id = match terms.register_id {
        Some(id) => {
            book.open_register(id, issued.branch)?;
            Some(id)
        }
        None if settled.of(TenderKind::Cash).is_positive() => return Err(Refusal::RegisterRequired),
        None => None,
    };
    // The collected part of the tax is split tender by tender and the rest is what is owed, so that the odd
    // centavo falls to the last of them (accounting.md, "mixed tenders"); but no more is owed of it than is owed, and
    // not less than nothing.
    let collected: Cents = settled.tenders.iter().map(|tender| share(tax, tender.amount.0, total.0)).sum();
    let tax_on_credit = (tax - collected).clamp(Cents::ZERO, on_credit.max(Cents::ZERO));
    let sale_id = book.counters.next_sale();
    Ok(SaleCompleted {
        sale_id,
        folio: folio(sale_id),
        date: book.day(issued.at),
        hour: book.hour(issued.at),
        branch_id: issued.branch,
        employee_id: issued.by,
        customer_id: terms.customer_id,
        register_id,
        sale_type: terms.sale_type,
        lines,
        tenders: settled.tenders,
        net,
        tax,
        total,
        paid: settled.paid,
        change: settled.change,
        on_credit,
        tax_on_credit,
        due,
        notes: terms.notes,
        origin: terms.origin,
    })
}

/// A sale's folio (L-12).
pub(crate) fn folio(sale: SaleId) -> String {
    format!("V-{:04}", sale.0)
}

/// The same number in the series that tickets of other surfaces show (L-12).
#[must_use]
pub fn series_folio(sale: SaleId) -> String {
    format!("B001-{:04}", sale.0)
}

/// How a sale was paid, where the brand is told and not the kind (L-11): `YAPE`, `EFECTIVO`, `MIXTO`.
#[must_use]
pub fn payment_brand(tenders: &[Tender]) -> String {
    fn name(tender: &Tender) -> String {
        tender.brand.clone().unwrap_or_else(|| tender.kind.name().to_uppercase())
    }
    match tenders {
        [] => "CREDITO".to_owned(),
        [first, rest @ ..] if rest.iter().all(|tender| name(tender) == name(first)) => name(first),
        _ => "MIXTO".to_owned(),
    }
}

/// Takes the goods of priced lines out of a branch; those that are promised to this buyer are not asked for again.
fn issue(
    branch: BranchId,
    lines: Vec<PricedLine>,
    promised: bool,
    book: &Book,
) -> Result<Vec<SaleLine>, Refusal> {
    let mut desk = Desk::new(book);
    let mut sold = Vec::with_capacity(lines.len());
    for (number, line) in lines.into_iter().enumerate() {
        let item = book.item(line.item_id)?;
        if !item.is_active {
            return Err(Refusal::InactiveItem { item: line.item_id, sku: line.sku });
        }
        let moved = match item.kind {
            ItemKind::Stocked if promised => {
                Some(desk.write_off(number, line.item_id, branch, line.quantity)?)
            }
            ItemKind::Stocked => Some(desk.issue(number, line.item_id, branch, line.quantity)?),
            ItemKind::Service => None,
        };
        sold.push(SaleLine::of(line, moved));
    }
    Ok(sold)
}

/// What became of the money that was handed over.
struct Settled {
    tenders: Vec<Tender>,
    paid: Cents,
    change: Cents,
}

impl Settled {
    fn kept(&self) -> Cents {
        self.tenders.iter().map(|tender| tender.amount).sum()
    }

    fn of(&self, kind: TenderKind) -> Cents {
        self.tenders.iter().filter(|tender| tender.kind == kind).map(|tender| tender.amount).sum()
    }
}

/// Keeps what is due of what was handed over; only cash gives change (N-11).
fn settle(sale_type: SaleType, paying: &Paying, total: Cents) -> Result<Settled, Refusal> {
    let one = |kind: TenderKind, amount: Option<Cents>, brand: Option<String>| {
        let amount = amount.unwrap_or(if sale_type == SaleType::Cash { total } else { Cents::ZERO });
        Tender { kind, amount, reference: None, brand }
    };
    let mut tenders: Vec<Tender> = match paying {
        Paying::One(kind, amount) => vec![one(*kind, *amount, None)],
        Paying::Branded(kind, amount, brand) => vec![one(*kind, *amount, Some(brand.clone()))],
        Paying::Several(parts, stated) => {
            let sum: Cents = parts.iter().map(|(_, amount, _)| *amount).sum();
            if let Some(stated) = stated.filter(|stated| *stated != sum) {
                return Err(Refusal::TendersDisagree { parts: sum, stated });
            }
            parts
                .iter()
                .map(|(kind, amount, reference)| Tender {
                    kind: *kind,
                    amount: *amount,
                    reference: reference.clone(),
                    brand: None,
                })
                .collect()
        }
    };
    for tender in &tenders {
        tender.kind.handed_over("payment_method")?;
    }
    if tenders.iter().any(|tender| tender.amount.is_negative()) {
        return Err(Refusal::Invalid { field: "amount_paid", rule: "0 or more" });
    }
    tenders.retain(|tender| tender.amount.is_positive());
    let paid: Cents = tenders.iter().map(|tender| tender.amount).sum();
    let mut change = Cents::ZERO;
    match sale_type {
        SaleType::Cash if paid < total => return Err(Refusal::Underpaid { total, paid }),
        SaleType::Credit if paid.is_positive() => return Err(Refusal::CreditWithPayment),
        SaleType::Cash | SaleType::Mixed if paid > total => {
            change = paid - total;
            let mut left = change;
            for tender in tenders.iter_mut().filter(|tender| tender.kind == TenderKind::Cash) {
                let given = left.min(tender.amount);
                tender.amount -= given;
                left -= given;
            }
            if left.is_positive() {
                return Err(Refusal::Overpaid { total, paid });
            }
            tenders.retain(|tender| tender.amount.is_positive());
        }
        SaleType::Cash | SaleType::Credit | SaleType::Mixed => {}
    }
    Ok(Settled { tenders, paid, change })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_stands_for_its_means_and_several_are_mixed() {
        let tender = |kind, brand: Option<&str>| Tender {
            kind,
            amount: Cents(100),
            reference: None,
            brand: brand.map(ToOwned::to_owned),
        };
        let (cash, card) = (tender(TenderKind::Cash, None), tender(TenderKind::Card, None));
        let (transfer, yape) =
            (tender(TenderKind::Transfer, None), tender(TenderKind::Transfer, Some("YAPE")));
        for (tenders, name) in [
            (vec![], "CREDITO"),
            (vec![cash.clone()], "EFECTIVO"),
            (vec![card.clone(), card.clone()], "TARJETA"),
            (vec![transfer.clone()], "TRANSFERENCIA"),
            (vec![yape.clone()], "YAPE"),
            (vec![transfer, yape], "MIXTO"),
            (vec![cash, card], "MIXTO"),
        ] {
            assert_eq!(payment_brand(&tenders), name);
        }
        assert_eq!(series_folio(SaleId(1_234)), "B001-1234");
        assert_eq!(
            (series_folio(SaleId(7)), folio(SaleId(7))),
            ("B001-0007".to_owned(), "V-0007".to_owned())
        );
    }
}
