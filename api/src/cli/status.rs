//! `diario status`.

use std::process::ExitCode;

use diario_projections::{ALL, verify::hex};
use serde_json::json;

use super::{Common, Context, Failure, text};
use text::Align::{Left, Right};

/// Show where each tenant's log and read models stand.
///
/// A lag that stays while nothing is being sold means that a read model has stopped: the log of `diario serve`
/// says why, `diario verify` names the event.
#[derive(clap::Args)]
pub struct Status {
    /// Only this tenant (slug or id); all where absent
    #[arg(long)]
    tenant: Option<String>,
}

impl Status {
    /// Shows it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        Context::with(common, false, async |context| self.show(context, common.json).await).await?;
        Ok(ExitCode::SUCCESS)
    }

    async fn show(&self, context: &Context, as_json: bool) -> Result<(), Failure> {
        let tenants = context.tenants(self.tenant.as_deref()).await?;
        let mut told = Vec::new();
        let mut rows = Vec::new();
        for tenant in &tenants {
            // Checkpoints first: what is appended in between is no lag of theirs below zero.
            let mut checkpoints = Vec::new();
            for projection in ALL {
                checkpoints
                    .push((projection.name, context.db.checkpoint(tenant.tenant_id, projection.name).await?));
            }
            let Some(head) = context.log.head(tenant.tenant_id).await? else { continue };
            for (name, position) in &checkpoints {
                rows.push(vec![
                    tenant.slug.clone(),
                    text::count(head.position),
                    (*name).to_owned(),
                    text::count(*position),
                    text::count(head.position - position),
                ]);
            }
            told.push(json!({
                "tenant": tenant.slug,
                "tenant_id": tenant.tenant_id.0,
                "name": tenant.name,
                "head": head.position,
                "head_hash": hex(&head.hash),
                "projections": checkpoints
                    .iter()
                    .map(|(name, position)| json!({
                        "projection": name, "position": position, "lag": head.position - position,
                    }))
                    .collect::<Vec<_>>(),
            }));
        }
        if as_json {
            return text::print_json(&json!({"engine": context.db.engine_name(), "tenants": told}));
        }
        if tenants.is_empty() {
            return text::print(
                "no tenants yet: `diario tenant create` founds one, `diario demo` shows one\n",
            );
        }
        let heads =
            [("tenant", Left), ("events", Right), ("read model", Left), ("stands at", Right), ("lag", Right)];
        text::print(&text::table(&heads, &rows, 0))
    }
}
