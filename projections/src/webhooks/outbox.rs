//! Follows a tenant's log and queues what its endpoints are to be told, in the transaction that moves its checkpoint:
//! each event is queued once, by whichever server is first.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use diario_domain::{Event, TenantId, WebhookId, event::Recorded};
use diario_store::{
    StoreError,
    feed::Appended,
    models::{Batch, CheckpointMoved},
    params,
    webhooks::Health,
};
use tokio::sync::{Notify, mpsc};

use super::{
    Endpoint, PROJECTION, State, WEBHOOK_DELIVERIES, dispatch::Shared, endpoints_at, first_after, notice,
};
use crate::runner::{BATCH_MAX, next_in_feed, take_waiting};

/// The checkpoint's name.
const NAME: &str = "webhook_outbox";
/// Events that nobody asked for may pass before the checkpoint is moved for their sake.
const UNSAVED_MAX: i64 = 4_096;
/// The pause after a failure of the database.
const PAUSE: Duration = Duration::from_secs(1);
/// What is written by this surface was history when it came in: nobody is told of it.
const HISTORY: &str = "import";

pub(super) struct Outbox {
    shared: Arc<Shared>,
    tenant: TenantId,
    wake: Arc<Notify>,
    feed: mpsc::Receiver<Appended>,
    /// Whether its place in the log is known.
    loaded: bool,
    /// Where the stored checkpoint is, and how far this one has read.
    stored: i64,
    position: i64,
    endpoints: BTreeMap<WebhookId, Endpoint>,
}

impl Outbox {
    pub(super) fn new(shared: Arc<Shared>, tenant: TenantId, wake: Arc<Notify>) -> Self {
        let feed = shared.log.subscribe(tenant);
        Self { shared, tenant, wake, feed, loaded: false, stored: 0, position: 0, endpoints: BTreeMap::new() }
    }

    pub(super) async fn run(mut self) {
        let mut stop = self.shared.stop.subscribe();
        let mut fresh: Vec<Appended> = Vec::new();
        let mut look = true;
        loop {
            let advanced =
                if self.loaded { self.advance(&mut fresh, &mut look).await } else { self.load().await };
            match advanced {
                Ok(true) if !*stop.borrow() => continue,
                Ok(true | false) => {}
                Err(error) => {
                    tracing::error!(tenant = %self.tenant, %error, "webhooks cannot be queued: trying again");
                    self.loaded = false;
                }
            }
            let again = self.shared.time.sleep(PAUSE);
            let stopped = tokio::select! {
                appended = self.feed.recv() => match appended {
                    Some(appended) => {
                        fresh.push(appended);
                        false
                    }
                    None => true,
                },
                () = self.wake.notified() => {
                    look = true;
                    false
                }
                () = again, if !self.loaded => {
                    look = true;
                    false
                }
                _ = stop.wait_for(|stop| *stop) => true,
            };
            if stopped {
                break;
            }
        }
        if self.loaded
            && self.position > self.stored
            && let Err(error) = self.save(Batch::new(self.tenant)).await
        {
            tracing::warn!(tenant = %self.tenant, %error, "the webhooks' place in the log is not saved");
        }
    }

    /// Finds the place in the log and the endpoints as they were there. False where their read model is not as far.
    async fn load(&mut self) -> Result<bool, StoreError> {
        let db = self.shared.log.database();
        self.stored = db.checkpoint(self.tenant, NAME).await?;
        let known = db.checkpoint(self.tenant, PROJECTION.name).await?;
        if known < self.stored {
            return Ok(false);
        }
        self.position = self.stored;
        self.endpoints = endpoints_at(db, self.tenant, self.stored).await?;
        if self.endpoints.is_empty() {
            // Nobody is to be told of what came before the first endpoint.
            let first = first_after(db, self.tenant, self.stored).await?;
            self.position = first.map_or(known, |first| first - 1).max(self.stored);
        }
        for (webhook, endpoint) in &self.endpoints {
            let active = (endpoint.state == State::Active).then(|| endpoint.clone());
            self.shared.put_endpoint((self.tenant, *webhook), active);
            self.shared.summon((self.tenant, *webhook));
        }
        self.loaded = true;
        Ok(true)
    }

    /// Queues what some events give to tell. False when there are none.
    async fn advance(&mut self, fresh: &mut Vec<Appended>, look: &mut bool) -> Result<bool, StoreError> {
        *look |= take_waiting(&mut self.feed, fresh);
        let from = self.position;
        fresh.retain(|appended| appended.last().is_some_and(|event| event.position > from));
        let mut events = next_in_feed(from, fresh, BATCH_MAX);
        let stored;
        if events.is_empty() && (*look || !fresh.is_empty()) {
            *look = false;
            let limit = i64::try_from(BATCH_MAX).unwrap_or(i64::MAX);
            stored = self.shared.log.read(self.tenant, from, limit).await?;
            events = stored.iter().collect();
            *look = !events.is_empty();
        }
        let Some(to) = events.last().map(|event| event.position) else { return Ok(false) };
        let mut batch = Batch::new(self.tenant);
        let mut told = BTreeSet::new();
        for event in events {
            batch.at(event.position);
            self.follow(event).await?;
            for (webhook, endpoint) in &self.endpoints {
                if endpoint.state == State::Active && self.queue(&mut batch, endpoint, event) {
                    told.insert(*webhook);
                }
            }
        }
        self.position = to;
        if batch.rows() > 0 || to - self.stored >= UNSAVED_MAX {
            self.save(batch).await?;
        }
        for webhook in told {
            self.shared.summon((self.tenant, webhook));
        }
        Ok(true)
    }

