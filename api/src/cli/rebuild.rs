//! `diario rebuild`.

use std::process::ExitCode;

use diario_projections::{ALL, rebuild::rebuild, verify::Report};
use serde_json::json;

use super::{Common, Context, Failure, text, verify};

/// Build read models anew from the log, beside the live ones, and swap them in.
///
/// Sales go on meanwhile. What the old rows had wrong is told.
#[derive(clap::Args)]
pub struct Rebuild {
    /// Only this tenant (slug or id); all where absent
    #[arg(long)]
    tenant: Option<String>,
    /// Only this read model; all where absent
    #[arg(long, value_name = "NAME", value_parser = known_projection)]
    projection: Option<String>,
}

fn known_projection(name: &str) -> Result<String, String> {
    if ALL.iter().any(|projection| projection.name == name) {
        return Ok(name.to_owned());
    }
    let known: Vec<&str> = ALL.iter().map(|projection| projection.name).collect();
    Err(format!("there is no such read model; there are {}", known.join(", ")))
}

impl Rebuild {
    /// Rebuilds.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let done =
            Context::with(common, false, async |context| self.rebuild(context, common.json).await).await?;
        Ok(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn rebuild(&self, context: &Context, as_json: bool) -> Result<bool, Failure> {
        let only = self.projection.as_deref();
        let mut sound = true;
        let mut told = Vec::new();
        for tenant in context.tenants(self.tenant.as_deref()).await? {
            let bar = text::progress(&tenant.slug, tenant.head);
            let advance = |done: i64, all: i64| {
                bar.set_length(all.unsigned_abs());
                bar.set_position(done.unsigned_abs());
            };
            let report = rebuild(&context.log, tenant.tenant_id, only, &advance).await?;
            bar.finish_and_clear();
            let log_is_sound = !report.differences.iter().any(|difference| difference.table == "events");
            sound &= log_is_sound;
            if as_json {
                told.push(json!({
                    "tenant": tenant.slug,
                    "projections": ALL.iter().map(|p| p.name).filter(|name| only.is_none_or(|o| o == *name)).collect::<Vec<_>>(),
                    "events": report.events,
                    "rows": report.rows,
                    "log_is_sound": log_is_sound,
                    "differences": verify::differences(&report),
                    "difference_count": report.difference_count,
                }));
            } else {
                text::print(&words(&tenant.slug, only, log_is_sound, &report))?;
            }
        }
        if as_json {
            text::print_json(&json!({"tenants": told}))?;
        }
        Ok(sound)
    }
}

fn words(slug: &str, only: Option<&str>, log_is_sound: bool, report: &Report) -> String {
    let what = only.map_or_else(|| "all read models".to_owned(), |name| format!("read model {name}"));
    let events = text::count(report.events);
    if !log_is_sound {
        return format!("{slug}: THE LOG ITSELF IS DAMAGED; see `diario verify`\n{}", verify::list(report));
    }
    if report.is_clean() {
        return format!("{slug}: {what} built anew from {events} events; the old rows were the same\n");
    }
    let gone = match report.difference_count {
        1 => "1 old row differed and is gone".to_owned(),
        count => format!("{} old rows differed and are gone", text::len(count)),
    };
    format!("{slug}: {what} built anew from {events} events; {gone}\n{}", verify::list(report))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_read_model_is_answered_with_the_known_ones() {
        assert_eq!(known_projection("stock").unwrap(), "stock");
        let said = known_projection("estoque").unwrap_err();
        assert!(said.contains("stock") && said.contains("journal"), "{said}");
    }
}
