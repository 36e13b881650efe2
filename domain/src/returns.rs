//! Goods that come back: at the price and cost they were sold at, capped per line for ever.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, CustomerId, EmployeeId, Event, ItemId, Quantity, Rate, Refusal, RegisterId,
    ReturnId, SaleId, UnitPrice,
    command::Issued,
    document::Document,
    inventory::{Desk, LINES_MAX, Moved},
    item::ItemKind,
    money::{extend, line_net, share, tax_on},
    sale::{ReturnedSoFar, Sale, SaleCompleted, SaleLine, SaleStatus, TenderKind},
};

/// A line that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedLine {
    /// The line of the sale, from 0; nothing where the sale is not in this log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_line: Option<usize>,
    /// The item.
    pub item_id: ItemId,
    /// How much.
    pub quantity: Quantity,
    /// Net that is given back.
    pub net: Cents,
    /// Tax that is given back.
    pub tax: Cents,
    /// What the goods cost when they were sold.
    pub cost: Cents,
    /// What it did to the stock; nothing for a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// Where the money of a return went (N-15). The parts add up to the return's total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// No longer owed on that sale.
    pub receivable: Cents,
    /// Tax that leaves 209.01 with it. It may exceed the return's tax when the receivable closes.
    pub receivable_tax: Cents,
    /// Kept for the customer (206.05).
    pub store_credit: Cents,
    /// Out of a drawer.
    pub cash: Cents,
    /// Back on the card.
    pub card: Cents,
    /// Back by transfer.
    pub transfer: Cents,
}

/// Goods were returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsReturned {
    /// The return.
    pub return_id: ReturnId,
    /// The sale, where it is in this log.
    pub sale_id: Option<SaleId>,
    /// The sale's folio, or the return's own (`D-0001`).
    pub folio: String,
    /// Local day.
    pub date: Date,
    /// Where the goods went.
    pub branch_id: BranchId,
    /// Who took them back.
    pub employee_id: EmployeeId,
    /// Who brought them.
    pub customer_id: Option<CustomerId>,
    /// The drawer that paid.
    pub register_id: Option<RegisterId>,
    /// Why.
    pub reason: String,
    /// What came back.
    pub lines: Vec<ReturnedLine>,
    /// Net of all lines.
    pub net: Cents,
    /// Tax of all lines.
    pub tax: Cents,
    /// Net and tax.
    pub total: Cents,
    /// Where the money went.
    pub refund: Refund,
    /// When the receivable was due, where one shrinks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The sale's status from now on.
    pub sale_status: SaleStatus,
}

/// Where the buyer wants the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundMethod {
    /// By the means named.
    Tender(TenderKind),
    /// As store credit.
    StoreCredit,
}

/// Takes goods of a sale back.
#[derive(Clone, Debug)]
pub struct ReturnGoods {
    /// Item and quantity.
    pub lines: Vec<(ItemId, Quantity)>,
    /// Why.
    pub reason: String,
    /// What is not owed goes here; store credit for a known customer, else cash.
    pub refund_method: Option<RefundMethod>,
    /// The drawer for cash; the employee's own session where absent.
    pub register_id: Option<RegisterId>,
}

/// Takes goods back whose sale is not in this log.
#[derive(Clone, Debug)]
pub struct ReturnUnreferenced {
    /// Item, quantity, net unit price, tax as a fraction.
    pub lines: Vec<(ItemId, Quantity, UnitPrice, Rate)>,
    /// Who brings them.
    pub customer_id: Option<CustomerId>,
    /// Why.
    pub reason: String,
    /// How the money goes back.
    pub refund_method: RefundMethod,
    /// The drawer for cash; the employee's own session where absent.
    pub register_id: Option<RegisterId>,
}

