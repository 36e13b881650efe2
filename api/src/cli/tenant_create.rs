//! `diario tenant create`.

use std::process::ExitCode;

use diario_domain::tenant::is_sandbox;

use super::{
    Common, Context, Failure,
    context::{Founded, NewTenant},
};

/// Found a tenant with its first branch and its owner.
#[derive(clap::Args)]
pub struct TenantCreate {
    /// A name for addresses and files: lower-case letters, digits and dashes
    #[arg(long)]
    slug: String,
    /// The shop's name
    #[arg(long)]
    name: String,
    /// ISO 3166-1 alpha-2
    #[arg(long, default_value = "MX")]
    country: String,
    /// ISO 4217
    #[arg(long, default_value = "MXN")]
    currency: String,
    /// IANA time zone: "today" and periods are local days in it
    #[arg(long, default_value = "America/Mexico_City")]
    timezone: String,
    /// The owner's name
    #[arg(long)]
    owner: String,
    /// The owner's PIN: 4 to 12 digits
    #[arg(long, env = "DIARIO_PIN", hide_env_values = true)]
    pin: String,
    /// The first branch's name
    #[arg(long, default_value = "Matriz")]
    branch: String,
    /// Postal code of the fiscal address
    #[arg(long)]
    postal_code: Option<String>,
    /// Let more be sold than lies there
    #[arg(long)]
    allow_negative_stock: bool,
}

impl TenantCreate {
    /// Founds it and prints its ids.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let context = Context::open(common, false).await?;
        let slug = self.slug.clone();
        if is_sandbox(&slug) {
            context.close().await;
            return Err(
                format!("{slug:?} is the slug of a sandbox: `diario tenant sandbox` founds those").into()
            );
        }
        let founded = context
            .found_tenant(NewTenant {
                slug: self.slug,
                name: self.name,
                country: self.country,
                currency: self.currency,
                timezone: self.timezone,
                owner: self.owner,
                pin: self.pin,
                branch: self.branch,
                allow_negative_stock: self.allow_negative_stock,
                postal_code: self.postal_code,
            })
            .await;
        finish(&context, &slug, founded).await
    }
}

/// Waits for the read models of a tenant that was founded, and prints its ids.
pub async fn finish(
    context: &Context,
    slug: &str,
    founded: Result<Founded, Failure>,
) -> Result<ExitCode, Failure> {
    let founded = match founded {
        Ok(founded) => founded,
        Err(error) => {
            context.close().await;
            return Err(error);
        }
    };
    // The next process finds the read models where the log is.
    let caught_up =
        context.projections.caught_up(founded.tenant_id, 3, std::time::Duration::from_secs(30)).await;
    context.close().await;
    if !caught_up {
        tracing::warn!("the read models lag behind; `diario serve` catches up");
    }
    println!(
        "{}",
        serde_json::json!({
            "tenant_id": founded.tenant_id.0,
            "slug": slug,
            "organization_id": founded.organization_id,
            "branch_id": founded.branch_id.0,
            "owner_employee_id": founded.owner.0,
        })
    );
    Ok(ExitCode::SUCCESS)
}
