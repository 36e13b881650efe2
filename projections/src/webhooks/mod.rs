//! Webhooks: the endpoints (a read model), what there is to tell them (a subscriber of the log that queues it), and
//! what became of it.
//!
//! The endpoints can be rebuilt from the log like every read model. Deliveries cannot: what an endpoint answered is no
//! fact of the shop.

mod courier;
pub mod dispatch;
pub mod notice;
mod outbox;
pub mod retry;

use std::collections::BTreeMap;

use diario_domain::{
    Event, TenantId, WebhookId,
    event::Recorded,
    webhook::{Delivery, WebhookDetails},
};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::Timestamp;

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
};

table! {
    /// Endpoints as they were entered and changed.
    WEBHOOK_VERSIONS = insert webhook_versions(webhook_id, position) {
        text url, text events, text delivery, int ordered, text description, int at
    }
}

table! {
    /// Whether they are told anything.
    WEBHOOK_STATES = insert webhook_states(webhook_id, position) { text state, text reason, int at }
}

table! {
    /// What is to be told, and what became of it.
    WEBHOOK_DELIVERIES = upsert webhook_deliveries(webhook_id, delivery) {
        text event, text stream, text state, int attempts add, int failures, int created_at min, int next_at,
        int finished_at, int status, text answer
    }
}

table! {
    /// Every attempt.
    WEBHOOK_ATTEMPTS = upsert webhook_attempts(webhook_id, delivery, at) {
        int millis, text outcome, int status, text answer
    }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "webhooks", tables: &[&WEBHOOK_VERSIONS, &WEBHOOK_STATES], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    let at = recorded.occurred_at.as_microsecond();
    let mut state = |webhook: WebhookId, state: &str, reason: Option<String>| {
        batch.put(&WEBHOOK_STATES, &[webhook.0, recorded.position], params![state, reason, at]);
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    let version = match &recorded.event {
        Event::WebhookCreated(created) => {
            state(created.webhook_id, "active", None);
            Some((created.webhook_id, &created.details))
        }
        Event::WebhookUpdated(updated) => Some((updated.webhook_id, &updated.details)),
        Event::WebhookDisabled(event) => {
            state(event.webhook_id, "disabled", Some(event.reason.clone()));
            None
        }
        Event::WebhookEnabled(event) => {
            state(event.webhook_id, "active", None);
            None
        }
        Event::WebhookDeleted(event) => {
            state(event.webhook_id, "deleted", None);
            None
        }
        _ => None,
    };
    if let Some((webhook, details)) = version {
        let row = params![
            details.url.as_str(),
            details.events.join(" "),
            details.delivery.name(),
            i64::from(details.ordered),
            &details.description,
            at,
        ];
        batch.put(&WEBHOOK_VERSIONS, &[webhook.0, recorded.position], row);
    }
    Ok(())
}

/// Whether an endpoint is told anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    Active,
    /// Not for the time being.
    Disabled,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its number.
    pub webhook_id: WebhookId,
    /// What it is told, and how.
    pub details: WebhookDetails,
    /// Whether it is.
    pub state: State,
    /// Why not.
    pub reason: Option<String>,
    /// The position since which it is as it is: what it missed while it was disabled begins there.
    pub since: i64,
    /// When it was entered.
    pub created_at: Timestamp,
}

fn instant(micros: i64, column: usize) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| StoreError::Column { column, expected: "an instant" })
}

/// A tenant's endpoints as they were at a position of the log, deleted ones left out.
pub async fn endpoints_at(
    db: &Database,
    tenant: TenantId,
    position: i64,
) -> Result<BTreeMap<WebhookId, Endpoint>, StoreError> {
    let sql = "SELECT webhook_id, url, events, delivery, ordered, description, at, position FROM webhook_versions \
               WHERE tenant_id = $1 AND position <= $2 ORDER BY position";
    let mut endpoints: BTreeMap<WebhookId, Endpoint> = BTreeMap::new();
    for row in db.query(sql, params![tenant.0, position]).await? {
        let webhook_id = WebhookId(row.int(0)?);
        let details = WebhookDetails {
            url: row.text(1)?,
            events: row.text(2)?.split_whitespace().map(ToOwned::to_owned).collect(),
            delivery: Delivery::of_name(&row.text(3)?)
                .ok_or(StoreError::Column { column: 3, expected: "once or durable" })?,
            ordered: row.int(4)? != 0,
            description: row.opt_text(5)?,
        };
        let (created_at, since) = (instant(row.int(6)?, 6)?, row.int(7)?);
        endpoints.entry(webhook_id).and_modify(|endpoint| endpoint.details = details.clone()).or_insert(
            Endpoint { webhook_id, details, state: State::Active, reason: None, since, created_at },
        );
    }
    let sql = "SELECT webhook_id, state, reason, position FROM webhook_states \
               WHERE tenant_id = $1 AND position <= $2 ORDER BY position";
    for row in db.query(sql, params![tenant.0, position]).await? {
        let webhook_id = WebhookId(row.int(0)?);
        let state = row.text(1)?;
        if state == "deleted" {
            endpoints.remove(&webhook_id);
        } else if let Some(endpoint) = endpoints.get_mut(&webhook_id) {
            endpoint.state = if state == "active" { State::Active } else { State::Disabled };
            endpoint.reason = row.opt_text(2)?;
            endpoint.since = row.int(3)?;
        }
    }
    Ok(endpoints)
}