/// Decides a return of a sale.
pub(crate) fn of_sale<C>(
    document: &Sale,
    issued: &Issued<C>,
    id: SaleId,
    wanted: &ReturnGoods,
    book: &Book,
) -> Result<GoodsReturned, Refusal> {
    let sale = document.completed.as_ref().ok_or(Refusal::UnknownSale(id))?;
    if document.status == SaleStatus::Cancelled {
        return Err(Refusal::SaleCancelled(id));
    }
    check_request(wanted.lines.len(), &wanted.reason)?;
    let (lines, returned) = take_back(document, sale, wanted, book)?;
    let net: Cents = lines.iter().map(|line| line.net).sum();
    let tax: Cents = lines.iter().map(|line| line.tax).sum();
    let total = net + tax;
    let complete = sale.lines.iter().zip(&returned).all(|(line, so_far)| line.quantity == so_far.quantity);
    let receivable =
        sale.customer_id.and_then(|c| book.customers.get(&c)).and_then(|c| c.receivables.get(&id));
    let mut refund = Refund::default();
    if let Some(receivable) = receivable {
        refund.receivable = total.min(receivable.open());
        let back: Cents = returned.iter().map(|so_far| so_far.net + so_far.tax).sum();
        let tax_back: Cents = returned.iter().map(|so_far| so_far.tax).sum();
        let kept = (sale.total - back, sale.tax - tax_back);
        refund.receivable_tax = receivable.tax_of_return(refund.receivable, kept);
    }
    let due = receivable.filter(|_| refund.receivable.is_positive()).map(|receivable| receivable.due);
    let rest = total - refund.receivable;
    let register_id = give_back(
        &mut refund,
        rest,
        wanted.refund_method,
        sale.customer_id,
        wanted.register_id,
        issued,
        book,
    )?;
    Ok(GoodsReturned {
        return_id: book.counters.next_return(),
        sale_id: Some(id),
        folio: sale.folio.clone(),
        date: book.day(issued.at),
        branch_id: sale.branch_id,
        employee_id: issued.by,
        customer_id: sale.customer_id,
        register_id,
        reason: wanted.reason.clone(),
        lines,
        net,
        tax,
        total,
        refund,
        due,
        sale_status: if complete { SaleStatus::Returned } else { SaleStatus::Completed },
    })
}

fn check_request(lines: usize, reason: &str) -> Result<(), Refusal> {
    if lines == 0 {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    if lines > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::Invalid { field: "reason", rule: "not empty" });
    }
    Ok(())
}

/// Finds the sold lines of what comes back and books it in, line by line.
fn take_back(
    document: &Sale,
    sale: &SaleCompleted,
    wanted: &ReturnGoods,
    book: &Book,
) -> Result<(Vec<ReturnedLine>, Vec<ReturnedSoFar>), Refusal> {
    let mut desk = Desk::new(book);
    let mut returned = document.returned.clone();
    let mut lines = Vec::new();
    for (item_id, quantity) in &wanted.lines {
        if !quantity.is_positive() {
            return Err(Refusal::Invalid { field: "quantity", rule: "more than 0" });
        }
        let of_item = || sale.lines.iter().enumerate().filter(|(_, line)| line.item_id == *item_id);
        let sold: Quantity = of_item().map(|(_, line)| line.quantity).sum();
        if sold.is_zero() {
            return Err(Refusal::NotInSale { sale: sale.sale_id, item: *item_id });
        }
        let so_far: Quantity = of_item().map(|(index, _)| returned[index].quantity).sum();
        if so_far + *quantity > sold {
            return Err(Refusal::ReturnExceedsSale {
                item: *item_id,
                sold,
                returned: so_far,
                wanted: *quantity,
            });
        }
        let mut left = *quantity;
        for (index, line) in of_item() {
            let part = left.min(line.quantity - returned[index].quantity);
            if !part.is_positive() {
                continue;
            }
            left -= part;
            let share = part_of_line(line, &returned[index], part);
            let moved = match line.moved {
                Some(_) => Some(desk.receive(lines.len(), *item_id, sale.branch_id, part, share.cost)?),
                None => None,
            };
            let so_far = &mut returned[index];
            so_far.quantity += part;
            so_far.net += share.net;
            so_far.tax += share.tax;
            so_far.cost += share.cost;
            lines.push(ReturnedLine {
                sale_line: Some(index),
                item_id: *item_id,
                quantity: part,
                net: share.net,
                tax: share.tax,
                cost: share.cost,
                moved,
            });
        }
    }
    Ok((lines, returned))
}

