//! The journal for outside judges: hledger and beancount (`accounting.md`, "Outside judges").
//!
//! Their defaults let errors through, so amounts carry exactly two decimals, accounts and commodity are declared,
//! and every account's balance is asserted without tolerance at the end of each month.

use std::{collections::BTreeMap, fmt::Write as _};

use diario_domain::{
    AccountId, Cents, Event, TenantId,
    account::AccountCreated,
    chart,
    posting::{self, entry_id},
};
use diario_store::{Log, StoreError};
use jiff::civil::Date;

/// Which judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Format {
    Hledger,
    Beancount,
    Jsonl,
}

/// Events read at once.
const PAGE: i64 = 1_000;

/// Where an export goes, piece by piece.
pub type Sink<'a> = &'a mut (dyn FnMut(&str) -> std::io::Result<()> + Send);

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A posting rule is wrong.
    #[error(transparent)]
    Posting(#[from] posting::Unbalanced),
    /// The other end is gone.
    #[error("cannot write: {0}")]
    Write(#[from] std::io::Error),
}

/// Writes a tenant's journal, straight off the log, by date and then by number; at the end of each month every
/// account's balance is asserted exactly.
pub async fn journal(
    log: &Log,
    tenant: TenantId,
    currency: &str,
    format: Format,
    sink: Sink<'_>,
) -> Result<(), ExportError> {
    let (entries, codes) = entries_by_date(log, tenant).await?;
    sink(&preamble(&codes, currency, format))?;
    let mut balances: BTreeMap<&Code, Cents> = BTreeMap::new();
    for (place, dated) in entries.iter().enumerate() {
        sink(&one(dated, &codes, currency, format))?;
        for line in dated.entry.lines() {
            *balances.entry(codes.of(line)).or_default() += line.amount;
        }
        let date = dated.entry.date();
        let month_ends = entries.get(place + 1).is_none_or(|next| next.entry.date().first_of_month() > date);
        if month_ends {
            sink(&assertions(date.last_of_month(), &balances, currency, format))?;
        }
    }
    Ok(())
}

/// An entry with where it comes from.
struct Dated {
    id: i64,
    position: i64,
    event_type: &'static str,
    entry: posting::Entry,
}

/// Business time may run behind the log's order (imports), and a journal is read by date.
async fn entries_by_date(log: &Log, tenant: TenantId) -> Result<(Vec<Dated>, Codes), ExportError> {
    let mut codes = Codes::of_chart();
    let mut entries = Vec::new();
    let mut position = 0;
    loop {
        let events = log.read(tenant, position, PAGE).await?;
        let Some(last) = events.last() else { break };
        position = last.position;
        for event in &events {
            if let Event::AccountCreated(account) = &event.event {
                codes.0.insert(account.account_id, Code::from(&**account));
            }
            let posted = posting::entries(&event.event, &event.metadata.accounts)?;
            for (number, entry) in posted.into_iter().enumerate() {
                let id = entry_id(event.position, number);
                entries.push(Dated { id, position: event.position, event_type: event.event.name(), entry });
            }
        }
    }
    // The thirteenth period comes behind its December.
    entries.sort_by_key(|dated| (dated.entry.date(), dated.entry.phase(), dated.id));
    Ok((entries, codes))
}

/// An account's own code and SAT's, which says what class it is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Code {
    own: String,
    sat: String,
}

impl From<&AccountCreated> for Code {
    fn from(account: &AccountCreated) -> Self {
        Self { own: account.code.clone(), sat: account.sat_code.clone() }
    }
}

/// The codes of accounts: the chart's and the tenant's own.
struct Codes(BTreeMap<AccountId, Code>);

/// Of an account that nobody knows.
static NOWHERE: Code = Code { own: String::new(), sat: String::new() };

impl Codes {
    fn of_chart() -> Self {
        let code =
            |account: &chart::Account| Code { own: account.code.to_owned(), sat: account.code.to_owned() };
        Self((1..).map(AccountId).zip(chart::CHART.iter().map(code)).collect())
    }

    fn of(&self, line: &posting::Posting) -> &Code {
        self.0.get(&line.account).unwrap_or(&NOWHERE)
    }
}

fn assertions(end: Date, balances: &BTreeMap<&Code, Cents>, currency: &str, format: Format) -> String {
    let mut text = String::new();
    match format {
        Format::Hledger => {
            let _ = writeln!(text, "{end} assertions");
            for (code, balance) in balances {
                let _ = writeln!(
                    text,
                    "    {}  0.00 {currency} == {balance} {currency}",
                    account_name(code, format)
                );
            }
            text.push('\n');
        }
        Format::Beancount => {
            // An assertion of beancount holds at the beginning of its day.
            let morning = end.tomorrow().unwrap_or(end);
            for (code, balance) in balances {
                let _ = writeln!(
                    text,
                    "{morning} balance {}  {balance} ~ 0.00 {currency}",
                    account_name(code, format)
                );
            }
            text.push('\n');
        }
        Format::Jsonl => {}
    }
    text
}

