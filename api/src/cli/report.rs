//! `diario report`.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Subcommand, ValueEnum};
use diario_domain::{AccountId, chart, time};
use diario_projections::{journal, ledger::Scope};
use diario_store::tenants::Tenant;
use jiff::{civil::Date, tz::TimeZone};

use super::{Common, Context, Failure, text};
use crate::reports::{
    self, Comparison, Of, Report as Taken, Table, aging, balance_sheet, csv, general_ledger,
    income_statement, pdf, trial_balance, xlsx,
};

/// Take an accounting report
///
/// The same as over HTTP. With `--as-of` it is the report as it would have been taken then.
#[derive(Subcommand)]
pub enum Report {
    /// What every account held, took and gave
    TrialBalance(TrialBalance),
    /// What some days earned
    IncomeStatement(IncomeStatement),
    /// What there is and whose it is, at the end of a day
    BalanceSheet(BalanceSheet),
    /// What customers owe, by how long it is due
    Aging(Aging),
    /// An account's entries one by one
    Ledger(Ledger),
}

#[derive(clap::Args)]
pub struct Shared {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// As the log stood at this position, or at this instant (RFC 3339, or time on the shop's clock)
    #[arg(long, value_name = "POSITION|INSTANT")]
    as_of: Option<String>,
    /// Of one branch
    #[arg(long, value_name = "ID")]
    branch: Option<i64>,
    /// How
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Into this file; to standard output where absent
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The forms of a report.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A table for people
    Text,
    /// As over HTTP
    Json,
    /// Rows for programs
    Csv,
    /// An Excel workbook
    Xlsx,
    /// Paper
    Pdf,
}

#[derive(clap::Args)]
pub struct Days {
    /// A whole month, such as 2026-10
    #[arg(long, value_name = "YEAR-MONTH", value_parser = month, conflicts_with_all = ["from", "to"])]
    month: Option<Date>,
    /// The first day; of the current month where absent
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day; of the first day's month where absent
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
}

#[derive(clap::Args)]
pub struct TrialBalance {
    #[command(flatten)]
    shared: Shared,
    #[command(flatten)]
    days: Days,
    /// With the thirteenth period of the year: closing entries and the transfer of the result
    #[arg(long)]
    thirteenth: bool,
    /// Beside it
    #[arg(long, value_parser = comparison)]
    compare: Option<Comparison>,
}

#[derive(clap::Args)]
pub struct IncomeStatement {
    #[command(flatten)]
    shared: Shared,
    #[command(flatten)]
    days: Days,
    /// Beside it
    #[arg(long, value_parser = comparison)]
    compare: Option<Comparison>,
}

#[derive(clap::Args)]
pub struct BalanceSheet {
    #[command(flatten)]
    shared: Shared,
    /// The day; today where absent
    #[arg(long)]
    date: Option<Date>,
    /// Beside it
    #[arg(long, value_parser = comparison)]
    compare: Option<Comparison>,
}

#[derive(clap::Args)]
pub struct Aging {
    #[command(flatten)]
    shared: Shared,
    /// The day; today where absent
    #[arg(long)]
    date: Option<Date>,
}

#[derive(clap::Args)]
pub struct Ledger {
    #[command(flatten)]
    shared: Shared,
    #[command(flatten)]
    days: Days,
    /// The account's code, such as 101.01
    #[arg(long, value_name = "CODE")]
    account: String,
}

fn month(text: &str) -> Result<Date, String> {
    format!("{text}-01").parse().map_err(|_| "not a month such as 2026-10".to_owned())
}

fn comparison(name: &str) -> Result<Comparison, String> {
    Comparison::of_name(name).ok_or_else(|| format!("one of {}", Comparison::NAMES.join(", ")))
}

impl Days {
    fn of(&self, today: Date) -> Result<(Date, Date), Failure> {
        let from = self.month.or(self.from).unwrap_or_else(|| self.to.unwrap_or(today).first_of_month());
        let to = self.to.unwrap_or_else(|| from.last_of_month());
        if from > to { Err(format!("{from} is behind {to}").into()) } else { Ok((from, to)) }
    }
}

impl Report {
    fn shared(&self) -> &Shared {
        match self {
            Self::TrialBalance(report) => &report.shared,
            Self::IncomeStatement(report) => &report.shared,
            Self::BalanceSheet(report) => &report.shared,
            Self::Aging(report) => &report.shared,
            Self::Ledger(report) => &report.shared,
        }
    }

