//! The general ledger: balances of accounts over any days, of one branch or all, as the log stood at any position.
//!
//! Sums are kept by block of the log ([`journal::BLOCK`] positions). A report of today adds up blocks; one as of a
//! position adds up the blocks that end before it and the entries of the block it lies in. Both are one query.

use diario_domain::{
    Cents, Event, TenantId,
    posting::entry_id,
    time::{date_of, day_number},
};
use diario_store::{Database, Log, Row, StoreError, Value, params};
use jiff::{Timestamp, civil::Date};

use crate::{
    Begin, Cursor, Page, Paged,
    journal::{self, BLOCK},
};

/// What a report is taken of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// As the log stood at this position; as it stands now where absent.
    pub as_of: Option<i64>,
    /// Of one branch; of all where absent.
    pub branch: Option<i64>,
}

/// `sums(block, day, phase, account_id, debit, credit, lines)` of a scope. Parameters: `$1` tenant, `$2` the first block that is
/// not whole, `$3` and `$4` the entries of it that count, `$5` the branch or nothing.
const SUMS: &str = "WITH sums AS ( \
    SELECT b.block, b.day, b.phase, b.account_id, b.debit, b.credit, b.lines FROM ledger_blocks b \
    WHERE b.tenant_id = $1 AND b.block < $2 AND (CAST($5 AS BIGINT) IS NULL OR b.branch_id = $5) \
    UNION ALL \
    SELECT $2, l.day, l.phase, l.account_id, CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END, \
      CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END, 1 FROM journal_lines l \
    WHERE l.tenant_id = $1 AND l.entry_id >= $3 AND l.entry_id < $4 \
      AND (CAST($5 AS BIGINT) IS NULL OR l.branch_id = $5)) ";

fn scoped(tenant: TenantId, scope: Scope) -> Vec<Value> {
    let (block, first, end) = match scope.as_of {
        Some(position) => {
            let block = (position + 1) / BLOCK;
            (block, entry_id(block * BLOCK, 0), entry_id(position + 1, 0))
        }
        None => (i64::MAX, 0, 0),
    };
    params![tenant.0, block, first, end, scope.branch]
}

/// The last position that was recorded up to an instant; positions are recorded in order.
pub async fn position_at(db: &Database, tenant: TenantId, at: Timestamp) -> Result<i64, StoreError> {
    let head = "SELECT COALESCE(MAX(position), 0) FROM events WHERE tenant_id = $1";
    let mut after = db.query(head, params![tenant.0]).await?.first().map_or(Ok(0), |row| row.int(0))? + 1;
    let mut upto = 0;
    while after - upto > 1 {
        let middle = upto + (after - upto) / 2;
        let sql = "SELECT recorded_at FROM events WHERE tenant_id = $1 AND position = $2";
        let rows = db.query(sql, params![tenant.0, middle]).await?;
        let recorded = rows.first().map_or(Ok(i64::MAX), |row| row.int(0))?;
        if recorded <= at.as_microsecond() {
            upto = middle;
        } else {
            after = middle;
        }
    }
    Ok(upto)
}

/// The position that the journal has followed to.
pub async fn journal_position(db: &Database, tenant: TenantId) -> Result<i64, StoreError> {
    db.checkpoint(tenant, journal::PROJECTION.name).await
}

/// The last position of a tenant's log.
pub async fn head(db: &Database, tenant: TenantId) -> Result<i64, StoreError> {
    let sql = "SELECT head FROM tenants WHERE tenant_id = $1";
    db.query(sql, params![tenant.0]).await?.first().map_or(Ok(0), |row| row.int(0))
}

/// An account's sums: before the period and in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct BalanceRow {
    pub account_id: i64,
    pub code: String,
    /// SAT's code: what class an account is of, whatever the tenant calls it.
    pub sat_code: String,
    pub name: String,
    pub nature: String,
    pub parent_id: Option<i64>,
    /// Debits less credits before the period.
    pub opening: Cents,
    pub debit: Cents,
    pub credit: Cents,
}

