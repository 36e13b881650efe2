//! Runs the webhooks: one outbox a tenant, which follows the log and queues what endpoints are to be told, and one
//! courier an endpoint while there is something to tell it.
//!
//! Each endpoint is told by one server at a time, which holds a lease on it; when that server dies, the lease runs out
//! and another one goes on. So a delivery is made at least once, and always under the same `webhook-id`. How a message
//! leaves the house is not known here ([`Outside`]), nor is the time ([`Time`]).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use diario_domain::{TenantId, WebhookId};
use diario_store::{Log, StoreError, params, tenants::Tenant, webhooks::Health};
use jiff::Timestamp;
use tokio::{
    sync::{Notify, Semaphore, watch},
    task::JoinSet,
};

use super::{Endpoint, courier::Courier, outbox::Outbox, retry};
use crate::runner::gauge;

/// How often what is due is looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// How many looks lie between two counts of what waits.
const COUNT_EVERY: u32 = 5;
/// No more than so many are counted.
const COUNT_MAX: i64 = 100_000;
/// Messages that are under way at the same time, to all endpoints.
const SLOTS: usize = 512;

/// Something that is done later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the time comes from; tests bring their own.
pub trait Time: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn sleep(&self, pause: Duration) -> Later<'_, ()>;
}

/// The time on the wall.
pub struct Wall;

impl Time for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, pause: Duration) -> Later<'_, ()> {
        Box::pin(tokio::time::sleep(pause))
    }
}

/// A message for an endpoint.
#[derive(Clone)]
pub struct Parcel {
    /// Where to.
    pub url: String,
    /// The event's name.
    pub event: String,
    /// The same on every attempt.
    pub message_id: String,
    /// The delivery, as a UUID.
    pub delivery: String,
    /// What is said.
    pub body: Arc<str>,
    /// What it is signed with: the endpoint's secret, and for a day after a change the one before it as well.
    pub secrets: Vec<String>,
    /// When it is said.
    pub at: Timestamp,
}

/// What came of sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered.
    Answered {
        /// The status.
        status: u16,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
        /// How the answer begins.
        body: String,
    },
    /// It could not be reached, or not in time.
    Failed(String),
    /// The message is not sent there, now or later.
    Refused(String),
}

/// The world outside.
pub trait Outside: Send + Sync {
    /// Sends a message; it comes back within a bound.
    fn send(&self, parcel: Parcel) -> Later<'_, Outcome>;
    /// Has the shop's log say that an endpoint is dead.
    fn disable(&self, tenant: TenantId, webhook: WebhookId, reason: String) -> Later<'_, ()>;
}

pub(super) type Key = (TenantId, WebhookId);

/// What all parts share.
pub(super) struct Shared {
    pub(super) log: Log,
    pub(super) outside: Arc<dyn Outside>,
    pub(super) time: Arc<dyn Time>,
    /// This server, among those of the database.
    pub(super) owner: String,
    pub(super) slots: Arc<Semaphore>,
    pub(super) stop: watch::Sender<bool>,
    /// Endpoints as the outboxes know them.
    endpoints: Mutex<BTreeMap<Key, Endpoint>>,
    couriers: Mutex<HashMap<Key, Arc<Notify>>>,
    tasks: Mutex<JoinSet<()>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn endpoint(&self, key: Key) -> Option<Endpoint> {
        locked(&self.endpoints).get(&key).cloned()
    }

    pub(super) fn put_endpoint(&self, key: Key, endpoint: Option<Endpoint>) {
        match endpoint {
            Some(endpoint) => locked(&self.endpoints).insert(key, endpoint),
            None => locked(&self.endpoints).remove(&key),
        };
    }

    /// Has a courier look what there is for an endpoint.
    pub(super) fn summon(self: &Arc<Self>, key: Key) {
        if *self.stop.borrow() || self.endpoint(key).is_none() {
            return;
        }
        let mut couriers = locked(&self.couriers);
        if let Some(running) = couriers.get(&key) {
            running.notify_one();
            return;
        }
        let wake = Arc::new(Notify::new());
        couriers.insert(key, Arc::clone(&wake));
        drop(couriers);
        let shared = Arc::clone(self);
        let mut tasks = locked(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(async move {
            let gone = Gone { shared: Arc::clone(&shared), key };
            Courier::new(Arc::clone(&shared), key, wake).run().await;
            drop(gone);
        });
    }
}

/// Takes a courier off the list, however it ended.
struct Gone {
    shared: Arc<Shared>,
    key: Key,
}

impl Drop for Gone {
    fn drop(&mut self) {
        locked(&self.shared.couriers).remove(&self.key);
    }
}

/// The webhooks of this process.
pub struct Dispatcher {
    shared: Arc<Shared>,
}

impl Dispatcher {
    /// Begins to follow every tenant's log; `heads` tells whose have moved.
    #[must_use]
    pub fn start(
        log: Log,
        outside: Arc<dyn Outside>,
        time: Arc<dyn Time>,
        owner: String,
        heads: watch::Receiver<HashMap<TenantId, i64>>,
    ) -> Self {
        let shared = Arc::new(Shared {
            log,
            outside,
            time,
            owner,
            slots: Arc::new(Semaphore::new(SLOTS)),
            stop: watch::Sender::new(false),
            endpoints: Mutex::default(),
            couriers: Mutex::default(),
            tasks: Mutex::default(),
        });
        let mut tasks = locked(&shared.tasks);
        tasks.spawn(follow_all(Arc::clone(&shared), heads));
        tasks.spawn(sweep(Arc::clone(&shared)));
        drop(tasks);
        Self { shared }
    }