    /// Writes what is queued and moves the checkpoint with it. Where another server was first, everything is read
    /// again from where that one is.
    async fn save(&mut self, mut batch: Batch) -> Result<(), StoreError> {
        batch.checkpoint(NAME, self.stored, self.position);
        match self.shared.log.database().write_models(batch).await? {
            Ok(()) => self.stored = self.position,
            Err(CheckpointMoved) => self.loaded = false,
        }
        Ok(())
    }

    fn queue(&self, batch: &mut Batch, endpoint: &Endpoint, event: &Recorded) -> bool {
        if event.metadata.surface == HISTORY {
            return false;
        }
        let now = self.shared.time.now().as_microsecond();
        let wanted = notice::wanted(&endpoint.details, event);
        for (number, name) in &wanted {
            let row = params![
                *name,
                event.stream.as_str(),
                "pending",
                0_i64,
                0_i64,
                now,
                now,
                None::<i64>,
                None::<i64>,
                None::<String>
            ];
            batch.put(&WEBHOOK_DELIVERIES, &[endpoint.webhook_id.0, *number], row);
        }
        !wanted.is_empty()
    }

    /// What an event changes of the endpoints themselves.
    async fn follow(&mut self, recorded: &Recorded) -> Result<(), StoreError> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "a subscriber names the events it reads")]
        let webhook = match &recorded.event {
            Event::WebhookCreated(event) => {
                let endpoint = Endpoint {
                    webhook_id: event.webhook_id,
                    details: event.details.clone(),
                    state: State::Active,
                    reason: None,
                    since: recorded.position,
                    created_at: recorded.occurred_at,
                };
                self.endpoints.insert(event.webhook_id, endpoint);
                event.webhook_id
            }
            Event::WebhookUpdated(event) => {
                if let Some(endpoint) = self.endpoints.get_mut(&event.webhook_id) {
                    endpoint.details = event.details.clone();
                }
                let db = self.shared.log.database();
                db.put_webhook_health(self.tenant, event.webhook_id, Health::default()).await?;
                event.webhook_id
            }
            Event::WebhookDisabled(event) => {
                self.turn(event.webhook_id, State::Disabled);
                event.webhook_id
            }
            Event::WebhookEnabled(event) => {
                self.turn(event.webhook_id, State::Active);
                // It begins anew: what it did before it was disabled is forgiven.
                let db = self.shared.log.database();
                db.put_webhook_health(self.tenant, event.webhook_id, Health::default()).await?;
                event.webhook_id
            }
            Event::WebhookDeleted(event) => {
                self.endpoints.remove(&event.webhook_id);
                let now = self.shared.time.now().as_microsecond();
                self.shared.log.database().forget_webhook(self.tenant, event.webhook_id, now).await?;
                event.webhook_id
            }
            Event::WebhookReplayRequested(event) => {
                self.replay(event.webhook_id, event.from, recorded.position).await?;
                event.webhook_id
            }
            _ => return Ok(()),
        };
        let key = (self.tenant, webhook);
        let active = self.endpoints.get(&webhook).filter(|endpoint| endpoint.state == State::Active);
        self.shared.put_endpoint(key, active.cloned());
        self.shared.summon(key);
        Ok(())
    }

    fn turn(&mut self, webhook: WebhookId, state: State) {
        if let Some(endpoint) = self.endpoints.get_mut(&webhook) {
            endpoint.state = state;
        }
    }

    /// Queues once more what an endpoint asks for now, from a position up to another. A server that dies meanwhile
    /// leaves it to the next one, which begins again.
    async fn replay(&self, webhook: WebhookId, from: i64, upto: i64) -> Result<(), StoreError> {
        let Some(endpoint) = self.endpoints.get(&webhook) else { return Ok(()) };
        let mut position = from - 1;
        loop {
            let limit = i64::try_from(BATCH_MAX).unwrap_or(i64::MAX);
            let events = self.shared.log.read(self.tenant, position, limit).await?;
            let mut batch = Batch::new(self.tenant);
            for event in events.iter().filter(|event| event.position < upto) {
                batch.at(event.position);
                self.queue(&mut batch, endpoint, event);
            }
            if batch.rows() > 0 {
                // There is no checkpoint in it that could have moved.
                let _ = self.shared.log.database().write_models(batch).await?;
            }
            match events.last() {
                Some(last) if last.position < upto => position = last.position,
                Some(_) | None => return Ok(()),
            }
        }
    }
}
