//! The journal: accounts, entries and their lines, and the trial balance.

use std::{collections::BTreeMap, fmt::Write as _};

use diario_domain::{
    Cents, Event, TenantId, chart,
    event::Recorded,
    posting::{self, Posting, entry_id},
    time::{date_of, day_number},
};
use diario_store::{Database, Row, StoreError, Value, models::Batch, params, table};
use jiff::civil::Date;

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
};

table! {
    /// The chart.
    ACCOUNTS = upsert accounts(account_id) {
        text code, text sat_code, text name, text type, int parent_id, int level, int is_active
    }
}

table! {
    /// Entries with their lines: one row, which the database takes only when it balances and its period is open.
    JOURNAL_ENTRIES = insert journal_entries(entry_id) {
        int day, int branch_id, text type, text event_type, text reference, text description, int total, text lines,
        int period, int phase,
    }
}

table! {
    /// Debits and credits of each account by block of the log, day and branch, and how many lines they are of.
    LEDGER_BLOCKS = upsert ledger_blocks(block, day, phase, branch_id, account_id) {
        int debit add, int credit add, int lines add,
    }
}

table! {
    /// Between which two the entries of a day lie.
    ENTRY_DAYS = upsert entry_days(day) { int first_entry min, int last_entry max }
}

table! {
    /// Periods that are closed.
    CLOSED_PERIODS = insert closed_periods(period) { int closed_at, int employee_id, text digest, int entries }
}

table! {
    /// Changes of the posting map.
    POSTING_CHANGES = insert posting_changes(position) { int account_id, text event_type, int to_account_id }
}

/// Positions of the log in one block of sums.
pub const BLOCK: i64 = 4_096;

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "journal",
    tables: &[&ACCOUNTS, &JOURNAL_ENTRIES, &LEDGER_BLOCKS, &ENTRY_DAYS, &CLOSED_PERIODS, &POSTING_CHANGES],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::TenantCreated(_) => put_chart(batch),
        Event::AccountCreated(account) => {
            let row = params![
                account.code.as_str(),
                account.sat_code.as_str(),
                account.name.as_str(),
                account.nature.name(),
                account.parent_id.0,
                account.level,
                1,
            ];
            batch.put(&ACCOUNTS, &[account.account_id.0], row);
        }
        Event::PostingMapped(mapped) => {
            let row = params![mapped.account_id.0, &mapped.event_type, mapped.to.map(|id| id.0)];
            batch.put(&POSTING_CHANGES, &[recorded.position], row);
        }
        Event::PeriodClosed(closed) => {
            let row = params![
                recorded.occurred_at.as_microsecond(),
                closed.employee_id.0,
                closed.digest.as_str(),
                closed.entries,
            ];
            batch.put(&CLOSED_PERIODS, &[closed.period.number()], row);
        }
        _ => {}
    }
    let block = recorded.position / BLOCK;
    for (number, entry) in
        posting::entries(&recorded.event, &recorded.metadata.accounts)?.into_iter().enumerate()
    {
        let id = entry_id(recorded.position, number);
        let (day, phase) = (day_number(entry.date()), entry.phase().number());
        for posting in entry.lines() {
            let (debit, credit) =
                if posting.amount.is_positive() { (posting.amount.0, 0) } else { (0, -posting.amount.0) };
            let key = [block, day, phase, entry.branch().0, posting.account.0];
            batch.put(&LEDGER_BLOCKS, &key, params![debit, credit, 1]);
        }
        batch.put(&ENTRY_DAYS, &[day], params![id, id]);
        let row = params![
            day,
            entry.branch().0,
            entry.entry_type().name(),
            recorded.event.name(),
            entry.reference(),
            entry.description(),
            entry.total().0,
            lines_as_json(entry.lines()),
            entry.period().number(),
            phase,
        ];
        batch.put(&JOURNAL_ENTRIES, &[id], row);
    }
    Ok(())
}

/// `[[account_id, amount, register_id or null], …]`.
fn lines_as_json(lines: &[Posting]) -> String {
    let mut text = String::with_capacity(lines.len() * 24 + 2);
    for (number, line) in lines.iter().enumerate() {
        let _ = match line.register {
            Some(register) => write!(text, "[{},{},{register}]", line.account, line.amount.0),
            None => write!(text, "[{},{},null]", line.account, line.amount.0),
        };
        text.push_str(if number + 1 < lines.len() { "," } else { "]" });
    }
    text.insert(0, '[');
    text
}

/// The lines in a column as `lines_as_json` wrote them: account and amount, debit positive.
pub(crate) fn lines_in(row: &Row, column: usize) -> Result<Vec<(i64, Cents)>, StoreError> {
    let lines: Vec<(i64, i64, Option<i64>)> = serde_json::from_str(&row.text(column)?)
        .map_err(|_| StoreError::Column { column, expected: "lines of an entry" })?;
    Ok(lines.into_iter().map(|(account, amount, _)| (account, Cents(amount))).collect())
}

