//! `diario close`.

use std::process::ExitCode;

use diario_domain::{Command, EmployeeId, Event, period::Period};
use serde_json::json;

use super::{Common, Context, Failure, text};
use crate::close;

/// Close a month, or the thirteenth period of a year: for good
///
/// Months close in order; December and the thirteenth period close apart. What is closed takes nothing any more and
/// cannot be opened again. `docs/periods.md` says what the digest is taken of.
#[derive(clap::Args)]
pub struct Close {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Which, such as 2026-10, or 2026-13 for the year
    #[arg(long, value_name = "YEAR-MONTH", value_parser = period)]
    month: Period,
    /// Who closes it: an employee's id
    #[arg(long, value_name = "ID", default_value_t = 1)]
    employee: i64,
}

fn period(text: &str) -> Result<Period, String> {
    let wrong = || "not a month such as 2026-10, nor 2026-13".to_owned();
    let (year, month) = text.split_once('-').ok_or_else(wrong)?;
    Period::new(year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?).ok_or_else(wrong)
}

impl Close {
    /// Closes it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let closed = Context::with(common, false, async |context| self.close(context).await).await?;
        if common.json {
            text::print_json(&json!({
                "year": closed.period.year,
                "month": closed.period.month,
                "status": "closed",
                "digest": closed.digest,
                "entries": closed.entries,
            }))?;
        } else {
            let entries = text::count(closed.entries);
            text::print(&format!(
                "{} is closed: {entries} entries, SHA-256 {}\n",
                closed.period, closed.digest
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn close(&self, context: &Context) -> Result<diario_domain::period::PeriodClosed, Failure> {
        let tenant = context.tenant(&self.tenant).await?;
        context.read_models(&tenant).await?;
        let command = close::prepare(&context.db, tenant.tenant_id, self.month).await?;
        let closed = |event: &Event| {
            let closed = if let Event::PeriodClosed(closed) = event { Some(closed) } else { None };
            closed.and_then(|closed| serde_json::to_string(&**closed).ok()).unwrap_or_default()
        };
        let command = Command::ClosePeriod(Box::new(command));
        let told = context.decide(tenant.tenant_id, EmployeeId(self.employee), command, None, closed).await?;
        Ok(serde_json::from_str(&told)?)
    }
}