/// A tenant's endpoints, by number.
pub async fn endpoints(db: &Database, tenant: TenantId) -> Result<Vec<Endpoint>, StoreError> {
    Ok(endpoints_at(db, tenant, i64::MAX).await?.into_values().collect())
}

/// An endpoint.
pub async fn find_endpoint(
    db: &Database,
    tenant: TenantId,
    webhook: WebhookId,
) -> Result<Option<Endpoint>, StoreError> {
    Ok(endpoints_at(db, tenant, i64::MAX).await?.remove(&webhook))
}

/// The first position after another at which an endpoint was entered.
async fn first_after(db: &Database, tenant: TenantId, position: i64) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT MIN(position) FROM webhook_versions WHERE tenant_id = $1 AND position > $2";
    db.query(sql, params![tenant.0, position]).await?.first().map_or(Ok(None), |row| row.opt_int(0))
}

/// What there is to tell an endpoint of one event, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The delivery's number: twice the event's position, and one more where the event is told under its own name.
    pub delivery: i64,
    /// The event's position.
    pub position: i64,
    /// The event's name as it is told.
    pub event: String,
    /// `pending`, `delivered`, `failed`, `refused` or `dropped`.
    pub state: String,
    /// All attempts.
    pub attempts: i64,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is tried next.
    pub next_at: Option<Timestamp>,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
    /// What the endpoint answered last.
    pub status: Option<i64>,
    /// How that answer began, or what went wrong.
    pub answer: Option<String>,
}

const DELIVERY: &str = "SELECT webhook_id, delivery, position, event, state, attempts, created_at, next_at, finished_at, status, \
                        answer FROM webhook_deliveries ";

fn delivery(row: &Row) -> Result<DeliveryRow, StoreError> {
    let optional = |column: usize| row.opt_int(column)?.map(|micros| instant(micros, column)).transpose();
    Ok(DeliveryRow {
        webhook_id: WebhookId(row.int(0)?),
        delivery: row.int(1)?,
        position: row.int(2)?,
        event: row.text(3)?,
        state: row.text(4)?,
        attempts: row.int(5)?,
        created_at: instant(row.int(6)?, 6)?,
        next_at: optional(7)?,
        finished_at: optional(8)?,
        status: row.opt_int(9)?,
        answer: row.opt_text(10)?,
    })
}

/// States that a list may be narrowed to.
pub const STATES: &[&str] = &["pending", "delivered", "failed", "refused", "dropped"];

/// An endpoint's deliveries, newest event first.
pub async fn deliveries(
    db: &Database,
    tenant: TenantId,
    webhook: WebhookId,
    state: Option<&str>,
    page: Page,
) -> Result<Paged<DeliveryRow>, StoreError> {
    let list = List {
        select: DELIVERY,
        counted: "FROM webhook_deliveries",
        conditions: "WHERE tenant_id = $1 AND webhook_id = $2 AND (CAST($3 AS TEXT) IS NULL OR state = $3)",
        params: params![tenant.0, webhook.0, state.map(ToOwned::to_owned)],
        keys: &["delivery"],
        order: Order::Descending,
    };
    list.page(db, page, delivery, |row| [row.delivery, 0]).await
}

/// One delivery.
pub async fn find_delivery(
    db: &Database,
    tenant: TenantId,
    webhook: WebhookId,
    number: i64,
) -> Result<Option<DeliveryRow>, StoreError> {
    let sql = format!("{DELIVERY}WHERE tenant_id = $1 AND webhook_id = $2 AND delivery = $3");
    db.query(&sql, params![tenant.0, webhook.0, number]).await?.first().map(delivery).transpose()
}

/// An attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub millis: i64,
    /// `delivered`, `failed` or `refused`.
    pub outcome: String,
    /// What the endpoint answered.
    pub status: Option<i64>,
    /// How that answer began, or what went wrong.
    pub answer: Option<String>,
}

/// The newest attempts at a delivery, in order.
pub async fn attempts(
    db: &Database,
    tenant: TenantId,
    webhook: WebhookId,
    number: i64,
) -> Result<Vec<AttemptRow>, StoreError> {
    let sql = "SELECT at, millis, outcome, status, answer FROM webhook_attempts \
               WHERE tenant_id = $1 AND webhook_id = $2 AND delivery = $3 ORDER BY at DESC LIMIT 100";
    let rows = db.query(sql, params![tenant.0, webhook.0, number]).await?;
    rows.iter()
        .rev()
        .map(|row| {
            Ok(AttemptRow {
                at: instant(row.int(0)?, 0)?,
                millis: row.int(1)?,
                outcome: row.text(2)?,
                status: row.opt_int(3)?,
                answer: row.opt_text(4)?,
            })
        })
        .collect()
}
