//! Webhooks: where the shop wants to be told of what happens (contract 3.5). Their secrets lie beside the log.

use serde::{Deserialize, Serialize};

use crate::{Book, Event, Refusal, WebhookId, command::Issued, document::Document};

/// What the contract lets an endpoint ask for; `*` is all of it (L-15).
pub const DOCUMENTED: [&str; 3] = ["cliente.creado", "venta.cerrada", "taller.listo"];
/// All that the contract documents.
pub const ALL: &str = "*";
/// The longest address.
const URL_MAX: usize = 2_000;
/// The longest description.
const DESCRIPTION_MAX: usize = 500;

/// What becomes of a delivery that fails (contract L-8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// Nothing: one attempt, as the contract promises.
    #[default]
    Once,
    /// It is tried again, for a day and more.
    Durable,
}

impl Delivery {
    /// Their names.
    pub const NAMES: &'static [&'static str] = &["once", "durable"];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Durable => "durable",
        }
    }

    /// That of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Once, Self::Durable].into_iter().find(|delivery| delivery.name() == name)
    }
}

/// What an endpoint is told, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDetails {
    /// Where to.
    pub url: String,
    /// Of what: names of the contract, `*`, or types of events of the log.
    pub events: Vec<String>,
    /// What becomes of a delivery that fails.
    pub delivery: Delivery,
    /// Whether what concerns one document arrives in the order in which it happened.
    #[serde(default)]
    pub ordered: bool,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl WebhookDetails {
    /// Whether the endpoint asks for one of the contract's events.
    #[must_use]
    pub fn wants_documented(&self, name: &str) -> bool {
        self.events.iter().any(|own| own == ALL || own == name)
    }

    /// Whether the endpoint asks for a type of event of the log.
    #[must_use]
    pub fn wants_type(&self, name: &str) -> bool {
        self.events.iter().any(|own| own == name)
    }

    fn check(mut self) -> Result<Self, Refusal> {
        self.url = self.url.trim().to_owned();
        // A scheme is the same in capitals.
        let whole = self.url.split_once("://").is_some_and(|(scheme, rest)| {
            ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
                && !rest.is_empty()
                && !rest.starts_with(['/', ':', '?', '#'])
        });
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if !whole || self.url.len() > URL_MAX || self.url.contains(odd) {
            return Err(Refusal::Invalid { field: "url", rule: "an https address" });
        }
        self.events.sort_unstable();
        self.events.dedup();
        let known = |name: &String| {
            name == ALL || DOCUMENTED.contains(&name.as_str()) || Event::TYPES.contains(&name.as_str())
        };
        if self.events.is_empty() || !self.events.iter().all(known) {
            let rule =
                "a list of cliente.creado, venta.cerrada, taller.listo, * or types of events of the log";
            return Err(Refusal::Invalid { field: "events", rule });
        }
        self.description = self.description.filter(|text| !text.trim().is_empty());
        if self.description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_MAX) {
            return Err(Refusal::Invalid { field: "description", rule: "500 characters at most" });
        }
        Ok(self)
    }
}

/// An endpoint was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookCreated {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// What it is told, and how.
    pub details: WebhookDetails,
}

/// An endpoint was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookUpdated {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// All of it as it is now.
    pub details: WebhookDetails,
}

/// An endpoint has another secret; the one before it is good for a day more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookSecretRotated {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// An endpoint is told nothing for the time being.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDisabled {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Why.
    pub reason: String,
}

/// An endpoint is told things again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEnabled {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// An endpoint is to be told once more of all that happened from a position on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookReplayRequested {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The first position.
    pub from: i64,
}

/// An endpoint is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDeleted {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// Changes an endpoint; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of WebhookDetails")]
pub struct UpdateWebhook {
    pub url: Option<String>,
    pub events: Option<Vec<String>>,
    pub delivery: Option<Delivery>,
    pub ordered: Option<bool>,
    pub description: Option<Option<String>>,
}

/// A command to an endpoint.
#[derive(Clone, Debug)]
pub enum WebhookCommand {
    /// Enters it.
    Create(WebhookDetails),
    /// Changes it.
    Update(UpdateWebhook),
    /// Gives it another secret.
    RotateSecret,
    /// Tells it nothing for the time being.
    Disable(String),
    /// Tells it things again.
    Enable,
    /// Tells it once more of all that happened from a position on.
    Replay(i64),
    /// Forgets it.
    Delete,
}

/// An endpoint as a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Webhook {
    details: Option<WebhookDetails>,
    disabled: bool,
}

impl Document for Webhook {
    const TYPE: &'static str = "webhook";
    type Command = (WebhookId, WebhookCommand);

    fn decide(&self, issued: Issued<Self::Command>, book: &Book) -> Result<Vec<Event>, Refusal> {
        let (webhook_id, command) = issued.command;
        if let WebhookCommand::Create(details) = command {
            let details = details.check()?;
            let limit = book.plan.webhooks();
            if limit.is_some_and(|limit| book.webhooks.len() >= limit) {
                return Err(Refusal::TooManyWebhooks { limit: limit.unwrap_or_default() });
            }
            return Ok(vec![WebhookCreated { webhook_id, details }.into()]);
        }
        let Some(details) = &self.details else { return Err(Refusal::UnknownWebhook(webhook_id)) };
        Ok(vec![match command {
            WebhookCommand::Create(_) => return Ok(Vec::new()),
            WebhookCommand::Update(changes) => {
                let changed = WebhookDetails {
                    url: changes.url.unwrap_or_else(|| details.url.clone()),
                    events: changes.events.unwrap_or_else(|| details.events.clone()),
                    delivery: changes.delivery.unwrap_or(details.delivery),
                    ordered: changes.ordered.unwrap_or(details.ordered),
                    description: changes.description.unwrap_or_else(|| details.description.clone()),
                };
                WebhookUpdated { webhook_id, details: changed.check()? }.into()
            }
            WebhookCommand::RotateSecret => WebhookSecretRotated { webhook_id }.into(),
            // Several servers may find at once that an endpoint is dead.
            WebhookCommand::Disable(_) if self.disabled => return Ok(Vec::new()),
            WebhookCommand::Disable(reason) => WebhookDisabled { webhook_id, reason }.into(),
            WebhookCommand::Enable if !self.disabled => return Ok(Vec::new()),
            WebhookCommand::Enable => WebhookEnabled { webhook_id }.into(),
            WebhookCommand::Replay(from) if !(1..=book.position).contains(&from) => {
                return Err(Refusal::Invalid { field: "from", rule: "a position of the log" });
            }
            WebhookCommand::Replay(_) if self.disabled => return Err(Refusal::WebhookDisabled(webhook_id)),
            WebhookCommand::Replay(from) => WebhookReplayRequested { webhook_id, from }.into(),
            WebhookCommand::Delete => WebhookDeleted { webhook_id }.into(),
        }])
    }

    fn apply(&mut self, event: Event) {
        #[expect(clippy::wildcard_enum_match_arm, reason = "its stream has no others that change it")]
        match event {
            Event::WebhookCreated(created) => self.details = Some(created.details),
            Event::WebhookUpdated(updated) => self.details = Some(updated.details),
            Event::WebhookDisabled(_) => self.disabled = true,
            Event::WebhookEnabled(_) => self.disabled = false,
            Event::WebhookDeleted(_) => self.details = None,
            _ => {}
        }
    }
}
