//! Fiscal periods: months that close in order and for good, and the thirteenth in which a year is closed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Book, BranchId, Cents, EmployeeId, Event, Refusal, chart, command::Issued, document::Document,
};

/// The period of a year's closing entries.
pub const THIRTEENTH: i8 = 13;

/// A month of a year, or its thirteenth period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The year.
    pub year: i16,
    /// 1 to 12, or 13.
    pub month: i8,
}

impl Period {
    /// A period, where there is such a one.
    #[must_use]
    pub fn new(year: i64, month: i64) -> Option<Self> {
        let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
        ((1900..=9998).contains(&year) && (1..=THIRTEENTH).contains(&month)).then_some(Self { year, month })
    }

    /// The month of a day.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// The period that a day's entries of a phase belong to.
    #[must_use]
    pub fn of_phase(date: Date, phase: Phase) -> Self {
        match phase {
            Phase::Ordinary => Self::of(date),
            Phase::Adjusting | Phase::Closing => Self { year: date.year(), month: THIRTEENTH },
        }
    }

    /// `202604`, as it is stored.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }

    /// The period of a stored number.
    #[must_use]
    pub fn of_number(number: i64) -> Option<Self> {
        Self::new(number / 100, number % 100)
    }

    /// The first day; of the thirteenth period the last of the year.
    #[must_use]
    pub fn first_day(self) -> Date {
        if self.month == THIRTEENTH {
            self.last_day()
        } else {
            Date::new(self.year, self.month, 1).unwrap_or(Date::MAX)
        }
    }

    /// The last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        let month = self.month.min(12);
        Date::new(self.year, month, 1).map_or(Date::MAX, Date::last_of_month)
    }

    /// The month after; the thirteenth period is no month.
    #[must_use]
    pub fn next_month(self) -> Self {
        if self.month >= 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What kind of posting an entry is, as far as periods go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Of its month.
    #[default]
    Ordinary,
    /// The accountant's, in the thirteenth period.
    Adjusting,
    /// The transfer of the year's result to 305, in the thirteenth period: no income and no expense.
    Closing,
}

impl Phase {
    /// As it is stored.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Ordinary => 0,
            Self::Adjusting => 1,
            Self::Closing => 2,
        }
    }
}

/// The transfer of a branch's result of a year: every account of results is brought to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearResult {
    /// The branch: the statements of each balance by themselves.
    pub branch_id: BranchId,
    /// What is posted to each account of results, debit positive: its balance, turned round.
    pub lines: Vec<(AccountId, Cents)>,
    /// What goes to 305, debit positive.
    pub result: Cents,
}

/// A period was closed, for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodClosed {
    /// The period.
    pub period: Period,
    /// Who closed it.
    pub employee_id: EmployeeId,
    /// SHA-256 of its entries in hex, as `docs/periods.md` describes it; the year's result is not among them.
    pub digest: String,
    /// How many entries that was.
    pub entries: i64,
    /// Closing the thirteenth period posts the year's result, branch by branch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<YearResult>,
}

impl PeriodClosed {
    /// Where the result goes: 305.01, or 305.02 where the year as a whole is a loss.
    #[must_use]
    pub fn result_account(&self) -> AccountId {
        let result: Cents = self.results.iter().map(|of| of.result).sum();
        if result.is_positive() { chart::PERDIDA_EJERCICIO } else { chart::UTILIDAD_EJERCICIO }
    }
}

/// Closes a period. What is in it was read at a position of the log; an entry that came later is a refusal.
#[derive(Clone, Debug)]
pub struct ClosePeriod {
    /// The period.
    pub period: Period,
    /// Where the log was when the digest was taken.
    pub position: i64,
    /// SHA-256 of its entries in hex.
    pub digest: String,
    /// How many.
    pub entries: i64,
    /// The balances of each branch's accounts of results at the end of the year, debit positive; for the thirteenth
    /// period.
    pub results: Vec<(BranchId, Vec<(AccountId, Cents)>)>,
}

/// The period as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PeriodDocument {}

impl Document for PeriodDocument {
    const TYPE: &'static str = "period";
    type Command = ClosePeriod;

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let closed = close(&issued, book)?;
        Ok(vec![closed.into()])
    }
}

fn close(issued: &Issued<ClosePeriod>, book: &Book) -> Result<PeriodClosed, Refusal> {
    let wanted = &issued.command;
    let period = wanted.period;
    book.employee(issued.by)?;
    book.periods.may_close(period, book.day(issued.at))?;
    if book.periods.last_posted(period) > wanted.position {
        return Err(Refusal::PeriodMoved(period));
    }
    let mut results = Vec::new();
    for (branch_id, balances) in wanted.results.iter().filter(|_| period.month == THIRTEENTH) {
        let held = balances.iter().filter(|(_, amount)| !amount.is_zero());
        let lines: Vec<_> = held.map(|(id, amount)| (*id, -*amount)).collect();
        let result = -lines.iter().map(|(_, amount)| *amount).sum::<Cents>();
        if !lines.is_empty() {
            results.push(YearResult { branch_id: *branch_id, lines, result });
        }
    }
    Ok(PeriodClosed {
        period,
        employee_id: issued.by,
        digest: wanted.digest.clone(),
        entries: wanted.entries,
        results,
    })
}

