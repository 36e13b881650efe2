//! `diario verify`.

use std::{fmt::Write as _, process::ExitCode, time::Duration};

use diario_projections::verify::{Difference, Report, verify};
use diario_store::tenants::Tenant;
use serde_json::{Value, json};

use super::{Common, Context, Failure, text};

/// Recompute the hash chain from the stored bytes, fold the log from its first event, and compare every row of
/// every read model with what the log says.
///
/// Names the first position where they part. Exit code 1 where they do.
#[derive(clap::Args)]
pub struct Verify {
    /// Only this tenant (slug or id); all where absent
    #[arg(long)]
    tenant: Option<String>,
}

/// How long read models may take to follow what a stopped process left behind.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

impl Verify {
    /// Verifies.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let clean =
            Context::with(common, false, async |context| self.verify(context, common.json).await).await?;
        Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn verify(&self, context: &Context, as_json: bool) -> Result<bool, Failure> {
        let mut clean = true;
        let mut told = Vec::new();
        for tenant in context.tenants(self.tenant.as_deref()).await? {
            // What a killed process had not folded yet is no difference: the read models first go as far as they can.
            context.projections.caught_up(tenant.tenant_id, tenant.head, PATIENCE).await;
            let bar = text::progress(&tenant.slug, tenant.head);
            let advance = |done: i64, all: i64| {
                bar.set_length(all.unsigned_abs());
                bar.set_position(done.unsigned_abs());
            };
            let report = verify(&context.log, tenant.tenant_id, &advance).await?;
            bar.finish_and_clear();
            clean &= report.is_clean();
            if as_json {
                told.push(as_value(&tenant, &report));
            } else {
                text::print(&words(&tenant, &report))?;
            }
        }
        if as_json {
            text::print_json(&json!({"clean": clean, "tenants": told}))?;
        }
        Ok(clean)
    }
}

fn as_value(tenant: &Tenant, report: &Report) -> Value {
    json!({
        "tenant": tenant.slug,
        "events": report.events,
        "rows": report.rows,
        "head_hash": report.head_hash,
        "differences": differences(report),
        "difference_count": report.difference_count,
        "first_position": report.differences.first().map(|difference| difference.position),
    })
}

/// The differences of a report as JSON.
pub(super) fn differences(report: &Report) -> Vec<Value> {
    let one =
        |it: &Difference| json!({"position": it.position, "table": it.table, "key": it.key, "what": it.what});
    report.differences.iter().map(one).collect()
}

fn words(tenant: &Tenant, report: &Report) -> String {
    let events = text::count(report.events);
    let rows = text::count(report.rows);
    if report.is_clean() {
        return format!(
            "{}: clean. {events} events, {rows} rows of read models agree with them.\n  chain head {}\n",
            tenant.slug, report.head_hash
        );
    }
    let first = report.differences.first().map_or(0, |difference| difference.position);
    let mut out = format!(
        "{}: NOT CLEAN. {}, the first at position {first} ({events} events, {rows} rows compared)\n",
        tenant.slug,
        counted(report)
    );
    out.push_str(&list(report));
    out
}

/// How many differences there are.
fn counted(report: &Report) -> String {
    let word = if report.difference_count == 1 { "difference" } else { "differences" };
    format!("{} {word}", text::len(report.difference_count))
}

/// The differences of a report, one a line.
pub(super) fn list(report: &Report) -> String {
    let mut out = String::new();
    for difference in &report.differences {
        let Difference { position, table, key, what } = difference;
        let _ = writeln!(out, "  position {position}, {table} {key:?}: {what}");
    }
    let more = report.difference_count - report.differences.len();
    if more > 0 {
        let _ = writeln!(out, "  … and {} more", text::len(more));
    }
    out
}
