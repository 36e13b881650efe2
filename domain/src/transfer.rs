//! Stock that goes from one branch to another: at once, or on its way for a while (N-38).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, Cents, EmployeeId, Event, ItemId, Quantity, Refusal, TransferId,
    command::Issued,
    document::Document,
    inventory::{Desk, LINES_MAX, Moved},
    money::{MICRO, UNITS_MAX},
    pricing::is_stocked,
};

/// A line that left a branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferLine {
    /// The item.
    pub item_id: ItemId,
    /// Its code then.
    pub sku: String,
    /// Its name then.
    pub name: String,
    /// How much.
    pub quantity: Quantity,
    /// What it did to the stock of the sender.
    pub sent: Moved,
    /// What it did to the stock of the receiver; nothing while it is on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived: Option<Moved>,
}

impl TransferLine {
    /// What the goods are worth (115.05 while they are on their way).
    #[must_use]
    pub fn value(&self) -> Cents {
        -self.sent.value
    }
}

/// Stock left a branch for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockTransferred {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Local day.
    pub date: Date,
    /// The sender.
    pub from: BranchId,
    /// The receiver.
    pub to: BranchId,
    /// Whether it is on its way until somebody receives it.
    pub in_transit: bool,
    /// Who sent it.
    pub employee_id: EmployeeId,
    /// What was sent. Line n of a transfer that arrived at once is movement 2n at the sender, 2n + 1 at the receiver.
    pub lines: Vec<TransferLine>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A line as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedLine {
    /// The item.
    pub item_id: ItemId,
    /// How much was sent.
    pub sent: Quantity,
    /// What that was worth (leaves 115.05).
    pub sent_value: Cents,
    /// How much arrived; what is missing is written off.
    pub received: Quantity,
    /// What it did to the stock of the receiver.
    pub moved: Moved,
}

/// A transfer that was on its way was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferReceived {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Local day.
    pub date: Date,
    /// The receiver.
    pub branch_id: BranchId,
    /// Who received it.
    pub employee_id: EmployeeId,
    /// What arrived, in the order of the transfer's lines.
    pub lines: Vec<ReceivedLine>,
    /// Why something is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// Sends stock from one branch to another.
#[derive(Clone, Debug)]
pub struct TransferStock {
    /// The sender.
    pub from: BranchId,
    /// The receiver.
    pub to: BranchId,
    /// Whether it is on its way until somebody receives it.
    pub in_transit: bool,
    /// Item and quantity.
    pub lines: Vec<(ItemId, Quantity)>,
    /// Free text.
    pub notes: Option<String>,
}

/// Receives what was on its way.
#[derive(Clone, Debug)]
pub struct ReceiveTransfer {
    /// What arrived; everything where absent. An item that is left out did not arrive.
    pub lines: Option<Vec<(ItemId, Quantity)>>,
    /// Why something is missing.
    pub reason: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// A command to a transfer.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each variant is documented at its payload")]
pub enum TransferCommand {
    Send(TransferStock),
    Receive(TransferId, ReceiveTransfer),
}

/// The transfer as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Transfer {
    /// As it was sent.
    pub sent: Option<StockTransferred>,
    /// As it was received.
    pub received: Option<TransferReceived>,
}

impl Document for Transfer {
    const TYPE: &'static str = "transfer";
    type Command = TransferCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match &issued.command {
            TransferCommand::Send(wanted) => send(&issued, wanted, book)?.into(),
            TransferCommand::Receive(id, wanted) => self.receive(&issued, *id, wanted, book)?.into(),
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a transfer's stream")]
        match event {
            Event::StockTransferred(event) => self.sent = Some(*event),
            Event::TransferReceived(event) => self.received = Some(*event),
            _ => {}
        }
    }
}