impl BalanceRow {
    /// Debits less credits in the period.
    #[must_use]
    pub fn moved(&self) -> Cents {
        self.debit - self.credit
    }

    /// Debits less credits at the end of the period.
    #[must_use]
    pub fn closing(&self) -> Cents {
        self.opening + self.moved()
    }
}

/// Which phases of a year's last day are in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upto {
    /// The months only: a last December without its thirteenth period.
    Months,
    /// The accountant's closing entries too, but not the transfer of the result: what a year earned.
    Adjusted,
    /// Everything.
    Closed,
}

impl Upto {
    const fn phase(self) -> i64 {
        match self {
            Self::Months => 0,
            Self::Adjusted => 1,
            Self::Closed => 2,
        }
    }
}

fn balance(row: &Row) -> Result<BalanceRow, StoreError> {
    Ok(BalanceRow {
        account_id: row.int(0)?,
        code: row.text(1)?,
        sat_code: row.text(2)?,
        name: row.text(3)?,
        nature: row.text(4)?,
        parent_id: row.opt_int(5)?,
        opening: Cents(row.int(6)?),
        debit: Cents(row.int(7)?),
        credit: Cents(row.int(8)?),
    })
}

/// The accounts with their sums, by code. The sums are made before the accounts are joined to them: the other way
/// round `SQLite` unfolds each entry's lines once for every account of the chart.
fn totals(columns: &str) -> String {
    format!(
        "{SUMS}, totals AS (SELECT s.account_id, {columns} GROUP BY s.account_id) \
         SELECT a.account_id, a.code, a.sat_code, a.name, a.type, a.parent_id, t.opening, t.debit, t.credit \
         FROM totals t JOIN accounts a ON a.tenant_id = $1 AND a.account_id = t.account_id ORDER BY a.code"
    )
}

/// The balances of every account that was posted to until a day, by code. What belongs to a thirteenth period before
/// the first day counts in the opening; within the days, `upto` says. Days that go on into the next year have all of
/// the year before in them, or their closing would be another than that of January by itself.
pub async fn balances(
    db: &Database,
    tenant: TenantId,
    scope: Scope,
    days: (Date, Date),
    upto: Upto,
) -> Result<Vec<BalanceRow>, StoreError> {
    let sql = totals(
        "CAST(SUM(CASE WHEN s.day < $6 THEN s.debit - s.credit ELSE 0 END) AS BIGINT) AS opening, \
         CAST(SUM(CASE WHEN s.day >= $6 THEN s.debit ELSE 0 END) AS BIGINT) AS debit, \
         CAST(SUM(CASE WHEN s.day >= $6 THEN s.credit ELSE 0 END) AS BIGINT) AS credit \
         FROM sums s WHERE s.day <= $7 AND (s.day < $9 OR s.phase <= $8)",
    );
    let whole_before = if upto == Upto::Months { days.1 } else { days.0 };
    let mut params = scoped(tenant, scope);
    params.extend(params![day_number(days.0), day_number(days.1), upto.phase(), day_number(whole_before)]);
    db.query(&sql, params).await?.iter().map(balance).collect()
}

/// A thirteenth period by itself: its opening is the end of December.
pub async fn thirteenth(
    db: &Database,
    tenant: TenantId,
    scope: Scope,
    year_end: Date,
) -> Result<Vec<BalanceRow>, StoreError> {
    let sql = totals(
        "CAST(SUM(CASE WHEN s.day < $6 OR s.phase = 0 THEN s.debit - s.credit ELSE 0 END) AS BIGINT) AS opening, \
         CAST(SUM(CASE WHEN s.day = $6 AND s.phase > 0 THEN s.debit ELSE 0 END) AS BIGINT) AS debit, \
         CAST(SUM(CASE WHEN s.day = $6 AND s.phase > 0 THEN s.credit ELSE 0 END) AS BIGINT) AS credit \
         FROM sums s WHERE s.day <= $6",
    );
    let mut params = scoped(tenant, scope);
    params.push(day_number(year_end).into());
    db.query(&sql, params).await?.iter().map(balance).collect()
}

