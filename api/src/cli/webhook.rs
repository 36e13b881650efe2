//! `diario webhook`: who is told of what happens, and what came of it.

use std::process::ExitCode;

use clap::ValueEnum;
use diario_commands::Secret;
use diario_domain::{
    Command, EmployeeId, Event, TenantId, WebhookId,
    webhook::{Delivery, WebhookCommand, WebhookDetails},
};
use diario_projections::{
    Page,
    webhooks::{self, DeliveryRow, Endpoint, State},
};
use serde_json::json;

use super::{
    Common, Context, Failure,
    text::{
        self,
        Align::{Left, Right},
    },
};
use crate::{
    admin::{deliveries_list, webhooks_list},
    webhooks::{guard::Target, secret},
};

/// What becomes of a delivery that fails.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Nothing: one attempt
    Once,
    /// It is tried again, for a day and more
    Durable,
}

/// Enter an endpoint; its secret is shown once
#[derive(clap::Args)]
pub struct WebhookCreate {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Where to: an https address (http to this machine itself, where the server allows it)
    #[arg(long)]
    url: String,
    /// Of what, separated by commas: `cliente.creado`, `venta.cerrada`, `taller.listo`, `*` for all three, or types of
    /// events of the log such as `sale.cancelled`
    #[arg(long, value_delimiter = ',', value_name = "LIST", required = true)]
    events: Vec<String>,
    /// What becomes of a delivery that fails
    #[arg(long, value_enum, default_value_t = Mode::Once)]
    delivery: Mode,
    /// Send what concerns one document in the order in which it happened
    #[arg(long)]
    ordered: bool,
    /// Free text
    #[arg(long)]
    description: Option<String>,
}

/// List endpoints
#[derive(clap::Args)]
pub struct WebhookList {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
}

/// List what endpoints were told, newest first
#[derive(clap::Args)]
pub struct WebhookDeliveries {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Which endpoint: its number in `diario webhook list`; all of them where absent
    #[arg(value_name = "WEBHOOK")]
    id: Option<i64>,
    /// `pending`, `delivered`, `failed`, `refused` or `dropped`
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(webhooks::STATES))]
    state: Option<String>,
    /// How many of each endpoint at the most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
}

/// Make one delivery once more, under the same `webhook-id`; a server sends it
#[derive(clap::Args)]
pub struct WebhookResend {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Which: its id in `diario webhook deliveries`
    #[arg(value_name = "DELIVERY")]
    id: String,
}

/// Tell an endpoint once more of everything from a position of the log on; a server sends it
#[derive(clap::Args)]
pub struct WebhookReplay {
    /// Whose (slug or id)
    #[arg(long)]
    tenant: String,
    /// Which endpoint; all of them where absent
    #[arg(value_name = "WEBHOOK")]
    id: Option<i64>,
    /// The first position
    #[arg(long, value_name = "POSITION")]
    from: i64,
}

/// Has one command decided in the name of the tenant's owner; answers the number of the endpoint that it made.
async fn write(
    context: &Context,
    tenant: TenantId,
    command: Command,
    secret: Option<Secret>,
) -> Result<i64, Failure> {
    let made = |event: &Event| {
        if let Event::WebhookCreated(created) = event {
            created.webhook_id.to_string()
        } else {
            "0".to_owned()
        }
    };
    Ok(context.decide(tenant, EmployeeId(1), command, secret, made).await?.parse()?)
}

/// A tenant's endpoints: the named one, or all.
async fn endpoints(
    context: &Context,
    tenant: &str,
    id: Option<i64>,
) -> Result<(TenantId, Vec<Endpoint>), Failure> {
    let tenant = context.tenant(tenant).await?;
    context.read_models(&tenant).await?;
    let mut found = webhooks::endpoints(&context.db, tenant.tenant_id).await?;
    if let Some(id) = id {
        found.retain(|endpoint| endpoint.webhook_id == WebhookId(id));
        if found.is_empty() {
            return Err(format!("there is no webhook {id}; `diario webhook list` lists them").into());
        }
    }
    Ok((tenant.tenant_id, found))
}