fn send<C>(issued: &Issued<C>, wanted: &TransferStock, book: &Book) -> Result<StockTransferred, Refusal> {
    for (field, branch) in [("from_branch_id", wanted.from), ("to_branch_id", wanted.to)] {
        book.branch(branch).map_err(|_| Refusal::Invalid { field, rule: "a branch of the shop" })?;
    }
    if wanted.from == wanted.to {
        return Err(Refusal::Invalid { field: "to_branch_id", rule: "another branch than from_branch_id" });
    }
    if wanted.lines.is_empty() {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    // A line makes two movements.
    if wanted.lines.len() > LINES_MAX / 2 {
        return Err(Refusal::TooManyLines(LINES_MAX / 2));
    }
    let mut desk = Desk::new(book);
    let mut lines = Vec::with_capacity(wanted.lines.len());
    for (number, (item_id, quantity)) in wanted.lines.iter().enumerate() {
        let item = book.item(*item_id)?;
        if !is_stocked(book, *item_id)? {
            return Err(Refusal::NotStocked { item: *item_id, sku: item.sku.clone() });
        }
        if !quantity.is_positive() || quantity.0 > UNITS_MAX * MICRO {
            return Err(Refusal::Invalid { field: "quantity", rule: "more than 0 and at most 100 million" });
        }
        let sent = desk.issue(number * 2, *item_id, wanted.from, *quantity)?;
        let arrived = if wanted.in_transit {
            desk.dispatch(*item_id, wanted.to, *quantity, -sent.value)?;
            None
        } else {
            Some(desk.arrive(number * 2 + 1, *item_id, wanted.to, *quantity)?)
        };
        lines.push(TransferLine {
            item_id: *item_id,
            sku: item.sku.clone(),
            name: item.name.clone(),
            quantity: *quantity,
            sent,
            arrived,
        });
    }
    book.document_sum(lines.iter().map(TransferLine::value))?;
    Ok(StockTransferred {
        transfer_id: book.counters.next_transfer(),
        date: book.day(issued.at),
        from: wanted.from,
        to: wanted.to,
        in_transit: wanted.in_transit,
        employee_id: issued.by,
        lines,
        notes: wanted.notes.clone(),
    })
}

impl Transfer {
    fn receive<C>(
        &self,
        issued: &Issued<C>,
        id: TransferId,
        wanted: &ReceiveTransfer,
        book: &Book,
    ) -> Result<TransferReceived, Refusal> {
        let sent = self.sent.as_ref().ok_or(Refusal::UnknownTransfer(id))?;
        if !sent.in_transit || self.received.is_some() {
            return Err(Refusal::TransferNotInTransit(id));
        }
        let arrived = arrived(sent, wanted)?;
        let missing = sent.lines.iter().zip(&arrived).any(|(line, arrived)| *arrived < line.quantity);
        let reason = wanted.reason.clone().filter(|reason| !reason.trim().is_empty());
        if missing && reason.is_none() {
            return Err(Refusal::Invalid { field: "reason", rule: "there when something is missing" });
        }
        let mut desk = Desk::new(book);
        let mut lines = Vec::with_capacity(sent.lines.len());
        for (number, (line, received)) in sent.lines.iter().zip(arrived).enumerate() {
            desk.dispatch(line.item_id, sent.to, -line.quantity, -line.value())?;
            lines.push(ReceivedLine {
                item_id: line.item_id,
                sent: line.quantity,
                sent_value: line.value(),
                received,
                moved: desk.arrive(number, line.item_id, sent.to, received)?,
            });
        }
        Ok(TransferReceived {
            transfer_id: id,
            date: book.day(issued.at),
            branch_id: sent.to,
            employee_id: issued.by,
            lines,
            reason,
            notes: wanted.notes.clone(),
        })
    }
}

/// How much of each line arrived; an item that was sent in several lines fills them in turn.
fn arrived(sent: &StockTransferred, wanted: &ReceiveTransfer) -> Result<Vec<Quantity>, Refusal> {
    let Some(named) = &wanted.lines else {
        return Ok(sent.lines.iter().map(|line| line.quantity).collect());
    };
    let mut arrived = vec![Quantity::ZERO; sent.lines.len()];
    for (item, quantity) in named {
        if quantity.is_negative() {
            return Err(Refusal::Invalid { field: "quantity", rule: "0 or more" });
        }
        if !sent.lines.iter().any(|line| line.item_id == *item) {
            return Err(Refusal::NotInTransfer { transfer: sent.transfer_id, item: *item });
        }
        let mut left = *quantity;
        for (line, arrived) in sent.lines.iter().zip(&mut arrived) {
            if line.item_id == *item {
                let part = left.min(line.quantity - *arrived);
                *arrived += part;
                left -= part;
            }
        }
        if left.is_positive() {
            let of_item = sent.lines.iter().filter(|line| line.item_id == *item);
            let total: Quantity = of_item.map(|line| line.quantity).sum();
            return Err(Refusal::ReceivedExceedsSent { item: *item, sent: total });
        }
    }
    Ok(arrived)
}
