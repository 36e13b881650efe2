//! `diario tenant create`.

use std::{process::ExitCode, time::Duration};

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
        if is_sandbox(&self.slug) {
            return Err(format!(
                "{:?} is the slug of a sandbox: `diario tenant sandbox` founds those",
                self.slug
            )
            .into());
        }
        let new = NewTenant {
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
        };
        let slug = new.slug.clone();
        let founded = Context::with(common, false, async |context| found(context, new).await).await?;
        print(&slug, &founded);
        Ok(ExitCode::SUCCESS)
    }
}

/// Founds a tenant and waits for its read models: the next process finds them where the log is.
pub async fn found(context: &Context, new: NewTenant) -> Result<Founded, Failure> {
    let founded = context.found_tenant(new).await?;
    if !context.projections.caught_up(founded.tenant_id, 3, Duration::from_secs(30)).await {
        tracing::warn!("the read models lag behind; `diario serve` catches up");
    }
    Ok(founded)
}

/// Prints the ids of a tenant that was founded.
pub fn print(slug: &str, founded: &Founded) {
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
}
