//! How messages of webhooks leave the house: signed, over HTTPS, and never into the house itself.

mod client;
pub mod guard;
pub mod secret;
mod sign;
#[cfg(test)]
mod simulated;

use std::{sync::Arc, time::Duration};

use diario_commands::{Commands, Rendered, Request};
use diario_domain::{
    BranchId, Command, EmployeeId, TenantId, WebhookId, command::Issued, event::Metadata,
    webhook::WebhookCommand,
};
use diario_projections::webhooks::dispatch::{Later, Outcome, Outside, Parcel};

use client::{Client, Unsent};
use guard::SystemNames;

/// The world outside, as a server sees it.
pub struct World {
    client: Client,
    commands: Commands,
}

impl World {
    /// Messages go to public addresses only, and to loopback where that is allowed.
    pub fn new(commands: Commands, allow_loopback: bool) -> Self {
        Self { client: Client::new(Arc::new(SystemNames), allow_loopback), commands }
    }
}

impl Outside for World {
    fn send(&self, parcel: Parcel) -> Later<'_, Outcome> {
        Box::pin(async move {
            match self.client.post(&parcel).await {
                Ok(answer) => Outcome::Answered {
                    status: answer.status,
                    retry_after: answer.retry_after,
                    body: answer.body,
                },
                Err(Unsent::Refused(why)) => Outcome::Refused(why),
                Err(Unsent::Failed(why)) => Outcome::Failed(why),
            }
        })
    }

    fn disable(&self, tenant: TenantId, webhook: WebhookId, reason: String) -> Later<'_, ()> {
        Box::pin(async move {
            let command = Command::Webhook(webhook, Box::new(WebhookCommand::Disable(reason)));
            let issued = Issued { by: EmployeeId(0), branch: BranchId(1), at: self.commands.now(), command };
            let request = Request {
                commands: vec![issued],
                metadata: Metadata { surface: "webhooks".to_owned(), ..Metadata::default() },
                key: None,
                secret: None,
                render: Box::new(|_| Rendered { status: 200, body: String::new() }),
            };
            if let Err(error) = self.commands.execute(tenant, request).await {
                tracing::warn!(%tenant, %webhook, %error, "a dead webhook is not disabled");
            }
        })
    }
}

/// How long a receiver may take to be reached: its name, its port, TLS.
const CONNECT: Duration = Duration::from_secs(5);
/// How long all of it may take.
const TOTAL: Duration = Duration::from_secs(15);
/// How long a receiver that has answered may take for the next piece of its answer's body.
const ANSWER: Duration = Duration::from_secs(2);
/// What is kept of an answer.
const ANSWER_MAX: usize = 1_024;
