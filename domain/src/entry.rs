//! Entries that an accountant posts by hand, and their reversal: once, as an entry of its own.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Book, BranchId, Cents, EmployeeId, EntryId, Event, Refusal,
    command::Issued,
    document::Document,
    period::{Period, Phase},
    posting,
};

/// Lines of one entry at the most.
const LINES_MAX: usize = 500;

/// An entry was posted by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPosted {
    /// Its number among those posted by hand; the folio shows it.
    pub number: i64,
    /// Its folio, `P-0001`.
    pub folio: String,
    /// The day it belongs to.
    pub date: Date,
    /// Its month's, or the thirteenth period's.
    #[serde(default)]
    pub phase: Phase,
    /// Where.
    pub branch_id: BranchId,
    /// Who posted it.
    pub employee_id: EmployeeId,
    /// What it is.
    pub description: String,
    /// Account and amount, debit positive.
    pub lines: Vec<(AccountId, Cents)>,
    /// The entry that it takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverses: Option<EntryId>,
}

/// Posts an entry.
#[derive(Clone, Debug)]
pub struct PostEntry {
    /// The day it belongs to.
    pub date: Date,
    /// Into the thirteenth period of that day's year.
    pub adjusting: bool,
    /// Where; the employee's branch where absent.
    pub branch_id: Option<BranchId>,
    /// What it is.
    pub description: String,
    /// Account, debit, credit.
    pub lines: Vec<(AccountId, Cents, Cents)>,
}

/// Takes an entry back.
#[derive(Clone, Debug)]
pub struct ReverseEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// Its number among those posted by hand.
    pub number: i64,
    /// The day of the reversal; today where absent.
    pub date: Option<Date>,
    /// Why.
    pub description: Option<String>,
}

/// A command to an entry.
#[derive(Clone, Debug)]
pub enum EntryCommand {
    /// Posts one.
    Post(PostEntry),
    /// Takes one back.
    Reverse(ReverseEntry),
}

/// The entry as a document, with what took it back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ManualEntry {
    posted: Option<EntryPosted>,
    reversed_by: Option<String>,
}

impl Document for ManualEntry {
    const TYPE: &'static str = "entry";
    type Command = EntryCommand;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let posted = match &issued.command {
            EntryCommand::Post(wanted) => post(&issued, wanted, book)?,
            EntryCommand::Reverse(wanted) => self.reverse(&issued, wanted, book)?,
        };
        Ok(vec![posted.into()])
    }

    /// The reversal of an entry is the second event of that entry's stream.
    fn apply(&mut self, event: Event) {
        if let Event::EntryPosted(event) = event {
            if self.posted.is_none() {
                self.posted = Some(*event);
            } else {
                self.reversed_by = Some(event.folio);
            }
        }
    }
}

fn folio(number: i64) -> String {
    format!("P-{number:04}")
}

fn post<C>(issued: &Issued<C>, wanted: &PostEntry, book: &Book) -> Result<EntryPosted, Refusal> {
    let branch_id = wanted.branch_id.unwrap_or(issued.branch);
    book.branch(branch_id)?;
    if wanted.description.trim().is_empty() {
        return Err(Refusal::Invalid { field: "description", rule: "not empty" });
    }
    if wanted.lines.len() < 2 {
        return Err(Refusal::Invalid { field: "lines", rule: "a list with at least two lines" });
    }
    if wanted.lines.len() > LINES_MAX {
        return Err(Refusal::TooManyLines(LINES_MAX));
    }
    let phase = if wanted.adjusting { Phase::Adjusting } else { Phase::Ordinary };
    let date = if wanted.adjusting { Period::of_phase(wanted.date, phase).last_day() } else { wanted.date };
    if date > book.day(issued.at) {
        return Err(Refusal::Invalid { field: "date", rule: "not in the future" });
    }
    // Months close from the first that has an entry on: one that cannot be closed would keep all others open for good.
    if Period::new(i64::from(date.year()), i64::from(date.month())).is_none() {
        return Err(Refusal::Invalid { field: "date", rule: "1900 or later" });
    }
    let mut lines = Vec::with_capacity(wanted.lines.len());
    let (mut debits, mut credits) = (Cents::ZERO, Cents::ZERO);
    for (account, debit, credit) in &wanted.lines {
        book.postable("account_id", *account)?;
        book.open_to_hands("account_id", *account)?;
        if debit.is_positive() == credit.is_positive() {
            return Err(Refusal::Invalid {
                field: "debit",
                rule: "more than 0, or else credit is: one of them",
            });
        }
        debits = book.document_sum([debits, *debit])?;
        credits = book.document_sum([credits, *credit])?;
        lines.push((*account, *debit - *credit));
    }
    if debits != credits {
        return Err(Refusal::Unbalanced { debits, credits });
    }
    let number = book.counters.entry + 1;
    Ok(EntryPosted {
        number,
        folio: folio(number),
        date,
        phase,
        branch_id,
        employee_id: issued.by,
        description: wanted.description.clone(),
        lines,
        reverses: None,
    })
}

impl ManualEntry {
    fn reverse<C>(
        &self,
        issued: &Issued<C>,
        wanted: &ReverseEntry,
        book: &Book,
    ) -> Result<EntryPosted, Refusal> {
        // A number that was given out and has no stream of its own is that of a reversal.
        let given = wanted.number <= book.counters.entry;
        let none = if given { Refusal::IsReversal } else { Refusal::UnknownEntry };
        let posted = self.posted.as_ref().ok_or_else(|| none(wanted.entry_id))?;
        if let Some(by) = &self.reversed_by {
            return Err(Refusal::EntryReversed { entry: wanted.entry_id, by: by.clone() });
        }
        let date = wanted.date.unwrap_or_else(|| book.day(issued.at));
        if date < posted.date || date > book.day(issued.at).max(posted.date) {
            return Err(Refusal::Invalid { field: "date", rule: "between the entry's day and today" });
        }
        let number = book.counters.entry + 1;
        let description = wanted.description.clone().filter(|text| !text.trim().is_empty());
        Ok(EntryPosted {
            number,
            folio: folio(number),
            date,
            phase: if date == posted.date { posted.phase } else { Phase::Ordinary },
            branch_id: posted.branch_id,
            employee_id: issued.by,
            description: description
                .unwrap_or_else(|| format!("Reversión de {}: {}", posted.folio, posted.description)),
            lines: posted.lines.iter().map(|(account, amount)| (*account, -*amount)).collect(),
            reverses: Some(wanted.entry_id),
        })
    }
}

/// The position that an entry was posted at.
#[must_use]
pub fn position(entry: EntryId) -> i64 {
    posting::position_of_entry(entry.0)
}