fn put_chart(batch: &mut Batch) {
    let ids: BTreeMap<&str, i64> = chart::CHART.iter().map(|account| account.code).zip(1..).collect();
    for (id, account) in (1_i64..).zip(chart::CHART.iter()) {
        let parent = chart::parent_code(account.code).and_then(|code| ids.get(code.as_str()).copied());
        let row = params![
            account.code,
            account.code,
            account.name,
            account.nature.name(),
            parent,
            chart::level(account.code),
            1,
        ];
        batch.put(&ACCOUNTS, &[id], row);
    }
}

/// An account.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct Account {
    pub account_id: i64,
    pub code: String,
    pub sat_code: String,
    pub name: String,
    pub nature: String,
    pub parent_id: Option<i64>,
    pub level: i64,
    pub is_active: bool,
}

/// The chart, by code.
pub async fn accounts(db: &Database, tenant: TenantId) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT account_id, code, sat_code, name, type, parent_id, level, is_active FROM accounts \
               WHERE tenant_id = $1 ORDER BY code";
    let rows = db.query(sql, params![tenant.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(Account {
                account_id: row.int(0)?,
                code: row.text(1)?,
                sat_code: row.text(2)?,
                name: row.text(3)?,
                nature: row.text(4)?,
                parent_id: row.opt_int(5)?,
                level: row.int(6)?,
                is_active: row.int(7)? != 0,
            })
        })
        .collect()
}

/// An entry's head.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct EntryRow {
    pub entry_id: i64,
    pub date: Date,
    pub branch_id: i64,
    pub entry_type: String,
    pub event_type: String,
    pub reference: String,
    pub description: String,
    pub total: Cents,
    pub position: i64,
    pub period: i64,
}

/// A line of an entry.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct LineRow {
    pub account_id: i64,
    pub account_code: String,
    pub account_name: String,
    pub amount: Cents,
    pub register_id: Option<i64>,
}

/// What a list of entries is narrowed to.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the contract's parameters (5.9)")]
pub struct EntryFilter {
    pub date_from: Option<Date>,
    pub date_to: Option<Date>,
    pub entry_type: Option<String>,
    /// Posted up to this position of the log.
    pub as_of: Option<i64>,
}

const ENTRY: &str = "SELECT entry_id, day, branch_id, type, event_type, reference, description, total, position, period FROM journal_entries ";

fn entry(row: &Row) -> Result<EntryRow, StoreError> {
    Ok(EntryRow {
        entry_id: row.int(0)?,
        date: date_of(row.int(1)?),
        branch_id: row.int(2)?,
        entry_type: row.text(3)?,
        event_type: row.text(4)?,
        reference: row.text(5)?,
        description: row.text(6)?,
        total: Cents(row.int(7)?),
        position: row.int(8)?,
        period: row.int(9)?,
    })
}

/// A page of entries, newest first.
pub async fn entries(
    db: &Database,
    tenant: TenantId,
    filter: &EntryFilter,
    page: Page,
) -> Result<Paged<EntryRow>, StoreError> {
    let narrowed = "WHERE tenant_id = $1 AND day >= $2 AND day <= $3 AND (CAST($4 AS TEXT) IS NULL OR type = $4) \
         AND entry_id < $5";
    let params: Vec<Value> = params![
        tenant.0,
        filter.date_from.map_or(i64::MIN, day_number),
        filter.date_to.map_or(i64::MAX, day_number),
        filter.entry_type.clone(),
        filter.as_of.map_or(i64::MAX, |position| entry_id(position + 1, 0)),
    ];
    let list = List {
        select: ENTRY,
        counted: "FROM journal_entries",
        conditions: narrowed,
        params,
        keys: &["entry_id"],
        order: Order::Descending,
    };
    list.page(db, page, entry, |row| [row.entry_id, 0]).await
}

/// One entry's head.
pub async fn find_entry(db: &Database, tenant: TenantId, id: i64) -> Result<Option<EntryRow>, StoreError> {
    let sql = format!("{ENTRY}WHERE tenant_id = $1 AND entry_id = $2");
    db.query(&sql, params![tenant.0, id]).await?.first().map(entry).transpose()
}

/// An entry's lines.
pub async fn lines(db: &Database, tenant: TenantId, entry: i64) -> Result<Vec<LineRow>, StoreError> {
    let sql = "SELECT l.account_id, a.code, a.name, l.amount, l.register_id FROM journal_lines l \
               JOIN accounts a ON a.tenant_id = l.tenant_id AND a.account_id = l.account_id \
               WHERE l.tenant_id = $1 AND l.entry_id = $2 ORDER BY l.line";
    let rows = db.query(sql, params![tenant.0, entry]).await?;
    rows.iter()
        .map(|row| {
            Ok(LineRow {
                account_id: row.int(0)?,
                account_code: row.text(1)?,
                account_name: row.text(2)?,
                amount: Cents(row.int(3)?),
                register_id: row.opt_int(4)?,
            })
        })
        .collect()
}
