//! The accounting reports (`accounting.md`): taken once, shown as JSON, CSV, XLSX and PDF, over HTTP and on the
//! command line. The same scope gives the same bytes in every form, always: nothing in a file tells when or where
//! it was written.

pub mod aging;
pub mod balance_sheet;
pub mod csv;
pub mod general_ledger;
pub mod income_statement;
pub mod pdf;
mod table;
pub mod trial_balance;
pub mod xlsx;

use diario_domain::TenantId;
use diario_projections::ledger::{self, Scope};
use diario_store::{Database, StoreError};
use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde_json::Value;

pub use table::{Cell, Column, Row, Table};

/// Whose report, and of what.
#[derive(Clone, Copy)]
pub struct Of<'a> {
    /// The database.
    pub db: &'a Database,
    /// The tenant.
    pub tenant: TenantId,
    /// Its name.
    pub shop: &'a str,
    /// Its branch and the position of the log.
    pub scope: Scope,
}

/// A report that was taken.
pub struct Report {
    /// What the contract documents (5.9).
    pub body: Value,
    /// The same in rows, for spreadsheets and paper.
    pub table: Table,
}

impl Of<'_> {
    /// Finishes a report: it says whose it is and, where it looks back, as of what position.
    fn report(&self, mut body: Value, mut table: Table) -> Report {
        self.shop.clone_into(&mut table.shop);
        if let Some(branch) = self.scope.branch {
            table.notes.push(format!("Sucursal {branch}"));
        }
        if let Some(position) = self.scope.as_of {
            body["as_of"] = position.into();
            table.notes.push(format!("Como estaba el diario en su posición {position}"));
        }
        Report { body, table }
    }
}

/// What a report is set beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The days before: as many whole months, or as many days.
    PreviousPeriod,
    /// The same days a year earlier.
    PreviousYear,
}

impl Comparison {
    /// Their names.
    pub const NAMES: &[&str] = &["previous_period", "previous_year"];

    /// One by its name.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "previous_period" => Some(Self::PreviousPeriod),
            "previous_year" => Some(Self::PreviousYear),
            _ => None,
        }
    }

    /// The days beside some days.
    pub fn days(self, days: (Date, Date)) -> (Date, Date) {
        match self {
            Self::PreviousPeriod => previous(days),
            Self::PreviousYear => (year_before(days.0), year_before(days.1)),
        }
    }

    /// The day beside a day: the end of the month before, or the day a year earlier.
    pub fn date(self, date: Date) -> Date {
        match self {
            Self::PreviousPeriod => date.first_of_month().yesterday().unwrap_or(Date::MIN),
            Self::PreviousYear => year_before(date),
        }
    }
}

fn year_before(date: Date) -> Date {
    let before = date.checked_sub(Span::new().years(1)).unwrap_or(date);
    // February ends where it ends.
    if date.last_of_month() == date { before.last_of_month() } else { before }
}

fn previous((from, to): (Date, Date)) -> (Date, Date) {
    if from.first_of_month() == from && to.last_of_month() == to {
        let months = i32::from(to.year() - from.year()) * 12 + i32::from(to.month() - from.month()) + 1;
        let back = |date: Date| date.checked_sub(Span::new().months(months)).unwrap_or(date);
        return (back(from), back(to.first_of_month()).last_of_month());
    }
    let length = (to - from).get_days() + 1;
    let back = |date: Date| date.checked_sub(Span::new().days(length)).unwrap_or(date);
    (back(from), back(to))
}

/// Why an `as_of` names no position.
#[derive(Debug, thiserror::Error)]
pub enum AsOfError {
    /// It is neither a position of the log nor an instant that has passed.
    #[error("neither a position of the log nor an instant that has passed")]
    Unknown,
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The position that a text names: a position, an instant (RFC 3339), or a time on the shop's clock.
pub async fn as_of(
    db: &Database,
    tenant: TenantId,
    zone: &TimeZone,
    now: Timestamp,
    text: &str,
) -> Result<i64, AsOfError> {
    if let Ok(position) = text.parse::<i64>() {
        let head = ledger::head(db, tenant).await?;
        return if (0..=head).contains(&position) { Ok(position) } else { Err(AsOfError::Unknown) };
    }
    let at = if let Ok(at) = text.parse::<Timestamp>() {
        at
    } else {
        let local: DateTime = text.parse().map_err(|_| AsOfError::Unknown)?;
        local.to_zoned(zone.clone()).map_err(|_| AsOfError::Unknown)?.timestamp()
    };
    if at > now {
        return Err(AsOfError::Unknown);
    }
    Ok(ledger::position_at(db, tenant, at).await?)
}

/// `2026-04-01 a 2026-04-30`.
fn period_note((from, to): (Date, Date)) -> String {
    format!("Del {from} al {to}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_is_as_many_months_or_days() {
        let date = Date::constant;
        assert_eq!(previous((date(2026, 4, 1), date(2026, 4, 30))), (date(2026, 3, 1), date(2026, 3, 31)));
        assert_eq!(previous((date(2026, 1, 1), date(2026, 3, 31))), (date(2025, 10, 1), date(2025, 12, 31)));
        assert_eq!(previous((date(2026, 4, 11), date(2026, 4, 20))), (date(2026, 4, 1), date(2026, 4, 10)));
    }

    #[test]
    fn a_year_before_the_end_of_february_is_its_end() {
        let date = Date::constant;
        assert_eq!(Comparison::PreviousYear.date(date(2025, 2, 28)), date(2024, 2, 29));
        assert_eq!(Comparison::PreviousYear.date(date(2024, 2, 29)), date(2023, 2, 28));
        assert_eq!(Comparison::PreviousPeriod.date(date(2026, 3, 15)), date(2026, 2, 28));
    }
}