/// Which periods are closed and what the open ones hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Periods {
    /// The last month that is closed; all before it are.
    pub closed_through: Option<Period>,
    /// Years whose thirteenth period is closed.
    pub closed_years: Vec<i16>,
    /// The position of the last event that posted into each open period.
    pub posted: Vec<(Period, i64)>,
}

impl Periods {
    /// Whether a period takes nothing any more.
    #[must_use]
    pub fn is_closed(&self, period: Period) -> bool {
        if period.month == THIRTEENTH {
            // A year takes the results of the years before it along that were not closed.
            self.closed_years.iter().any(|year| *year >= period.year)
        } else {
            self.closed_through.is_some_and(|through| period <= through)
        }
    }

    /// The position of the last event that posted into a period; 0 where none did.
    #[must_use]
    pub fn last_posted(&self, period: Period) -> i64 {
        self.posted.iter().find(|(of, _)| *of == period).map_or(0, |(_, position)| *position)
    }

    fn first_open(&self) -> Option<Period> {
        self.posted.iter().map(|(period, _)| *period).filter(|period| period.month != THIRTEENTH).min()
    }

    /// Whether a period may be closed on a day: months in order, and a year when its December is closed.
    ///
    /// # Errors
    /// It is closed already, in the future, or an earlier one is open.
    pub fn may_close(&self, period: Period, today: Date) -> Result<(), Refusal> {
        if self.is_closed(period) {
            return Err(Refusal::PeriodClosed(period));
        }
        if period.first_day() > today {
            return Err(Refusal::PeriodInFuture(period));
        }
        let earlier = if period.month == THIRTEENTH {
            let december = Period { year: period.year, month: 12 };
            let before = self.posted.iter().map(|(of, _)| *of).filter(|of| of.month == THIRTEENTH).min();
            (!self.is_closed(december)).then_some(december).or(before.filter(|before| *before < period))
        } else {
            match self.closed_through {
                Some(through) => Some(through.next_month()),
                None => self.first_open(),
            }
            .filter(|open| *open < period)
        };
        earlier.map_or(Ok(()), |open| Err(Refusal::EarlierPeriodOpen { period, open }))
    }

    pub(crate) fn post(&mut self, period: Period, position: i64) {
        match self.posted.iter_mut().find(|(of, _)| *of == period) {
            Some((_, last)) => *last = position,
            None => self.posted.push((period, position)),
        }
    }

    pub(crate) fn close(&mut self, period: Period) {
        if period.month == THIRTEENTH {
            self.closed_years.push(period.year);
            self.posted.retain(|(of, _)| of.month != THIRTEENTH || *of > period);
        } else {
            self.closed_through = Some(period);
            self.posted.retain(|(of, _)| of.month == THIRTEENTH || *of > period);
            // A year whose months are over waits for its close, whether or not anything was posted to that: the years
            // after it have its result in theirs until then.
            let thirteenth = Period { year: period.year, month: THIRTEENTH };
            if period.month == 12 && self.last_posted(thirteenth) == 0 {
                self.post(thirteenth, 0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(year: i16, month: i8) -> Period {
        Period { year, month }
    }

    #[test]
    fn months_close_in_order_and_for_good() {
        let today = Date::constant(2026, 5, 10);
        let mut periods = Periods::default();
        for month in [3, 4, 5] {
            periods.post(period(2026, month), i64::from(month));
        }
        let open = |open| Err(Refusal::EarlierPeriodOpen { period: period(2026, 4), open });
        assert_eq!(periods.may_close(period(2026, 4), today), open(period(2026, 3)));
        assert_eq!(periods.may_close(period(2026, 3), today), Ok(()));
        periods.close(period(2026, 3));
        assert_eq!(periods.may_close(period(2026, 3), today), Err(Refusal::PeriodClosed(period(2026, 3))));
        assert!(periods.is_closed(period(2026, 1)) && !periods.is_closed(period(2026, 4)));
        assert_eq!(periods.may_close(period(2026, 4), today), Ok(()));
        assert_eq!(periods.may_close(period(2026, 6), today), Err(Refusal::PeriodInFuture(period(2026, 6))));
    }

    #[test]
    fn a_year_closes_after_its_december_and_apart_from_january() {
        let today = Date::constant(2027, 2, 1);
        let mut periods = Periods::default();
        periods.post(period(2026, 12), 1);
        let thirteenth = period(2026, 13);
        assert!(periods.may_close(thirteenth, today).is_err());
        periods.close(period(2026, 12));
        assert_eq!(periods.may_close(period(2027, 1), today), Ok(()));
        assert_eq!(periods.may_close(thirteenth, today), Ok(()));
        periods.close(thirteenth);
        assert_eq!(periods.may_close(thirteenth, today), Err(Refusal::PeriodClosed(thirteenth)));
        // Its results went with those of the year after.
        let before = period(2025, 13);
        assert_eq!(periods.may_close(before, today), Err(Refusal::PeriodClosed(before)));
    }

    #[test]
    fn years_close_in_order() {
        let today = Date::constant(2028, 2, 1);
        let mut periods = Periods::default();
        periods.post(period(2026, 12), 1);
        periods.close(period(2026, 12));
        periods.close(period(2027, 12));
        let (first, second) = (period(2026, 13), period(2027, 13));
        let early = Err(Refusal::EarlierPeriodOpen { period: second, open: first });
        assert_eq!(periods.may_close(second, today), early);
        periods.close(first);
        assert_eq!(periods.may_close(second, today), Ok(()));
    }
}
