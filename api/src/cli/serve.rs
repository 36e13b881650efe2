//! `diario serve`.

use std::{io::Write as _, process::ExitCode};

use super::{Common, Context, Failure};
use crate::http::server;

/// Serve the HTTP surfaces until SIGINT or SIGTERM, then finish what was begun.
#[derive(clap::Args)]
pub struct Serve {
    /// Address and port; port 0 takes a free one
    #[arg(long, env = "DIARIO_LISTEN", default_value = "127.0.0.1:5001")]
    listen: String,
    /// The tenant (slug or id) that companies sign up with where their request carries no key of one
    #[arg(long, env = "DIARIO_DEFAULT_TENANT", value_name = "TENANT")]
    default_tenant: Option<String>,
    /// Let webhooks lead to this machine itself, also without TLS: for development
    #[arg(long, env = "DIARIO_WEBHOOKS_ALLOW_LOOPBACK")]
    webhooks_allow_loopback: bool,
}

impl Serve {
    /// Serves.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let mut context = Context::open(common, true).await?;
        if let Some(name) = &self.default_tenant {
            context.default_tenant = Some(context.tenant(name).await?.tenant_id);
        }
        context.webhooks_allow_loopback = self.webhooks_allow_loopback;
        serve(context, &self.listen).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Serves and says where on standard output, in one line that scripts may wait for.
pub async fn serve(context: Context, listen: &str) -> Result<(), Failure> {
    server::run(context, listen, |address| {
        println!("listening on http://{address}");
        let _ = std::io::stdout().flush();
    })
    .await
}