/// The share of a line that a part of its quantity is: cumulative, so that the parts add up to the line.
fn part_of_line(line: &SaleLine, so_far: &ReturnedSoFar, part: Quantity) -> ReturnedSoFar {
    let upto = so_far.quantity + part;
    let of = |whole: Cents, already: Cents| share(whole, upto.0, line.quantity.0) - already;
    ReturnedSoFar {
        quantity: part,
        net: of(line.net, so_far.net),
        tax: of(line.tax, so_far.tax),
        cost: of(line.cost(), so_far.cost),
    }
}

/// Sends the rest of a refund where it belongs and names the drawer that pays cash.
fn give_back<C>(
    refund: &mut Refund,
    rest: Cents,
    method: Option<RefundMethod>,
    customer: Option<CustomerId>,
    register_id: Option<RegisterId>,
    issued: &Issued<C>,
    book: &Book,
) -> Result<Option<RegisterId>, Refusal> {
    if !rest.is_positive() {
        return Ok(None);
    }
    let method = method.unwrap_or(if customer.is_some() {
        RefundMethod::StoreCredit
    } else {
        RefundMethod::Tender(TenderKind::Cash)
    });
    match method {
        RefundMethod::StoreCredit | RefundMethod::Tender(TenderKind::StoreCredit | TenderKind::Deposit) => {
            if customer.is_none() {
                return Err(Refusal::StoreCreditWithoutCustomer);
            }
            refund.store_credit = rest;
        }
        RefundMethod::Tender(TenderKind::Card) => refund.card = rest,
        RefundMethod::Tender(TenderKind::Transfer) => refund.transfer = rest,
        RefundMethod::Tender(TenderKind::Cash) => {
            refund.cash = rest;
            return Ok(Some(book.paying_drawer(register_id, issued.by, issued.branch, rest)?));
        }
    }
    Ok(None)
}

/// A return without its sale, as a document of its own.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct UnreferencedReturn {}

impl Document for UnreferencedReturn {
    const TYPE: &'static str = "return";
    type Command = ReturnUnreferenced;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let returned = unreferenced(&issued, book)?;
        Ok(vec![returned.into()])
    }
}

fn unreferenced(issued: &Issued<ReturnUnreferenced>, book: &Book) -> Result<GoodsReturned, Refusal> {
    let wanted = &issued.command;
    check_request(wanted.lines.len(), &wanted.reason)?;
    book.branch(issued.branch)?;
    if let Some(id) = wanted.customer_id {
        book.customers.get(&id).ok_or(Refusal::UnknownCustomer(id))?;
    }
    let mut desk = Desk::new(book);
    let mut lines = Vec::with_capacity(wanted.lines.len());
    for (number, (item_id, quantity, unit_price, tax_rate)) in wanted.lines.iter().enumerate() {
        if !quantity.is_positive() {
            return Err(Refusal::Invalid { field: "quantity", rule: "more than 0" });
        }
        let net = line_net(*quantity, *unit_price, Rate::ZERO);
        let (cost, moved) = match book.item(*item_id)?.kind {
            ItemKind::Service => (Cents::ZERO, None),
            ItemKind::Stocked => {
                // What it cost then is not known here: today's average stands for it.
                let cost = extend(*quantity, desk.shelf(*item_id)?.average_cost);
                (cost, Some(desk.receive(number, *item_id, issued.branch, *quantity, cost)?))
            }
        };
        let tax = tax_on(net, *tax_rate);
        lines.push(ReturnedLine {
            sale_line: None,
            item_id: *item_id,
            quantity: *quantity,
            net,
            tax,
            cost,
            moved,
        });
    }
    let net = book.document_sum(lines.iter().map(|line| line.net))?;
    let tax: Cents = lines.iter().map(|line| line.tax).sum();
    let mut refund = Refund::default();
    let register_id = give_back(
        &mut refund,
        net + tax,
        Some(wanted.refund_method),
        wanted.customer_id,
        wanted.register_id,
        issued,
        book,
    )?;
    let return_id = book.counters.next_return();
    Ok(GoodsReturned {
        return_id,
        sale_id: None,
        folio: format!("D-{:04}", return_id.0),
        date: book.day(issued.at),
        branch_id: issued.branch,
        employee_id: issued.by,
        customer_id: wanted.customer_id,
        register_id,
        reason: wanted.reason.clone(),
        lines,
        net,
        tax,
        total: net + tax,
        refund,
        due: None,
        sale_status: SaleStatus::Completed,
    })
}