/// The balance of an account and all below it over all time: debits less credits.
pub async fn balance_of(db: &Database, tenant: TenantId, code: &str) -> Result<Cents, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(b.debit - b.credit), 0) AS BIGINT) FROM ledger_blocks b \
               JOIN accounts a ON a.tenant_id = b.tenant_id AND a.account_id = b.account_id \
               WHERE b.tenant_id = $1 AND a.code = $2";
    db.query(sql, params![tenant.0, code]).await?.first().map_or(Ok(Cents::ZERO), |row| row.int(0).map(Cents))
}

/// A line of an account's ledger.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct LedgerLine {
    pub entry_id: i64,
    pub line: i64,
    pub date: Date,
    pub branch_id: i64,
    pub entry_type: String,
    pub event_type: String,
    pub reference: String,
    pub description: String,
    pub amount: Cents,
    pub position: i64,
}

const LINE: &str = "SELECT l.entry_id, l.line, l.day, l.branch_id, e.type, e.event_type, e.reference, e.description, \
    l.amount, l.position ";
const LINE_FROM: &str =
    "FROM journal_lines l JOIN journal_entries e ON e.tenant_id = l.tenant_id AND e.entry_id = l.entry_id ";

fn ledger_line(row: &Row) -> Result<LedgerLine, StoreError> {
    Ok(LedgerLine {
        entry_id: row.int(0)?,
        line: row.int(1)?,
        date: date_of(row.int(2)?),
        branch_id: row.int(3)?,
        entry_type: row.text(4)?,
        event_type: row.text(5)?,
        reference: row.text(6)?,
        description: row.text(7)?,
        amount: Cents(row.int(8)?),
        position: row.int(9)?,
    })
}

/// A line's key: its place among the lines of an entry fits behind the entry's number.
fn line_key(line: &LedgerLine) -> Cursor {
    [day_number(line.date), line.entry_id * 1_000 + line.line]
}

/// A page of an account's lines of some days, oldest first by day and entry. How many lines each block of the log has
/// on each day is known: those before the page are passed over by their number, and only the page's own are read.
pub async fn lines(
    db: &Database,
    tenant: TenantId,
    scope: Scope,
    account: i64,
    days: (Date, Date),
    page: Page,
) -> Result<Paged<LedgerLine>, StoreError> {
    let places = format!(
        "{SUMS}SELECT day, block, CAST(SUM(lines) AS BIGINT) FROM sums \
         WHERE account_id = $6 AND day >= $7 AND day <= $8 GROUP BY day, block ORDER BY day, block"
    );
    let mut params = scoped(tenant, scope);
    params.extend(params![account, day_number(days.0), day_number(days.1)]);
    let places = db.query(&places, params).await?;
    let sql = format!(
        "{LINE}{LINE_FROM}WHERE l.tenant_id = $1 AND l.entry_id >= $2 AND l.entry_id < $3 AND l.account_id = $4 \
         AND l.day = $5 AND (CAST($6 AS BIGINT) IS NULL OR l.branch_id = $6) AND l.entry_id * 1000 + l.line > $7 \
         ORDER BY l.entry_id, l.line LIMIT $8 OFFSET $9"
    );
    let (mut passed, [after_day, after_line]) = match page.begin {
        Begin::Offset(rows) => (rows, [i64::MIN, 0]),
        Begin::After(after) => (0, after.unwrap_or([i64::MIN, 0])),
    };
    let upto = scope.as_of.map_or(i64::MAX, |position| entry_id(position + 1, 0));
    let (mut total, mut missing) = (0, page.limit.saturating_add(1));
    let mut rows = Vec::new();
    for place in &places {
        let (day, block, lines) = (place.int(0)?, place.int(1)?, place.int(2)?);
        total += lines;
        let behind = if day == after_day { after_line } else { 0 };
        let first = entry_id(block * BLOCK, 0).max(behind / 1_000);
        let end = entry_id((block + 1) * BLOCK, 0).min(upto);
        if missing == 0 || day < after_day || first >= end {
            continue;
        }
        if passed >= lines {
            passed -= lines;
            continue;
        }
        let params = params![tenant.0, first, end, account, day, scope.branch, behind, missing, passed];
        for row in &db.query(&sql, params).await? {
            rows.push(ledger_line(row)?);
            missing -= 1;
        }
        passed = 0;
    }
    let more = missing == 0;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(line_key);
    let total = matches!(page.begin, Begin::Offset(_)).then_some(total);
    Ok(Paged { rows, total, next })
}

