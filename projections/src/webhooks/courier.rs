//! Tells one endpoint what waits for it, some messages at a time, and writes down what came of them.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use diario_domain::{
    TenantId,
    webhook::{Delivery, WebhookDetails},
};
use diario_store::{StoreError, models::Batch, params, tenants::Tenant, webhooks::Health};
use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit},
    task::JoinSet,
};
use uuid::Uuid;

use super::{
    Endpoint, WEBHOOK_ATTEMPTS, WEBHOOK_DELIVERIES,
    dispatch::{Key, Outcome, Parcel, Shared, tenant},
    notice, retry,
};

/// Messages that are under way to one endpoint at the same time.
const ABREAST: usize = 8;
/// Deliveries that are read at once.
const PAGE: i64 = 64;
/// How long an endpoint belongs to this server without a word.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How often the lease is renewed.
const RENEW_EVERY: SignedDuration = SignedDuration::from_secs(10);
/// How long a courier without work waits for more before it goes.
const LINGER: Duration = Duration::from_secs(5);
/// How long the secret before the newest is good (rotation).
const OLD_SECRET: SignedDuration = SignedDuration::from_hours(24);

/// A delivery whose time has come.
#[derive(Clone)]
struct Due {
    delivery: i64,
    position: i64,
    event: String,
    stream: String,
    failures: i64,
    created_at: i64,
    body: Option<Arc<str>>,
}

/// A message that came back.
struct Flown {
    due: Due,
    started: Timestamp,
    ended: Timestamp,
    outcome: Outcome,
}

pub(super) struct Courier {
    shared: Arc<Shared>,
    key: Key,
    wake: Arc<Notify>,
    health: Health,
    /// When the last failure was that counted: what failed side by side counts once.
    counted: Option<Timestamp>,
    leased: Timestamp,
    queue: VecDeque<Due>,
    under_way: HashSet<i64>,
    flights: JoinSet<Flown>,
    secrets: Vec<String>,
    details: Option<WebhookDetails>,
}

impl Courier {
    pub(super) fn new(shared: Arc<Shared>, key: Key, wake: Arc<Notify>) -> Self {
        Self {
            shared,
            key,
            wake,
            health: Health::default(),
            counted: None,
            leased: Timestamp::MIN,
            queue: VecDeque::new(),
            under_way: HashSet::new(),
            flights: JoinSet::new(),
            secrets: Vec::new(),
            details: None,
        }
    }

    pub(super) async fn run(mut self) {
        let worked = self.work().await;
        if let Err(error) = worked {
            tracing::error!(tenant = %self.key.0, webhook = %self.key.1, %error, "a webhook's queue fails: trying again");
            // What is under way ends unrecorded and is told again under the same id.
            self.shared.time.sleep(Duration::from_secs(1)).await;
        }
    }

    async fn work(&mut self) -> Result<(), StoreError> {
        let (id, webhook) = self.key;
        let db = self.shared.log.database().clone();
        let Some(tenant) = tenant(&self.shared, id).await? else { return Ok(()) };
        if !self.lease().await? {
            return Ok(());
        }
        self.health = db.webhook_health(id, webhook).await?;
        let mut stop = self.shared.stop.subscribe();
        let mut ours = true;
        loop {
            let endpoint = self.shared.endpoint(self.key);
            let now = self.shared.time.now();
            if ours && now.duration_since(self.leased) >= RENEW_EVERY {
                ours = self.lease().await?;
            }
            match &endpoint {
                Some(endpoint) if ours && !*stop.borrow() => self.send_off(&tenant, endpoint, now).await?,
                Some(_) | None => self.queue.clear(),
            }
            if self.flights.is_empty() {
                if endpoint.is_none() || !ours || *stop.borrow() {
                    break;
                }
                let woken = tokio::select! {
                    () = self.wake.notified() => true,
                    () = self.shared.time.sleep(LINGER) => false,
                    _ = stop.wait_for(|stop| *stop) => false,
                };
                if !woken {
                    break;
                }
                continue;
            }
            let mut back = Vec::new();
            if let Some(flown) = self.flights.join_next().await {
                back.extend(flown);
            }
            while let Some(flown) = self.flights.try_join_next() {
                back.extend(flown);
            }
            self.record(endpoint.as_ref(), back).await?;
        }
        if ours {
            db.release_webhook(id, webhook, &self.shared.owner).await?;
        }
        Ok(())
    }

    async fn lease(&mut self) -> Result<bool, StoreError> {
        let now = self.shared.time.now();
        let until = now.checked_add(LEASE).unwrap_or(now).as_microsecond();
        let (tenant, webhook) = self.key;
        let db = self.shared.log.database();
        self.leased = now;
        db.lease_webhook(tenant, webhook, &self.shared.owner, now.as_microsecond(), until).await
    }

