//! Companies' orders: a sale on credit at once, or goods set aside until the shop confirms (T-25).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    AddressId, Book, BranchId, CustomerId, Event, ItemId, OrderId, Quantity, Refusal, SaleId,
    address::AddressDetails,
    command::Issued,
    document::Document,
    inventory::{Desk, LINES_MAX},
    money::{MICRO, UNITS_MAX, line_net, tax_on},
    pricing::{PricedLine, Sums, is_stocked},
    sale::{Origin, Paying, SaleCompleted, SaleType, TenderKind, Terms, sell},
};

/// A line as it was ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// With its price fixed.
    #[serde(flatten)]
    pub line: PricedLine,
    /// Whether its goods are set aside until the order is confirmed.
    #[serde(default)]
    pub reserves: bool,
}

/// A company ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlaced {
    /// The order.
    pub order_id: OrderId,
    /// Its folio, `P-0001`.
    pub folio: String,
    /// Local day.
    pub date: Date,
    /// The branch that fills it.
    pub branch_id: BranchId,
    /// Who ordered.
    pub customer_id: CustomerId,
    /// Where it goes.
    pub address_id: AddressId,
    /// The address as it was.
    pub address: AddressDetails,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// What the lines add up to.
    pub sums: Sums,
    /// The sale, where the order was one at once; it is an event of its own, beside this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_id: Option<SaleId>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The network address that the company names.
    pub ip_address: String,
}

impl OrderPlaced {
    /// The goods that are set aside.
    pub fn reserved(&self) -> impl Iterator<Item = (ItemId, Quantity)> {
        self.lines.iter().filter(|line| line.reserves).map(|line| (line.line.item_id, line.line.quantity))
    }
}

/// An order became a sale, which is an event of its own beside this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderConfirmed {
    /// The order.
    pub order_id: OrderId,
    /// The sale.
    pub sale_id: SaleId,
}

/// An order was given up: its goods are free again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// The order.
    pub order_id: OrderId,
    /// Where the goods lie.
    pub branch_id: BranchId,
    /// What is set aside no longer.
    pub released: Vec<(ItemId, Quantity)>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Orders.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// Who.
    pub customer_id: CustomerId,
    /// Where it goes.
    pub address_id: AddressId,
    /// The address as it is.
    pub address: AddressDetails,
    /// What, and how much.
    pub lines: Vec<(ItemId, Quantity)>,
    /// Free text.
    pub note: Option<String>,
    /// The network address that the company names.
    pub ip_address: String,
}

/// A command to an order.
#[derive(Clone, Debug)]
pub enum OrderCommand {
    /// Places it.
    Place(Box<PlaceOrder>),
    /// Makes it a sale.
    Confirm(OrderId),
    /// Gives it up, for a reason.
    Cancel(OrderId, Option<String>),
}

/// What became of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Its goods are set aside.
    #[default]
    Placed,
    /// It is a sale.
    Confirmed(SaleId),
    /// It was given up.
    Cancelled,
}

impl OrderStatus {
    /// Their names.
    pub const NAMES: &'static [&'static str] = &["placed", "confirmed", "cancelled"];

    /// The name in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Confirmed(_) => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The order as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Order {
    placed: Option<OrderPlaced>,
    status: OrderStatus,
}

impl Document for Order {
    const TYPE: &'static str = "order";
    type Command = OrderCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        Ok(match &issued.command {
            OrderCommand::Place(wanted) => {
                let (sale, placed) = place(&issued, wanted, book)?;
                sale.map(Event::from).into_iter().chain([placed.into()]).collect()
            }
            OrderCommand::Confirm(id) => {
                let order = self.standing(*id)?;
                let issued = Issued { branch: order.branch_id, ..issued.with(()) };
                let lines = order.lines.iter().map(|line| line.line.clone()).collect();
                let origin = Origin::Order { order_id: *id, reserved: true };
                let sale = on_account(&issued, lines, order.customer_id, order.note.clone(), origin, book)?;
                let confirmed = OrderConfirmed { order_id: *id, sale_id: sale.sale_id };
                vec![sale.into(), confirmed.into()]
            }
            OrderCommand::Cancel(id, reason) => {
                let order = self.standing(*id)?;
                let cancelled = OrderCancelled {
                    order_id: *id,
                    branch_id: order.branch_id,
                    released: order.reserved().collect(),
                    reason: reason.clone(),
                };
                vec![cancelled.into()]
            }
        })
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches an order's stream")]
        match event {
            Event::OrderPlaced(event) => {
                self.status = event.sale_id.map_or(OrderStatus::Placed, OrderStatus::Confirmed);
                self.placed = Some(*event);
            }
            Event::OrderConfirmed(event) => self.status = OrderStatus::Confirmed(event.sale_id),
            Event::OrderCancelled(_) => self.status = OrderStatus::Cancelled,
            _ => {}
        }
    }
}

impl Order {
    /// The order, where it is neither a sale nor given up.
    fn standing(&self, id: OrderId) -> Result<&OrderPlaced, Refusal> {
        let order = self.placed.as_ref().ok_or(Refusal::UnknownOrder(id))?;
        match self.status {
            OrderStatus::Placed => Ok(order),
            OrderStatus::Confirmed(sale) => Err(Refusal::OrderConfirmed { order: id, sale }),
            OrderStatus::Cancelled => Err(Refusal::OrderCancelled(id)),
        }
    }
}