/// A closed period.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct ClosedPeriod {
    pub period: i64,
    pub closed_at: Timestamp,
    pub closed_by: Option<String>,
    pub digest: String,
    pub entries: i64,
    pub position: i64,
}

/// Every closed period, newest first.
pub async fn closed_periods(db: &Database, tenant: TenantId) -> Result<Vec<ClosedPeriod>, StoreError> {
    let sql = "SELECT c.period, c.closed_at, e.name, c.digest, c.entries, c.position FROM closed_periods c \
               LEFT JOIN employees e ON e.tenant_id = c.tenant_id AND e.employee_id = c.employee_id \
               WHERE c.tenant_id = $1 ORDER BY c.period DESC";
    let rows = db.query(sql, params![tenant.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(ClosedPeriod {
                period: row.int(0)?,
                closed_at: crate::sales::instant(row, 1)?,
                closed_by: row.opt_text(2)?,
                digest: row.text(3)?,
                entries: row.int(4)?,
                position: row.int(5)?,
            })
        })
        .collect()
}

/// The first day and the last that anything was posted on.
pub async fn posted_days(db: &Database, tenant: TenantId) -> Result<Option<(Date, Date)>, StoreError> {
    let sql = "SELECT MIN(day), MAX(day) FROM entry_days WHERE tenant_id = $1";
    let rows = db.query(sql, params![tenant.0]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(row.opt_int(0)?.zip(row.opt_int(1)?).map(|(first, last)| (date_of(first), date_of(last))))
}

/// The text of a period's entries that its digest is taken of: one line for each line of an entry, in the order of
/// entries, and how many entries that is. The transfer of a year's result is not among them.
pub async fn canonical(
    db: &Database,
    tenant: TenantId,
    period: i64,
    upto: i64,
) -> Result<(String, i64), StoreError> {
    use std::fmt::Write as _;
    let sql = "SELECT entry_id, day, branch_id, type, event_type, reference, description, lines FROM journal_entries \
               WHERE tenant_id = $1 AND period = $2 AND phase < 2 AND entry_id < $3 AND entry_id > $4 \
               ORDER BY entry_id LIMIT 5000";
    let (mut text, mut count, mut after) = (String::new(), 0, 0);
    loop {
        let rows = db.query(sql, params![tenant.0, period, entry_id(upto + 1, 0), after]).await?;
        for row in &rows {
            after = row.int(0)?;
            count += 1;
            let _ = writeln!(
                text,
                "{after}|{}|{}|{}|{}|{}|{}|{}",
                date_of(row.int(1)?),
                row.int(2)?,
                row.text(3)?,
                row.text(4)?,
                escaped(&row.text(5)?),
                escaped(&row.text(6)?),
                row.text(7)?
            );
        }
        if rows.len() < 5_000 {
            return Ok((text, count));
        }
    }
}

/// Text in which `|` and the end of a line mean nothing else: no two texts become the same.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('\n', "\\n")
}

/// A rule of the posting map that is in force.
#[derive(Clone, Debug)]
pub struct PostingRule {
    /// The account of the rules.
    pub account_id: i64,
    /// Only for events of this type.
    pub event_type: Option<String>,
    /// Where it goes.
    pub to: i64,
    /// From which position on.
    pub since: i64,
}

