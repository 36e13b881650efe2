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
    /// Entries with their lines: one row, which the database takes only when it balances.
    JOURNAL_ENTRIES = insert journal_entries(entry_id) {
        int day, int branch_id, text type, text event_type, text reference, text description, int total, text lines
    }
}

table! {
    /// Debits and credits of each account by day and branch.
    LEDGER_TOTALS = upsert ledger_totals(day, branch_id, account_id) { int debit add, int credit add }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "journal",
    tables: &[&ACCOUNTS, &JOURNAL_ENTRIES, &LEDGER_TOTALS],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    if let Event::TenantCreated(_) = &recorded.event {
        put_chart(batch);
    }
    for (number, entry) in posting::entries(&recorded.event)?.into_iter().enumerate() {
        let id = entry_id(recorded.position, number);
        let day = day_number(entry.date());
        for posting in entry.lines() {
            let (debit, credit) =
                if posting.amount.is_positive() { (posting.amount.0, 0) } else { (0, -posting.amount.0) };
            batch.put(&LEDGER_TOTALS, &[day, entry.branch().0, posting.account.0], params![debit, credit]);
        }
        let row = params![
            day,
            entry.branch().0,
            entry.entry_type().name(),
            recorded.event.name(),
            entry.reference(),
            entry.description(),
            entry.total().0,
            lines_as_json(entry.lines()),
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

fn put_chart(batch: &mut Batch) {
    let ids: BTreeMap<&str, i64> = chart::CHART.iter().map(|account| account.code).zip(1..).collect();
    for (id, account) in (1_i64..).zip(chart::CHART) {
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
}

const ENTRY: &str = "SELECT entry_id, day, branch_id, type, event_type, reference, description, total, position FROM journal_entries ";

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
    })
}

/// A page of entries, newest first.
pub async fn entries(
    db: &Database,
    tenant: TenantId,
    filter: &EntryFilter,
    page: Page,
) -> Result<Paged<EntryRow>, StoreError> {
    let narrowed =
        "WHERE tenant_id = $1 AND day >= $2 AND day <= $3 AND (CAST($4 AS TEXT) IS NULL OR type = $4)";
    let params: Vec<Value> = params![
        tenant.0,
        filter.date_from.map_or(i64::MIN, day_number),
        filter.date_to.map_or(i64::MAX, day_number),
        filter.entry_type.clone(),
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

/// An account's sums: before the period and in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BalanceRow {
    pub code: String,
    pub name: String,
    pub nature: String,
    /// Debits less credits before the period.
    pub opening: Cents,
    pub debit: Cents,
    pub credit: Cents,
}

impl BalanceRow {
    /// Debits less credits at the end of the period.
    #[must_use]
    pub fn closing(&self) -> Cents {
        self.opening + self.debit - self.credit
    }
}

/// The trial balance of some days: every account that was ever posted to.
pub async fn trial_balance(
    db: &Database,
    tenant: TenantId,
    from: Date,
    to: Date,
) -> Result<Vec<BalanceRow>, StoreError> {
    let sql = "SELECT a.code, a.name, a.type, \
                 CAST(SUM(CASE WHEN t.day < $2 THEN t.debit - t.credit ELSE 0 END) AS BIGINT), \
                 CAST(SUM(CASE WHEN t.day >= $2 THEN t.debit ELSE 0 END) AS BIGINT), \
                 CAST(SUM(CASE WHEN t.day >= $2 THEN t.credit ELSE 0 END) AS BIGINT) \
               FROM ledger_totals t \
               JOIN accounts a ON a.tenant_id = t.tenant_id AND a.account_id = t.account_id \
               WHERE t.tenant_id = $1 AND t.day <= $3 GROUP BY a.code, a.name, a.type ORDER BY a.code";
    let rows = db.query(sql, params![tenant.0, day_number(from), day_number(to)]).await?;
    rows.iter()
        .map(|row| {
            Ok(BalanceRow {
                code: row.text(0)?,
                name: row.text(1)?,
                nature: row.text(2)?,
                opening: Cents(row.int(3)?),
                debit: Cents(row.int(4)?),
                credit: Cents(row.int(5)?),
            })
        })
        .collect()
}

/// The balance of an account over all time: debits less credits.
pub async fn balance_of(db: &Database, tenant: TenantId, code: &str) -> Result<Cents, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(t.debit - t.credit), 0) AS BIGINT) FROM ledger_totals t \
               JOIN accounts a ON a.tenant_id = t.tenant_id AND a.account_id = t.account_id \
               WHERE t.tenant_id = $1 AND a.code = $2";
    db.query(sql, params![tenant.0, code]).await?.first().map_or(Ok(Cents::ZERO), |row| row.int(0).map(Cents))
}