fn place<C>(
    issued: &Issued<C>,
    wanted: &PlaceOrder,
    book: &Book,
) -> Result<(Option<SaleCompleted>, OrderPlaced), Refusal> {
    let settings = book.ordering.settings;
    let issued = Issued { branch: settings.branch_id, ..issued.with(()) };
    book.branch(issued.branch)?;
    let lines = price(wanted, book)?;
    let sums = Sums::of(&lines, book)?;
    let order_id = book.ordering.next_order();
    let (sale, lines) = if settings.auto_confirm {
        let origin = Origin::Order { order_id, reserved: false };
        let sale = on_account(&issued, lines.clone(), wanted.customer_id, wanted.note.clone(), origin, book)?;
        (Some(sale), lines.into_iter().map(|line| OrderLine { line, reserves: false }).collect())
    } else {
        let customer = book.buyer(wanted.customer_id)?;
        let balance = customer.balance + sums.total;
        if balance > customer.credit_limit {
            return Err(Refusal::CreditLimitExceeded { limit: customer.credit_limit, balance });
        }
        (None, set_aside(lines, issued.branch, book)?)
    };
    let placed = OrderPlaced {
        order_id,
        folio: format!("P-{:04}", order_id.0),
        date: book.day(issued.at),
        branch_id: issued.branch,
        customer_id: wanted.customer_id,
        address_id: wanted.address_id,
        address: wanted.address.clone(),
        lines,
        sums,
        sale_id: sale.as_ref().map(|sale| sale.sale_id),
        note: wanted.note.clone(),
        ip_address: wanted.ip_address.clone(),
    };
    Ok((sale, placed))
}

/// Promises the goods of priced lines to their order.
fn set_aside(lines: Vec<PricedLine>, branch: BranchId, book: &Book) -> Result<Vec<OrderLine>, Refusal> {
    let mut desk = Desk::new(book);
    lines
        .into_iter()
        .map(|line| {
            let reserves = is_stocked(book, line.item_id)?;
            if reserves {
                desk.reserve(line.item_id, branch, line.quantity)?;
            }
            Ok(OrderLine { line, reserves })
        })
        .collect()
}

/// The sale of an order: all of it is owed.
fn on_account<C>(
    issued: &Issued<C>,
    lines: Vec<PricedLine>,
    customer: CustomerId,
    notes: Option<String>,
    origin: Origin,
    book: &Book,
) -> Result<SaleCompleted, Refusal> {
    let terms = Terms {
        customer_id: Some(customer),
        sale_type: SaleType::Credit,
        paying: &Paying::One(TenderKind::Transfer, None),
        register_id: None,
        notes,
        origin: Some(origin),
    };
    sell(issued, lines, terms, book)
}

/// Fixes the prices: the company's own, else its tier's. No employee grants a discount here, so none is asked.
fn price(wanted: &PlaceOrder, book: &Book) -> Result<Vec<PricedLine>, Refusal> {
    let tier = book.buyer(wanted.customer_id)?.price_tier;
    if wanted.lines.is_empty() {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    if wanted.lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    let mut lines = Vec::with_capacity(wanted.lines.len());
    for (item_id, quantity) in wanted.lines.iter().copied() {
        let item = book.item(item_id)?;
        if !item.is_active {
            return Err(Refusal::InactiveItem { item: item_id, sku: item.sku.clone() });
        }
        if !quantity.is_positive() || quantity.0 > UNITS_MAX * MICRO {
            return Err(Refusal::Invalid { field: "quantity", rule: "more than 0 and at most 100 million" });
        }
        within_limits(item_id, wanted, book)?;
        let own = book.ordering.price_of(wanted.customer_id, item_id);
        let unit_price = own.map_or_else(|| item.price_of(tier), |terms| terms.price);
        // What was taken out of the price list is not given away: nobody looks at an order before it is filled. A
        // company's own price of 0 is the shop's word.
        if own.is_none() && unit_price.is_zero() {
            return Err(Refusal::NoPrice { item: item_id, name: item.name.clone() });
        }
        let discount_pct = own.map(|terms| terms.discount_pct).unwrap_or_default();
        let net = line_net(quantity, unit_price, discount_pct);
        let tax_rate = item.prices.tax_rate;
        lines.push(PricedLine {
            item_id,
            sku: item.sku.clone(),
            name: item.name.clone(),
            quantity,
            unit_price,
            discount_pct,
            tax_rate,
            net,
            tax: tax_on(net, tax_rate),
        });
    }
    Ok(lines)
}

/// What of an item may be in one order (T-22, T-23): all of its lines count.
fn within_limits(item_id: ItemId, wanted: &PlaceOrder, book: &Book) -> Result<(), Refusal> {
    let name = || book.item(item_id).map(|item| item.name.clone()).unwrap_or_default();
    let ordering = book.ordering.items.get(&item_id).copied().unwrap_or_default();
    let mut ordered = Quantity::ZERO;
    for (_, quantity) in wanted.lines.iter().filter(|(item, _)| *item == item_id) {
        if !ordering.fractional && quantity.0 % MICRO != 0 {
            return Err(Refusal::WholeUnitsOnly { item: item_id, name: name() });
        }
        ordered = Quantity(ordered.0.saturating_add(quantity.0));
    }
    if let Some(least) = ordering.order_min.filter(|least| ordered < *least) {
        return Err(Refusal::OrderTooSmall { item: item_id, name: name(), least });
    }
    if let Some(most) = ordering.order_max.filter(|most| ordered > *most) {
        return Err(Refusal::OrderTooLarge { item: item_id, name: name(), most });
    }
    Ok(())
}
