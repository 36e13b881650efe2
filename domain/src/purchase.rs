//! Goods received from a supplier, on credit or paid at once.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, Event, ItemId, PurchaseId, Quantity, Refusal, RegisterId, UnitPrice,
    command::Issued,
    document::Document,
    inventory::{Desk, LINES_MAX, Moved},
    item::ItemKind,
    money::{extend, tax_on},
    sale::TenderKind,
};

/// A line of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLine {
    /// The item.
    pub item_id: ItemId,
    /// How much came.
    pub quantity: Quantity,
    /// Net cost of one.
    pub unit_cost: UnitPrice,
    /// Net of the line.
    pub net: Cents,
    /// Creditable tax of the line.
    pub tax: Cents,
    /// What it did to the stock.
    pub moved: Moved,
}

/// A purchase was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseRecorded {
    /// The purchase.
    pub purchase_id: PurchaseId,
    /// Local day.
    pub date: Date,
    /// Where the goods went.
    pub branch_id: BranchId,
    /// From whom.
    pub supplier: String,
    /// The supplier's invoice.
    pub invoice_number: Option<String>,
    /// What came.
    pub lines: Vec<PurchaseLine>,
    /// Net of all lines.
    pub net: Cents,
    /// Tax of all lines.
    pub tax: Cents,
    /// Net and tax.
    pub total: Cents,
    /// How it was paid at once; it is owed where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_by: Option<TenderKind>,
    /// The drawer that paid cash; the safe where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_id: Option<RegisterId>,
    /// Free text.
    pub notes: Option<String>,
}

/// Receives a purchase.
#[derive(Clone, Debug)]
pub struct RecordPurchase {
    /// Where the goods go; the employee's branch where absent (N-37).
    pub branch_id: Option<BranchId>,
    /// From whom.
    pub supplier: String,
    /// The supplier's invoice.
    pub invoice_number: Option<String>,
    /// Item, quantity, net unit cost.
    pub lines: Vec<(ItemId, Quantity, UnitPrice)>,
    /// How it is paid at once; on credit where absent.
    pub paid_by: Option<TenderKind>,
    /// The drawer that pays cash; the safe where absent.
    pub register_id: Option<RegisterId>,
    /// Free text.
    pub notes: Option<String>,
}

/// The purchase as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Purchase {}

impl Document for Purchase {
    const TYPE: &'static str = "purchase";
    type Command = RecordPurchase;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let recorded = decide(issued, book)?;
        Ok(vec![recorded.into()])
    }
}

fn decide(issued: Issued<RecordPurchase>, book: &Book) -> Result<PurchaseRecorded, Refusal> {
    let branch_id = issued.command.branch_id.unwrap_or(issued.branch);
    book.branch(branch_id)?;
    let date = book.day(issued.at);
    let RecordPurchase { supplier, invoice_number, lines: wanted, paid_by, register_id, notes, .. } =
        issued.command;
    if wanted.is_empty() {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    if wanted.len() > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    let mut desk = Desk::new(book);
    let mut lines = Vec::with_capacity(wanted.len());
    for (number, (item_id, quantity, unit_cost)) in wanted.into_iter().enumerate() {
        let item = book.item(item_id)?;
        if item.kind == ItemKind::Service {
            return Err(Refusal::NotStocked { item: item_id, sku: item.sku.clone() });
        }
        if !quantity.is_positive() {
            return Err(Refusal::Invalid { field: "quantity", rule: "more than 0" });
        }
        if unit_cost.is_negative() {
            return Err(Refusal::Invalid { field: "unit_cost", rule: "0 or more" });
        }
        let net = book.document_sum([extend(quantity, unit_cost)])?;
        let tax = tax_on(net, item.prices.tax_rate);
        let moved = desk.receive(number, item_id, branch_id, quantity, net)?;
        lines.push(PurchaseLine { item_id, quantity, unit_cost, net, tax, moved });
    }
    let net = book.document_sum(lines.iter().map(|line| line.net))?;
    let tax: Cents = lines.iter().map(|line| line.tax).sum();
    let register_id = match (paid_by, register_id) {
        (Some(TenderKind::Cash), Some(id)) => {
            Some(book.paying_drawer(Some(id), issued.by, issued.branch, net + tax)?)
        }
        _ => None,
    };
    Ok(PurchaseRecorded {
        purchase_id: book.counters.next_purchase(),
        date,
        branch_id,
        supplier,
        invoice_number,
        lines,
        net,
        tax,
        total: net + tax,
        paid_by,
        register_id,
        notes,
    })
}