    /// Takes and writes it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let shared = self.shared();
        let taken = Context::with(common, false, async |context| {
            let tenant = context.tenant(&shared.tenant).await?;
            self.take(context, &tenant).await
        })
        .await?;
        write(shared, if common.json { Form::Json } else { shared.format }, &taken)?;
        Ok(ExitCode::SUCCESS)
    }

    async fn take(&self, context: &Context, tenant: &Tenant) -> Result<Taken, Failure> {
        context.read_models(tenant).await?;
        let shared = self.shared();
        let zone = TimeZone::get(&tenant.timezone)?;
        let now = context.commands.now();
        let today = time::local_day(now, &zone);
        let as_of = match &shared.as_of {
            None => None,
            Some(text) => Some(
                reports::as_of(&context.db, tenant.tenant_id, &zone, now, text)
                    .await
                    .map_err(|error| format!("--as-of {text}: {error}"))?,
            ),
        };
        let scope = Scope { as_of, branch: shared.branch };
        let of = Of { db: &context.db, tenant: tenant.tenant_id, shop: &tenant.name, scope };
        Ok(match self {
            Self::TrialBalance(TrialBalance { days, thirteenth, compare, .. }) => {
                let days = days.of(today)?;
                let asked = trial_balance::Asked { days, thirteenth: *thirteenth, comparison: *compare };
                trial_balance::take(of, asked).await?
            }
            Self::IncomeStatement(IncomeStatement { days, compare, .. }) => {
                let asked = income_statement::Asked { days: days.of(today)?, comparison: *compare };
                income_statement::take(of, asked).await?
            }
            Self::BalanceSheet(BalanceSheet { date, compare, .. }) => {
                let asked = balance_sheet::Asked { date: date.unwrap_or(today), comparison: *compare };
                balance_sheet::take(of, asked).await?
            }
            Self::Aging(Aging { date, .. }) => {
                if shared.branch.is_some() {
                    return Err("a customer owes the shop, not a branch: --branch says nothing here".into());
                }
                aging::take(of, date.unwrap_or(today)).await?
            }
            Self::Ledger(Ledger { days, account, .. }) => {
                let accounts = journal::accounts(&context.db, tenant.tenant_id).await?;
                let account = accounts
                    .iter()
                    .find(|row| row.code == *account)
                    .ok_or_else(|| format!("there is no account {account:?}"))?;
                if chart::is_group(AccountId(account.account_id)) {
                    return Err(format!("{} is a group: nothing is posted to it", account.code).into());
                }
                general_ledger::take(of, account, days.of(today)?).await?
            }
        })
    }
}

fn write(shared: &Shared, form: Form, report: &Taken) -> Result<(), Failure> {
    let bytes = match form {
        Form::Text => as_text(&report.table).into_bytes(),
        Form::Json => format!("{}\n", report.body).into_bytes(),
        Form::Csv => csv::write(&report.table).into_bytes(),
        Form::Xlsx => xlsx::write(&report.table)?,
        Form::Pdf => pdf::write(&report.table),
    };
    if let Some(path) = &shared.out {
        return fs::write(path, bytes)
            .map_err(|error| format!("cannot write {}: {error}", path.display()).into());
    }
    if matches!(form, Form::Xlsx | Form::Pdf) {
        let mut out = std::io::stdout();
        if out.is_terminal() {
            return Err("a file of this form is not for the screen: name one with --out".into());
        }
        out.write_all(&bytes)?;
        return Ok(out.flush()?);
    }
    text::print(&String::from_utf8_lossy(&bytes))
}

fn as_text(table: &Table) -> String {
    let mut out = format!("{}\n{}\n", table.shop, table.title);
    for note in &table.notes {
        out.push_str(note);
        out.push('\n');
    }
    out.push('\n');
    let number = |place: usize| {
        table.rows.iter().any(|row| row.cells.get(place).is_some_and(reports::Cell::is_number))
    };
    let heads: Vec<_> = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            (column.head, if number(place) { text::Align::Right } else { text::Align::Left })
        })
        .collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| text::short(&cell.words())).collect())
        .collect();
    let totals = table.rows.iter().rev().take_while(|row| row.total).count();
    out.push_str(&text::table(&heads, &rows, rows.len() - totals));
    out
}