impl WebhookCreate {
    /// Enters it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        // Whether the server allows loopback is not known here; where it does not, it refuses to send.
        if let Err(why) = Target::read(&self.url, true) {
            return Err(format!("{}: {why}", self.url).into());
        }
        let (id, secret) = Context::with(common, true, async |context| self.create(context).await).await?;
        if common.json {
            text::print_json(&json!({"id": id, "secret": secret}))?;
        } else {
            text::print(&format!(
                "{secret}\n\nThis is the secret of webhook {id}. It is not shown again.\n"
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn create(&self, context: &Context) -> Result<(i64, String), Failure> {
        let tenant = context.tenant(&self.tenant).await?.tenant_id;
        let (text, secret) =
            secret::draw(context.commands.now()).ok_or("the operating system gives no random bytes")?;
        let details = WebhookDetails {
            url: self.url.clone(),
            events: self
                .events
                .iter()
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
            delivery: match self.delivery {
                Mode::Once => Delivery::Once,
                Mode::Durable => Delivery::Durable,
            },
            ordered: self.ordered,
            description: self.description.clone(),
        };
        let id = write(context, tenant, Command::CreateWebhook(Box::new(details)), Some(secret)).await?;
        Ok((id, text))
    }
}

impl WebhookList {
    /// Lists them.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let (_, endpoints) =
            Context::with(common, false, async |context| endpoints(context, &self.tenant, None).await)
                .await?;
        if common.json {
            let views: Vec<_> = endpoints.iter().map(webhooks_list::view).collect();
            text::print_json(&json!({"webhooks": views}))?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = endpoints
            .iter()
            .map(|endpoint| {
                vec![
                    endpoint.webhook_id.to_string(),
                    endpoint.details.url.clone(),
                    endpoint.details.events.join(" "),
                    endpoint.details.delivery.name().to_owned(),
                    match endpoint.state {
                        State::Active => String::new(),
                        State::Disabled => {
                            format!("disabled: {}", endpoint.reason.clone().unwrap_or_default())
                        }
                    },
                ]
            })
            .collect();
        let heads = [("id", Right), ("url", Left), ("events", Left), ("delivery", Left), ("", Left)];
        text::print(&text::table(&heads, &rows, rows.len()))?;
        Ok(ExitCode::SUCCESS)
    }
}

impl WebhookDeliveries {
    /// Lists them.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let deliveries = Context::with(common, false, async |context| self.find(context).await).await?;
        if common.json {
            let views: Vec<_> = deliveries.iter().map(deliveries_list::view).collect();
            text::print_json(&json!({"deliveries": views}))?;
            return Ok(ExitCode::SUCCESS);
        }
        let rows: Vec<Vec<String>> = deliveries
            .iter()
            .map(|row| {
                vec![
                    format!("{}-{}", row.webhook_id, row.delivery),
                    row.event.clone(),
                    row.state.clone(),
                    row.attempts.to_string(),
                    row.status.map(|status| status.to_string()).unwrap_or_default(),
                    text::short(row.answer.as_deref().unwrap_or_default()),
                ]
            })
            .collect();
        let heads = [
            ("id", Left),
            ("event", Left),
            ("state", Left),
            ("attempts", Right),
            ("status", Right),
            ("answer", Left),
        ];
        text::print(&text::table(&heads, &rows, rows.len()))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn find(&self, context: &Context) -> Result<Vec<DeliveryRow>, Failure> {
        let (tenant, endpoints) = endpoints(context, &self.tenant, self.id).await?;
        let mut rows = Vec::new();
        for endpoint in endpoints {
            let page = Page::first(self.limit);
            let id = endpoint.webhook_id;
            rows.extend(
                webhooks::deliveries(&context.db, tenant, id, self.state.as_deref(), page).await?.rows,
            );
        }
        Ok(rows)
    }
}

impl WebhookResend {
    /// Queues it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        Context::with(common, false, async |context| self.queue(context).await).await?;
        if common.json {
            text::print_json(&json!({"id": self.id, "queued": true}))?;
        } else {
            text::print(&format!("Delivery {} is queued; a running server sends it.\n", self.id))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn queue(&self, context: &Context) -> Result<(), Failure> {
        let unknown =
            || format!("there is no delivery {:?}; `diario webhook deliveries` lists them", self.id);
        let (webhook, number) = deliveries_list::read_id(&self.id).ok_or_else(unknown)?;
        let (tenant, _) = endpoints(context, &self.tenant, Some(webhook.0)).await?;
        let now = context.commands.now().as_microsecond();
        if context.db.resend_delivery(tenant, webhook, number, now).await? {
            Ok(())
        } else {
            Err(unknown().into())
        }
    }
}

impl WebhookReplay {
    /// Queues it.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Failure> {
        let ids = Context::with(common, true, async |context| self.queue(context).await).await?;
        if common.json {
            text::print_json(&json!({"webhooks": ids, "from": self.from, "queued": true}))?;
        } else {
            text::print(&format!(
                "{} webhooks are told again of everything from position {}; a running server sends it.\n",
                ids.len(),
                self.from
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn queue(&self, context: &Context) -> Result<Vec<i64>, Failure> {
        let (tenant, mut found) = endpoints(context, &self.tenant, self.id).await?;
        if self.id.is_none() {
            found.retain(|endpoint| endpoint.state == State::Active);
        }
        let mut ids = Vec::new();
        for endpoint in found {
            let command = WebhookCommand::Replay(self.from);
            write(context, tenant, Command::Webhook(endpoint.webhook_id, Box::new(command)), None).await?;
            ids.push(endpoint.webhook_id.0);
        }
        Ok(ids)
    }
}