    /// Sends as many messages as may be under way.
    async fn send_off(
        &mut self,
        tenant: &Tenant,
        endpoint: &Endpoint,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.details.as_ref() != Some(&endpoint.details) {
            // Another address, or another promise: what failed before says nothing of it.
            if self.details.replace(endpoint.details.clone()).is_some() {
                self.health = Health::default();
                self.queue.clear();
            }
        }
        let durable = endpoint.details.delivery == Delivery::Durable;
        if durable && retry::is_paused(self.health, now) {
            self.queue.clear();
            return Ok(());
        }
        let abreast = if durable && retry::is_probed(self.health) { 1 } else { ABREAST };
        if self.flights.len() < abreast && self.queue.is_empty() {
            self.fetch(tenant, endpoint, now).await?;
        }
        while self.flights.len() < abreast {
            let Some(due) = self.queue.pop_front() else { return Ok(()) };
            let Ok(slot) = Arc::clone(&self.shared.slots).acquire_owned().await else { return Ok(()) };
            self.depart(tenant, endpoint, due, slot);
        }
        Ok(())
    }

    fn depart(&mut self, tenant: &Tenant, endpoint: &Endpoint, due: Due, slot: OwnedSemaphorePermit) {
        self.under_way.insert(due.delivery);
        let name = format!("webhook-{}-delivery-{}", self.key.1, due.delivery);
        let uuid = Uuid::new_v5(&tenant.organization_id, name.as_bytes());
        let started = self.shared.time.now();
        let parcel = Parcel {
            url: endpoint.details.url.clone(),
            event: due.event.clone(),
            message_id: format!("msg_{}", uuid.simple()),
            delivery: uuid.hyphenated().to_string(),
            body: due.body.clone().unwrap_or_default(),
            secrets: self.secrets.clone(),
            at: started,
        };
        let shared = Arc::clone(&self.shared);
        self.flights.spawn(async move {
            let outcome = if parcel.body.is_empty() {
                Outcome::Refused("the event cannot be read".to_owned())
            } else {
                shared.outside.send(parcel).await
            };
            drop(slot);
            Flown { due, started, ended: shared.time.now(), outcome }
        });
    }

    /// Reads what is due, and what is to be said.
    async fn fetch(
        &mut self,
        tenant: &Tenant,
        endpoint: &Endpoint,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut due = self.due(endpoint, now).await?;
        due.retain(|due| !self.under_way.contains(&due.delivery));
        if due.is_empty() {
            return Ok(());
        }
        let db = self.shared.log.database();
        let mut secrets = Vec::new();
        let mut newer: Option<i64> = None;
        for (made, secret) in db.webhook_secrets(self.key.0, self.key.1).await?.into_iter().take(2) {
            let good = newer.is_none_or(|newer| {
                now.as_microsecond() - newer < i64::try_from(OLD_SECRET.as_micros()).unwrap_or(i64::MAX)
            });
            if good {
                secrets.push(secret);
            }
            newer = Some(made);
        }
        self.secrets = secrets;
        let mut positions: Vec<i64> = due.iter().map(|due| due.position).collect();
        positions.sort_unstable();
        positions.dedup();
        let events: HashMap<i64, _> = self
            .shared
            .log
            .read_at(self.key.0, &positions)
            .await?
            .into_iter()
            .map(|event| (event.position, event))
            .collect();
        for mut due in due {
            if let Some(event) = events.get(&due.position) {
                let body = notice::body(&self.shared.log, &tenant.slug, event, due.delivery).await?;
                due.body = Some(body.into());
            }
            self.queue.push_back(due);
        }
        Ok(())
    }

    async fn due(&self, endpoint: &Endpoint, now: Timestamp) -> Result<Vec<Due>, StoreError> {
        let earlier = if endpoint.details.ordered {
            "AND NOT EXISTS (SELECT 1 FROM webhook_deliveries e WHERE e.tenant_id = d.tenant_id AND e.webhook_id = d.webhook_id \
             AND e.stream = d.stream AND e.delivery < d.delivery AND e.next_at IS NOT NULL)"
        } else {
            ""
        };
        let sql = format!(
            "SELECT d.delivery, d.position, d.event, d.stream, d.failures, d.created_at \
             FROM webhook_deliveries d WHERE d.tenant_id = $1 AND d.webhook_id = $2 AND d.next_at <= $3 {earlier} \
             ORDER BY d.next_at, d.delivery LIMIT $4"
        );
        let limit = PAGE + i64::try_from(self.under_way.len()).unwrap_or(0);
        let params = params![self.key.0.0, self.key.1.0, now.as_microsecond(), limit];
        let rows = self.shared.log.database().query(&sql, params).await?;
        rows.iter()
            .map(|row| {
                Ok(Due {
                    delivery: row.int(0)?,
                    position: row.int(1)?,
                    event: row.text(2)?,
                    stream: row.text(3)?,
                    failures: row.int(4)?,
                    created_at: row.int(5)?,
                    body: None,
                })
            })
            .collect()
    }

