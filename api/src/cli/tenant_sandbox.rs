//! `diario tenant sandbox`.

use std::process::ExitCode;

use diario_domain::tenant::{is_sandbox, sandbox_of};

use super::{
    Common, Context, Failure,
    context::{Founded, NewTenant},
    tenant_create,
};

/// Found a tenant's sandbox: a twin with books, people and keys of its own, to try things out in
#[derive(clap::Args)]
pub struct TenantSandbox {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// The owner's name in the sandbox
    #[arg(long, default_value = "Sandbox")]
    owner: String,
    /// The owner's PIN in the sandbox: 4 to 12 digits
    #[arg(long, env = "DIARIO_PIN", hide_env_values = true)]
    pin: String,
}

impl TenantSandbox {
    /// Founds it and prints its ids.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let (slug, founded) = Context::with(common, false, async |context| self.found(context).await).await?;
        tenant_create::print(&slug, &founded);
        Ok(ExitCode::SUCCESS)
    }

    async fn found(self, context: &Context) -> Result<(String, Founded), Failure> {
        let twin_of = context.tenant(&self.tenant).await?;
        if is_sandbox(&twin_of.slug) {
            return Err(format!("{} is a sandbox itself", twin_of.slug).into());
        }
        let slug = sandbox_of(&twin_of.slug);
        let new = NewTenant {
            slug: slug.clone(),
            name: format!("{} (sandbox)", twin_of.name),
            country: twin_of.country,
            currency: twin_of.currency,
            timezone: twin_of.timezone,
            owner: self.owner,
            pin: self.pin,
            branch: "Matriz".to_owned(),
            allow_negative_stock: false,
            postal_code: twin_of.postal_code,
        };
        let founded = tenant_create::found(context, new).await?;
        Ok((slug, founded))
    }
}
