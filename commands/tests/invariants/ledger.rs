//! The general ledger, folded from postings in the plainest way: a list of lines and a sum for each account.

use std::collections::BTreeMap;

use diario_domain::{
    AccountId, BranchId, Cents, RegisterId, chart,
    event::Recorded,
    period::{Period, Phase, THIRTEENTH},
    posting,
};
use jiff::civil::Date;

pub struct Line {
    pub position: i64,
    pub date: Date,
    pub phase: Phase,
    pub branch: BranchId,
    pub account: AccountId,
    pub amount: Cents,
}

#[derive(Default)]
pub struct Ledger {
    pub lines: Vec<Line>,
    pub balances: BTreeMap<AccountId, Cents>,
    /// Cash by register's session, those that hold nothing left out.
    pub drawers: BTreeMap<RegisterId, Cents>,
    pub entries: i64,
    closed_months: Option<Period>,
    pub closed_years: Vec<Period>,
}

impl Ledger {
    /// Posts an event.
    ///
    /// # Errors
    /// An entry does not balance, has fewer than two lines or belongs to a closed period.
    pub fn follow(&mut self, recorded: &Recorded) -> Result<(), String> {
        let accounts = &recorded.metadata.accounts;
        let drawers: Vec<AccountId> = std::iter::once(chart::CAJA_EFECTIVO)
            .chain(accounts.iter().filter(|(from, _)| *from == chart::CAJA_EFECTIVO).map(|(_, to)| *to))
            .collect();
        for entry in posting::entries(&recorded.event, accounts).map_err(|error| error.to_string())? {
            self.entries += 1;
            let sum = |sign: i64| -> i64 {
                entry.lines().iter().map(|line| line.amount.0 * sign).filter(|amount| *amount > 0).sum()
            };
            let (debits, credits) = (Cents(sum(1)), Cents(sum(-1)));
            if debits != credits || entry.lines().len() < 2 {
                return Err(format!("entry {:?}: debits {debits}, credits {credits}", entry.description()));
            }
            if self.is_closed(entry.period()) {
                return Err(format!(
                    "entry {:?} is in closed period {}",
                    entry.description(),
                    entry.period()
                ));
            }
            for line in entry.lines() {
                *self.balances.entry(line.account).or_default() += line.amount;
                if let Some(register) = line.register {
                    if !drawers.contains(&line.account) {
                        return Err(format!("account {} names register {register}", line.account));
                    }
                    let drawer = self.drawers.entry(register).or_default();
                    *drawer += line.amount;
                    if drawer.is_zero() {
                        self.drawers.remove(&register);
                    }
                }
                self.lines.push(Line {
                    position: recorded.position,
                    date: entry.date(),
                    phase: entry.phase(),
                    branch: entry.branch(),
                    account: line.account,
                    amount: line.amount,
                });
            }
        }
        if let diario_domain::Event::PeriodClosed(closed) = &recorded.event {
            if closed.period.month == THIRTEENTH {
                self.closed_years.push(closed.period);
            } else {
                self.closed_months = Some(closed.period);
            }
        }
        Ok(())
    }

    fn is_closed(&self, period: Period) -> bool {
        if period.month == THIRTEENTH {
            self.closed_years.contains(&period)
        } else {
            self.closed_months.is_some_and(|through| period <= through)
        }
    }

    pub fn balance(&self, account: AccountId) -> Cents {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// Balances of some accounts in each branch at the end of a day, its closing entries among them.
    pub fn until(&self, day: Date, of: impl Fn(AccountId) -> bool) -> BTreeMap<(BranchId, AccountId), Cents> {
        let mut sums = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.date <= day && of(line.account)) {
            *sums.entry((line.branch, line.account)).or_insert(Cents::ZERO) += line.amount;
        }
        sums
    }
}