    /// Takes up nothing more, and waits until what is under way is over and written down.
    pub async fn stop(&self) {
        self.shared.stop.send_replace(true);
        loop {
            let mut tasks = std::mem::take(&mut *locked(&self.shared.tasks));
            if tasks.is_empty() {
                return;
            }
            while let Some(ended) = tasks.join_next().await {
                if let Err(error) = ended {
                    tracing::error!(%error, "a part of the webhooks failed");
                }
            }
        }
    }
}

/// One outbox for every tenant that the directory knows, woken when its log has moved.
async fn follow_all(shared: Arc<Shared>, mut heads: watch::Receiver<HashMap<TenantId, i64>>) {
    let mut stop = shared.stop.subscribe();
    let mut seen: HashMap<TenantId, (i64, Arc<Notify>)> = HashMap::new();
    loop {
        for (tenant, head) in &*heads.borrow_and_update() {
            let (known, wake) = seen.entry(*tenant).or_insert_with(|| {
                let wake = Arc::new(Notify::new());
                let outbox = Outbox::new(Arc::clone(&shared), *tenant, Arc::clone(&wake));
                locked(&shared.tasks).spawn(outbox.run());
                (*head, wake)
            });
            if known != head {
                *known = *head;
                wake.notify_one();
            }
        }
        tokio::select! {
            changed = heads.changed() => if changed.is_err() { return },
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Looks for what is due and nobody sees to: retries, what another server left when it died, what was asked for from
/// elsewhere.
async fn sweep(shared: Arc<Shared>) {
    let mut stop = shared.stop.subscribe();
    for look in (0..COUNT_EVERY).cycle() {
        let looked = async {
            let found = overdue(&shared).await?;
            found.measure(&shared);
            for key in found.keys {
                shared.summon(key);
            }
            if look == 0 {
                metrics::gauge!("diario_webhook_queue_depth").set(gauge(waiting(&shared).await?));
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = looked.await {
            tracing::warn!(%error, "the queue of webhooks cannot be read");
        }
        tokio::select! {
            () = shared.time.sleep(SWEEP_EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// What a look at all endpoints found.
#[derive(Default)]
struct Found {
    /// Those with something due that this server may see to.
    keys: HashSet<Key>,
    /// Since when the oldest of it waits.
    oldest: Option<i64>,
    /// Endpoints that are left alone now.
    open: i64,
    /// Endpoints that are given one thing at a time, to see whether they are back.
    half_open: i64,
}

impl Found {
    fn measure(&self, shared: &Shared) {
        let now = shared.time.now().as_microsecond();
        let lag = self.oldest.map_or(0, |oldest| now.saturating_sub(oldest) / 1_000_000);
        metrics::gauge!("diario_webhook_lag_seconds").set(gauge(lag));
        let all = i64::try_from(locked(&shared.endpoints).len()).unwrap_or(i64::MAX);
        let closed = all - self.open - self.half_open;
        for (breaker, endpoints) in [("closed", closed), ("open", self.open), ("half_open", self.half_open)] {
            metrics::gauge!("diario_webhook_endpoints", "breaker" => breaker).set(gauge(endpoints));
        }
    }
}

/// The directory is walked, and each tenant's own rows are looked at.
async fn overdue(shared: &Shared) -> Result<Found, StoreError> {
    let sql = "SELECT e.tenant_id, e.webhook_id, e.owner, e.lease_until, e.failures, e.paused_until, \
                 (SELECT MIN(d.next_at) FROM webhook_deliveries d WHERE d.tenant_id = e.tenant_id \
                  AND d.webhook_id = e.webhook_id AND d.next_at IS NOT NULL) \
               FROM tenants t JOIN webhook_endpoints e ON e.tenant_id = t.tenant_id";
    let now = shared.time.now();
    let mut found = Found::default();
    for row in shared.log.database().query(sql, params![]).await? {
        let key = (TenantId(row.int(0)?), WebhookId(row.int(1)?));
        if shared.endpoint(key).is_none() {
            continue;
        }
        let health = Health { failures: row.int(4)?, failing_since: None, paused_until: row.opt_int(5)? };
        if retry::is_paused(health, now) {
            found.open += 1;
            continue;
        }
        found.half_open += i64::from(retry::is_probed(health));
        let Some(due) = row.opt_int(6)?.filter(|due| *due <= now.as_microsecond()) else { continue };
        if row.text(2)? == shared.owner || row.int(3)? < now.as_microsecond() {
            found.oldest = Some(found.oldest.map_or(due, |oldest| oldest.min(due)));
            found.keys.insert(key);
        }
    }
    Ok(found)
}

/// How much there is to tell in all, now and later.
async fn waiting(shared: &Shared) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM tenants t \
               JOIN webhook_deliveries d ON d.tenant_id = t.tenant_id WHERE d.next_at IS NOT NULL LIMIT $1) waiting";
    shared.log.database().query(sql, params![COUNT_MAX]).await?.first().map_or(Ok(0), |row| row.int(0))
}

/// What couriers need to know of a tenant.
pub(super) async fn tenant(shared: &Shared, id: TenantId) -> Result<Option<Tenant>, StoreError> {
    shared.log.database().tenant(id).await
}
