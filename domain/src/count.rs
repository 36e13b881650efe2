//! Physical counts: what is counted is compared with the books of that moment, so that what is sold until the
//! approval is not undone by it (N-36).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Book, BranchId, CountId, EmployeeId, Event, ItemId, Quantity, Refusal,
    command::Issued,
    document::Document,
    inventory::{Desk, LINES_MAX, Moved},
    money::{MICRO, UNITS_MAX, extend},
    pricing::is_stocked,
};

/// A line that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedLine {
    /// The item.
    pub item_id: ItemId,
    /// Its code then.
    pub sku: String,
    /// Its name then.
    pub name: String,
    /// What the books said.
    pub expected: Quantity,
    /// What was there.
    pub counted: Quantity,
}

impl CountedLine {
    /// What was there more (or less) than the books said.
    #[must_use]
    pub fn difference(&self) -> Quantity {
        self.counted - self.expected
    }
}

/// A physical count was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountStarted {
    /// The count.
    pub count_id: CountId,
    /// Local day.
    pub date: Date,
    /// Where.
    pub branch_id: BranchId,
    /// Who counted.
    pub employee_id: EmployeeId,
    /// What was counted.
    pub lines: Vec<CountedLine>,
}

/// A difference that was booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDifference {
    /// The item.
    pub item_id: ItemId,
    /// Signed.
    pub quantity: Quantity,
    /// What it did to the stock, at average cost.
    pub moved: Moved,
}

/// A physical count was approved and its differences booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountApproved {
    /// The count.
    pub count_id: CountId,
    /// Local day.
    pub date: Date,
    /// Where.
    pub branch_id: BranchId,
    /// Who approved.
    pub employee_id: EmployeeId,
    /// The differences that are not 0.
    pub lines: Vec<CountedDifference>,
}

/// Enters a physical count.
#[derive(Clone, Debug)]
pub struct StartCount {
    /// Where; the employee's branch where absent.
    pub branch_id: Option<BranchId>,
    /// Item and what was there of it.
    pub lines: Vec<(ItemId, Quantity)>,
}

/// A command to a count.
#[derive(Clone, Debug)]
pub enum CountCommand {
    /// Enters it.
    Start(StartCount),
    /// Books its differences.
    Approve(CountId),
}

/// The count as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Count {
    /// As it was entered.
    pub started: Option<CountStarted>,
    /// Whether it was approved.
    pub approved: bool,
}

impl Document for Count {
    const TYPE: &'static str = "count";
    type Command = CountCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let event: Event = match &issued.command {
            CountCommand::Start(wanted) => start(&issued, wanted, book)?.into(),
            CountCommand::Approve(id) => self.approve(&issued, *id, book)?.into(),
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "no other event reaches a count's stream")]
        match event {
            Event::CountStarted(event) => self.started = Some(*event),
            Event::CountApproved(_) => self.approved = true,
            _ => {}
        }
    }
}

fn start<C>(issued: &Issued<C>, wanted: &StartCount, book: &Book) -> Result<CountStarted, Refusal> {
    let branch_id = wanted.branch_id.unwrap_or(issued.branch);
    book.branch(branch_id)?;
    if wanted.lines.is_empty() {
        return Err(Refusal::Invalid { field: "items", rule: "a list with at least one line" });
    }
    if wanted.lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut lines = Vec::with_capacity(wanted.lines.len());
    for (item_id, counted) in &wanted.lines {
        let item = book.item(*item_id)?;
        if !is_stocked(book, *item_id)? {
            return Err(Refusal::NotStocked { item: *item_id, sku: item.sku.clone() });
        }
        if counted.is_negative() || counted.0 > UNITS_MAX * MICRO {
            return Err(Refusal::Invalid { field: "counted_quantity", rule: "between 0 and 100 million" });
        }
        if !seen.insert(*item_id) {
            return Err(Refusal::Invalid { field: "inventory_id", rule: "named once" });
        }
        lines.push(CountedLine {
            item_id: *item_id,
            sku: item.sku.clone(),
            name: item.name.clone(),
            expected: item.shelf.branch(branch_id).on_hand,
            counted: *counted,
        });
    }
    Ok(CountStarted {
        count_id: book.counters.next_count(),
        date: book.day(issued.at),
        branch_id,
        employee_id: issued.by,
        lines,
    })
}

impl Count {
    fn approve<C>(&self, issued: &Issued<C>, id: CountId, book: &Book) -> Result<CountApproved, Refusal> {
        let started = self.started.as_ref().ok_or(Refusal::UnknownCount(id))?;
        if self.approved {
            return Err(Refusal::CountApproved(id));
        }
        let mut desk = Desk::new(book);
        let mut lines = Vec::new();
        for line in &started.lines {
            let difference = line.difference();
            let (item, branch, number) = (line.item_id, started.branch_id, lines.len());
            let moved = if difference.is_negative() {
                desk.write_off(number, item, branch, -difference)?
            } else if difference.is_positive() {
                let value = extend(difference, desk.shelf(item)?.average_cost);
                desk.receive(number, item, branch, difference, value)?
            } else {
                continue;
            };
            lines.push(CountedDifference { item_id: item, quantity: difference, moved });
        }
        book.document_sum(lines.iter().map(|line| line.moved.value))?;
        Ok(CountApproved {
            count_id: id,
            date: book.day(issued.at),
            branch_id: started.branch_id,
            employee_id: issued.by,
            lines,
        })
    }
}