    /// Writes down what came of some messages, and what follows.
    async fn record(&mut self, endpoint: Option<&Endpoint>, back: Vec<Flown>) -> Result<(), StoreError> {
        let durable = endpoint.is_some_and(|endpoint| endpoint.details.delivery == Delivery::Durable);
        let before = self.health;
        let mut batch = Batch::new(self.key.0);
        for flown in &back {
            let (state, next) = self.judge(durable, flown);
            write(&mut batch, self.key, flown, state, next);
        }
        let db = self.shared.log.database();
        // There is no checkpoint in it that could have moved.
        let _ = db.write_models(batch).await?;
        for flown in &back {
            self.under_way.remove(&flown.due.delivery);
        }
        if !durable || self.health == before {
            return Ok(());
        }
        let (tenant, webhook) = self.key;
        db.put_webhook_health(tenant, webhook, self.health).await?;
        let now = self.shared.time.now();
        if retry::is_probed(before) && self.health.failures == 0 {
            db.hasten_deliveries(tenant, webhook, now.as_microsecond()).await?;
        }
        if retry::is_dead(self.health, now) {
            self.disable(tenant).await;
        }
        Ok(())
    }

    async fn disable(&self, tenant: TenantId) {
        let reason = "it has failed for five days".to_owned();
        tracing::warn!(%tenant, webhook = %self.key.1, reason, "webhook disabled");
        self.shared.outside.disable(tenant, self.key.1, reason).await;
    }

    /// What becomes of a delivery, and of the endpoint's health.
    fn judge(&mut self, durable: bool, flown: &Flown) -> (&'static str, Option<Timestamp>) {
        let seconds = flown.ended.duration_since(flown.started).as_secs_f64();
        let (state, retry_after) = match &flown.outcome {
            Outcome::Answered { status: 200..=299, .. } => ("delivered", None),
            // A redirection leads where nobody has looked.
            Outcome::Answered { status: 300..=399, .. } | Outcome::Refused(_) => ("refused", None),
            Outcome::Answered { retry_after, .. } => ("failed", *retry_after),
            Outcome::Failed(_) => ("failed", None),
        };
        metrics::counter!("diario_webhook_attempts_total", "outcome" => state).increment(1);
        metrics::histogram!("diario_webhook_seconds").record(seconds);
        let mut next = None;
        match state {
            "delivered" => self.health = Health::default(),
            "failed" if durable => {
                if self.counted.is_none_or(|counted| flown.started >= counted) {
                    self.counted = Some(flown.ended);
                    let asked = match flown.outcome {
                        Outcome::Answered { status: 429 | 503, .. } => retry_after,
                        Outcome::Answered { .. } | Outcome::Failed(_) | Outcome::Refused(_) => None,
                    };
                    self.health = retry::failed(self.health, flown.ended, asked);
                }
                let seed = self.key.1.0.wrapping_mul(1_000_003).wrapping_add(flown.due.delivery);
                next = retry::next_attempt(seed, flown.due.failures + 1, flown.ended, retry_after);
            }
            _ => {}
        }
        if next.is_some() {
            return ("pending", next);
        }
        metrics::counter!("diario_webhook_deliveries_total", "outcome" => state).increment(1);
        (state, None)
    }
}

fn write(batch: &mut Batch, (_, webhook): Key, flown: &Flown, state: &str, next: Option<Timestamp>) {
    let (outcome, status, answer) = match &flown.outcome {
        Outcome::Answered { status, body, .. } => {
            let outcome = match status {
                200..=299 => "delivered",
                300..=399 => "refused",
                _ => "failed",
            };
            (outcome, Some(i64::from(*status)), body)
        }
        Outcome::Failed(why) => ("failed", None, why),
        Outcome::Refused(why) => ("refused", None, why),
    };
    // Postgres keeps no NUL in text.
    let answer = (!answer.is_empty()).then(|| answer.replace('\0', "\u{fffd}"));
    let due = &flown.due;
    batch.at(due.position);
    let ended = flown.ended.as_microsecond();
    let next = next.map(Timestamp::as_microsecond);
    let row = params![
        due.event.as_str(),
        due.stream.as_str(),
        state,
        1_i64,
        if state == "delivered" { due.failures } else { due.failures + 1 },
        due.created_at,
        next,
        next.is_none().then_some(ended),
        status,
        answer.clone(),
    ];
    batch.put(&WEBHOOK_DELIVERIES, &[webhook.0, due.delivery], row);
    let millis = i64::try_from(flown.ended.duration_since(flown.started).as_millis()).unwrap_or(i64::MAX);
    let row = params![millis, outcome, status, answer];
    batch.put(&WEBHOOK_ATTEMPTS, &[webhook.0, due.delivery, flown.started.as_microsecond()], row);
}