/// The posting map as it is in force.
pub async fn posting_map(db: &Database, tenant: TenantId) -> Result<Vec<PostingRule>, StoreError> {
    let sql = "SELECT account_id, event_type, to_account_id, position FROM posting_changes WHERE tenant_id = $1 ORDER BY position";
    let mut rules: Vec<(PostingRule, bool)> = Vec::new();
    for row in &db.query(sql, params![tenant.0]).await? {
        let (account_id, event_type) = (row.int(0)?, row.opt_text(1)?);
        rules.retain(|(rule, _)| rule.account_id != account_id || rule.event_type != event_type);
        let to = row.opt_int(2)?;
        let rule = PostingRule { account_id, event_type, to: to.unwrap_or(0), since: row.int(3)? };
        rules.push((rule, to.is_some()));
    }
    Ok(rules.into_iter().filter(|(_, maps)| *maps).map(|(rule, _)| rule).collect())
}

/// What a customer owes on a day, by how long it is due.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are the contract's (5.9)")]
pub struct AgingRow {
    pub customer_id: i64,
    pub name: String,
    pub current: Cents,
    pub days_1_30: Cents,
    pub days_31_60: Cents,
    pub days_61_90: Cents,
    pub days_over_90: Cents,
}

impl AgingRow {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> Cents {
        self.current + self.days_1_30 + self.days_31_60 + self.days_61_90 + self.days_over_90
    }
}

/// What customers owe at the end of a day (N-40), by name: as of a position the name is the one they had then.
pub async fn aging(
    db: &Database,
    tenant: TenantId,
    as_of: Option<i64>,
    date: Date,
) -> Result<Vec<AgingRow>, StoreError> {
    let bucket =
        |condition: &str| format!("CAST(SUM(CASE WHEN {condition} THEN o.amount ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "WITH o AS (SELECT customer_id, sale_id, MAX(due_day) AS due_day, CAST(SUM(amount) AS BIGINT) AS amount \
           FROM receivable_changes WHERE tenant_id = $1 AND day <= $2 AND position <= $3 \
           GROUP BY customer_id, sale_id) \
         SELECT o.customer_id, c.name, c.position, {}, {}, {}, {}, {} FROM o \
         JOIN customers c ON c.tenant_id = $1 AND c.customer_id = o.customer_id WHERE o.amount <> 0 \
         GROUP BY o.customer_id, c.name, c.position ORDER BY o.customer_id",
        bucket("o.due_day >= $2"),
        bucket("$2 - o.due_day BETWEEN 1 AND 30"),
        bucket("$2 - o.due_day BETWEEN 31 AND 60"),
        bucket("$2 - o.due_day BETWEEN 61 AND 90"),
        bucket("$2 - o.due_day > 90"),
    );
    let until = as_of.unwrap_or(i64::MAX);
    let mut customers = Vec::new();
    for row in &db.query(&sql, params![tenant.0, day_number(date), until]).await? {
        let customer_id = row.int(0)?;
        let name =
            if row.int(2)? <= until { row.text(1)? } else { name_at(db, tenant, customer_id, until).await? };
        customers.push(AgingRow {
            customer_id,
            name,
            current: Cents(row.int(3)?),
            days_1_30: Cents(row.int(4)?),
            days_31_60: Cents(row.int(5)?),
            days_61_90: Cents(row.int(6)?),
            days_over_90: Cents(row.int(7)?),
        });
    }
    customers.sort_by(|a, b| a.name.cmp(&b.name).then(a.customer_id.cmp(&b.customer_id)));
    Ok(customers)
}

/// The name that a customer had at a position, for those who were renamed since.
async fn name_at(
    db: &Database,
    tenant: TenantId,
    customer: i64,
    position: i64,
) -> Result<String, StoreError> {
    let events = Log::new(db.clone()).stream(tenant, &format!("customer-{customer}")).await?;
    let mut name = String::new();
    for recorded in events.into_iter().filter(|recorded| recorded.position <= position) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "other events of the stream name nobody")]
        match recorded.event {
            Event::CustomerRegistered(customer) => name = customer.details.name,
            Event::CustomerUpdated(customer) => name = customer.details.name,
            _ => {}
        }
    }
    Ok(name)
}

/// The chart, by code; the tenant's own accounts among SAT's.
pub use journal::accounts;
