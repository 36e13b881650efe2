//! Corrections of stock, with their reason: an unexplained shortage is presumed sold (LIVA art. 8).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    AdjustmentId, Book, BranchId, Event, ItemId, Quantity, Refusal,
    command::Issued,
    document::Document,
    inventory::{Desk, LINES_MAX, Moved},
    item::ItemKind,
    money::extend,
};

/// A line of an adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjustmentLine {
    /// The item.
    pub item_id: ItemId,
    /// Signed: what is there more (or less) than the books said.
    pub quantity: Quantity,
    /// Why.
    pub reason: String,
    /// What it did to the stock, at average cost.
    pub moved: Moved,
}

/// Stock was adjusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockAdjusted {
    /// The adjustment.
    pub adjustment_id: AdjustmentId,
    /// Local day.
    pub date: Date,
    /// Where.
    pub branch_id: BranchId,
    /// What was adjusted.
    pub lines: Vec<AdjustmentLine>,
}

/// Adjusts stock.
#[derive(Clone, Debug)]
pub struct AdjustStock {
    /// Where; the employee's branch where absent.
    pub branch_id: Option<BranchId>,
    /// Item, signed quantity, reason.
    pub lines: Vec<(ItemId, Quantity, String)>,
}

/// The adjustment as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Adjustment {}

impl Document for Adjustment {
    const TYPE: &'static str = "adjustment";
    type Command = AdjustStock;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let adjusted = decide(issued, book)?;
        Ok(vec![adjusted.into()])
    }
}

fn decide(issued: Issued<AdjustStock>, book: &Book) -> Result<StockAdjusted, Refusal> {
    let branch_id = issued.command.branch_id.unwrap_or(issued.branch);
    book.branch(branch_id)?;
    if issued.command.lines.is_empty() {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    if issued.command.lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    let mut desk = Desk::new(book);
    let mut lines = Vec::with_capacity(issued.command.lines.len());
    for (number, (item_id, quantity, reason)) in issued.command.lines.into_iter().enumerate() {
        let item = book.item(item_id)?;
        if item.kind == ItemKind::Service {
            return Err(Refusal::NotStocked { item: item_id, sku: item.sku.clone() });
        }
        if quantity.is_zero() {
            return Err(Refusal::Invalid { field: "quantity", rule: "other than 0" });
        }
        if reason.trim().is_empty() {
            return Err(Refusal::Invalid { field: "reason", rule: "not empty" });
        }
        let moved = if quantity.is_negative() {
            desk.write_off(number, item_id, branch_id, -quantity)?
        } else {
            let value = extend(quantity, desk.shelf(item_id)?.average_cost);
            desk.receive(number, item_id, branch_id, quantity, value)?
        };
        lines.push(AdjustmentLine { item_id, quantity, reason, moved });
    }
    book.document_sum(lines.iter().map(|line| line.moved.value))?;
    Ok(StockAdjusted {
        adjustment_id: book.counters.next_adjustment(),
        date: book.day(issued.at),
        branch_id,
        lines,
    })
}