/// The judge's name for an account: root by SAT's class, then the tenant's code.
fn account_name(code: &Code, format: Format) -> String {
    let root = match code.sat.as_bytes().first() {
        Some(b'1') => "Assets",
        Some(b'2') => "Liabilities",
        Some(b'3') => "Equity",
        Some(b'4') => "Income",
        _ if code.sat.starts_with("704") => "Income",
        _ => "Expenses",
    };
    match format {
        // Its names have no dots; a dash of the tenant's is doubled, so that no two codes fall together.
        Format::Beancount => format!("{root}:A{}", code.own.replace('-', "--").replace('.', "-")),
        Format::Hledger | Format::Jsonl => format!("{root}:{}", code.own),
    }
}

fn preamble(codes: &Codes, currency: &str, format: Format) -> String {
    let mut text = String::new();
    let group = |id: AccountId| chart::account(id).is_some_and(|account| !account.code.contains('.'));
    let codes = codes.0.iter().filter(|(id, _)| !group(**id)).map(|(_, code)| code);
    match format {
        Format::Hledger => {
            let _ = writeln!(text, "decimal-mark .\ncommodity 1000.00 {currency}\n");
            for account in codes {
                let _ = writeln!(text, "account {}", account_name(account, format));
            }
            text.push('\n');
        }
        Format::Beancount => {
            let _ = writeln!(text, "option \"operating_currency\" \"{currency}\"");
            let _ = writeln!(
                text,
                "plugin \"beancount.plugins.leafonly\"\nplugin \"beancount.plugins.noduplicates\""
            );
            let _ = writeln!(text, "1970-01-01 commodity {currency}");
            for account in codes {
                let _ = writeln!(text, "1970-01-01 open {} {currency}", account_name(account, format));
            }
            text.push('\n');
        }
        Format::Jsonl => {}
    }
    text
}

fn one(dated: &Dated, codes: &Codes, currency: &str, format: Format) -> String {
    let Dated { id, entry, .. } = dated;
    let mut text = String::new();
    match format {
        Format::Hledger => {
            let _ = writeln!(
                text,
                "{} ({}) {} ; entry:{id}",
                entry.date(),
                entry.reference(),
                entry.description()
            );
            for line in entry.lines() {
                let _ = writeln!(
                    text,
                    "    {}  {} {currency}",
                    account_name(codes.of(line), format),
                    line.amount
                );
            }
        }
        Format::Beancount => {
            let _ = writeln!(text, "{} * \"{} {}\"", entry.date(), entry.reference(), entry.description());
            let _ = writeln!(text, "  entry: \"{id}\"");
            for line in entry.lines() {
                let _ =
                    writeln!(text, "  {}  {} {currency}", account_name(codes.of(line), format), line.amount);
            }
        }
        Format::Jsonl => {
            let lines: Vec<_> = entry
                .lines()
                .iter()
                .map(|line| serde_json::json!({"account": codes.of(line).own, "amount_cents": line.amount.0}))
                .collect();
            let _ = write!(
                text,
                "{}",
                serde_json::json!({
                    "entry_id": id, "position": dated.position, "date": entry.date().to_string(),
                    "type": entry.entry_type().name(), "event_type": dated.event_type,
                    "reference": entry.reference(), "description": entry.description(), "lines": lines,
                })
            );
        }
    }
    text.push('\n');
    text
}

/// Writes a tenant's events as they are stored, one JSON object a line.
pub async fn events(log: &Log, tenant: TenantId, sink: Sink<'_>) -> Result<(), ExportError> {
    let mut position = 0;
    loop {
        let rows = log.read_stored(tenant, position, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        position = last.int(0)?;
        for row in &rows {
            // Payload and metadata go out as the bytes that were hashed.
            let line = format!(
                "{{\"tenant_id\":{tenant},\"position\":{},\"stream\":{},\"version\":{},\"event_type\":{},\"schema_version\":{},\"payload\":{},\"metadata\":{},\"occurred_at\":{},\"recorded_at\":{},\"prev_hash\":\"{}\",\"hash\":\"{}\"}}\n",
                row.int(0)?,
                serde_json::Value::from(row.text(1)?),
                row.int(2)?,
                serde_json::Value::from(row.text(3)?),
                row.int(4)?,
                row.text(5)?,
                row.text(6)?,
                row.int(7)?,
                row.int(8)?,
                crate::verify::hex(&row.bytes(9)?),
                crate::verify::hex(&row.bytes(10)?),
            );
            sink(&line)?;
        }
    }
}
