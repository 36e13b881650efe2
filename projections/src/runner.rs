//! Runs the read models: folds what is new, writes it with the checkpoints, lets the answers go.
//!
//! A tenant's read models that stand at the same position move together, in one transaction. One that cannot
//! follow an event stops there, loudly, and the others go on without it; one that was behind (rebuilt, new)
//! catches up by itself and joins them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use diario_domain::{TenantId, event::Recorded};
use diario_store::{Log, ReadGate, StoreError, feed::Appended, models::Batch};
use tokio::{
    sync::{Notify, mpsc, watch},
    task::JoinHandle,
};

use crate::{ALL, Failure, Pace, Projection, status::Status};

/// Events that are folded into one write. `docs/decisions/0004` has the measurement.
pub const BATCH_MAX: usize = 512;
/// Events of one write of the deferred read models: four times a second this is more than any log takes in, and
/// the more there are, the more of them become one row.
const DEFERRED_BATCH_MAX: usize = 8_192;
/// Events that a subscriber keeps in memory before it leaves the newest to the log.
const HELD_MAX: usize = 16_384;
/// How often the directory is looked at for what other processes have appended.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The pause of the deferred read models between two batches.
const DEFERRED_EVERY: Duration = Duration::from_millis(250);
/// The longest that a reader of a deferred read model waits for it.
const FRESH_WITHIN: Duration = Duration::from_secs(2);
/// The longest pause after a failure of the database.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// All read models of this process.
#[derive(Clone)]
pub struct Projections {
    log: Log,
    shared: Arc<Shared>,
}

struct Shared {
    status: Arc<Status>,
    runners: Mutex<HashMap<TenantId, Running>>,
    stop: watch::Sender<bool>,
    heads: watch::Sender<HashMap<TenantId, i64>>,
}

struct Running {
    prompt: Half,
    deferred: Half,
}

/// The read models of one pace.
struct Half {
    wake: Arc<Notify>,
    gate: Arc<ReadGate>,
    task: JoinHandle<()>,
}

impl Projections {
    /// Read models over a log; none runs yet.
    #[must_use]
    pub fn new(log: Log) -> Self {
        let shared = Shared {
            status: Arc::default(),
            runners: Mutex::default(),
            stop: watch::Sender::new(false),
            heads: watch::Sender::default(),
        };
        Self { log, shared: Arc::new(shared) }
    }

    /// How they are.
    #[must_use]
    pub fn status(&self) -> Arc<Status> {
        Arc::clone(&self.shared.status)
    }

    /// Every tenant's head as [`Self::watch_directory`] saw it last.
    #[must_use]
    pub fn heads(&self) -> watch::Receiver<HashMap<TenantId, i64>> {
        self.shared.heads.subscribe()
    }

    /// Has a tenant's read models run in this process from now on.
    pub fn ensure(&self, tenant: TenantId) {
        self.running(tenant);
    }

    /// How to wake a tenant's prompt read models and its deferred ones, and where the latter are.
    fn running(&self, tenant: TenantId) -> (Arc<Notify>, Arc<Notify>, Arc<ReadGate>) {
        let mut runners = self.shared.runners.lock().unwrap_or_else(PoisonError::into_inner);
        let running = runners.entry(tenant).or_insert_with(|| Running {
            prompt: self.half(tenant, Pace::Prompt, self.log.gate(tenant)),
            deferred: self.half(tenant, Pace::Deferred, Arc::default()),
        });
        (
            Arc::clone(&running.prompt.wake),
            Arc::clone(&running.deferred.wake),
            Arc::clone(&running.deferred.gate),
        )
    }

    fn half(&self, tenant: TenantId, pace: Pace, gate: Arc<ReadGate>) -> Half {
        let wake = Arc::new(Notify::new());
        let runner = Runner {
            feed: self.log.subscribe(tenant),
            gate: Arc::clone(&gate),
            log: self.log.clone(),
            tenant,
            pace,
            status: self.status(),
            wake: Arc::clone(&wake),
            stop: self.shared.stop.subscribe(),
            positions: BTreeMap::new(),
            look: true,
        };
        Half { wake, gate, task: tokio::spawn(runner.run()) }
    }

    /// Waits until a tenant's deferred read models have followed what its prompt ones have, but no longer than a
    /// bound: whoever reads them reads what was answered before.
    pub async fn fresh(&self, tenant: TenantId) {
        let answered = self.log.gate(tenant).passed();
        let (_, wake, gate) = self.running(tenant);
        if gate.passed() < answered {
            wake.notify_one();
            gate.passing(answered, FRESH_WITHIN).await;
        }
    }

    /// Follows the directory until told to stop: wakes (or starts) the read models of every tenant whose log has
    /// moved, by whichever process.
    pub async fn watch_directory(&self) {
        let mut stop = self.shared.stop.subscribe();
        let mut seen: HashMap<TenantId, i64> = HashMap::new();
        loop {
            match self.log.database().tenants().await {
                Ok(tenants) => {
                    let mut moved = false;
                    for tenant in tenants {
                        if seen.insert(tenant.tenant_id, tenant.head) != Some(tenant.head) {
                            moved = true;
                            let (prompt, deferred, _) = self.running(tenant.tenant_id);
                            prompt.notify_one();
                            deferred.notify_one();
                        }
                    }
                    if moved {
                        self.shared.heads.send_replace(seen.clone());
                    }
                }
                Err(error) => tracing::warn!(%error, "the directory of tenants cannot be read"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Stops all read models after the batch they are at.
    pub async fn stop(&self) {
        self.shared.stop.send_replace(true);
        let tasks: Vec<_> = {
            let mut runners = self.shared.runners.lock().unwrap_or_else(PoisonError::into_inner);
            runners.drain().flat_map(|(_, running)| [running.prompt.task, running.deferred.task]).collect()
        };
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "read models failed");
            }
        }
    }

    /// Waits until a tenant's read models have passed a position; false when one has stopped or time is over.
    pub async fn caught_up(&self, tenant: TenantId, position: i64, patience: Duration) -> bool {
        let (wake, wake_deferred, deferred) = self.running(tenant);
        let gate = self.log.gate(tenant);
        let until = Instant::now() + patience;
        while gate.passed().min(deferred.passed()) < position {
            if Instant::now() > until || !self.shared.status.stopped_ones().is_empty() {
                return false;
            }
            wake.notify_one();
            wake_deferred.notify_one();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.shared.status.stopped_ones().iter().all(|(stopped, _, _)| *stopped != tenant)
    }
}

struct Runner {
    log: Log,
    tenant: TenantId,
    feed: mpsc::Receiver<Appended>,
    gate: Arc<ReadGate>,
    pace: Pace,
    status: Arc<Status>,
    wake: Arc<Notify>,
    stop: watch::Receiver<bool>,
    /// Where each read model that goes on stands.
    positions: BTreeMap<&'static str, i64>,
    /// Whether the log may hold more than the feed has brought.
    look: bool,
}

impl Runner {
    async fn run(mut self) {
        let mut pause = Duration::from_millis(50);
        while let Err(error) = self.load_positions().await {
            tracing::warn!(tenant = %self.tenant, %error, "checkpoints cannot be read");
            if self.pause(&mut pause).await {
                return;
            }
        }
        let mut fresh: Vec<Appended> = Vec::new();
        loop {
            self.look |= take_waiting(&mut self.feed, &mut fresh);
            match self.advance(&mut fresh).await {
                Ok(true) => {
                    pause = Duration::from_millis(50);
                    if self.pace == Pace::Deferred {
                        self.dawdle().await;
                    }
                    continue;
                }
                Ok(false) => {}
                Err(error) => {
                    self.look = true;
                    tracing::error!(tenant = %self.tenant, %error, "read models cannot be written: trying again");
                    metrics::counter!("diario_projection_failures_total").increment(1);
                    if self.pause(&mut pause).await {
                        return;
                    }
                    continue;
                }
            }
            let stopping = tokio::select! {
                appended = self.feed.recv() => match appended {
                    Some(appended) => {
                        fresh.push(appended);
                        false
                    }
                    None => true,
                },
                () = self.wake.notified() => {
                    self.look = true;
                    false
                }
                _ = self.stop.wait_for(|stop| *stop) => true,
            };
            // What was answered must be readable by the next process at once: catch up, then go.
            if stopping && !matches!(self.advance(&mut fresh).await, Ok(true)) {
                return;
            }
        }
    }

    /// Lets more come in, unless somebody waits for what is there.
    async fn dawdle(&mut self) {
        tokio::select! {
            () = tokio::time::sleep(DEFERRED_EVERY) => {}
            () = self.wake.notified() => self.look = true,
            _ = self.stop.wait_for(|stop| *stop) => {}
        }
    }

    const fn batch_max(&self) -> usize {
        match self.pace {
            Pace::Prompt => BATCH_MAX,
            Pace::Deferred => DEFERRED_BATCH_MAX,
        }
    }

    /// The read models of this pace.
    fn mine(&self) -> impl Iterator<Item = &'static Projection> + use<> {
        let pace = self.pace;
        ALL.iter().filter(move |projection| projection.pace == pace)
    }

    /// Waits a little longer each time; true when it is time to stop.
    async fn pause(&mut self, pause: &mut Duration) -> bool {
        let stopped = tokio::select! {
            () = tokio::time::sleep(*pause) => false,
            _ = self.stop.wait_for(|stop| *stop) => true,
        };
        *pause = (*pause * 2).min(PAUSE_MAX);
        stopped
    }

    async fn load_positions(&mut self) -> Result<(), StoreError> {
        for projection in self.mine() {
            if !self.is_stopped(projection) {
                let position = self.log.database().checkpoint(self.tenant, projection.name).await?;
                self.positions.insert(projection.name, position);
                self.status.passed(self.tenant, projection.name, position);
            }
        }
        self.let_go();
        Ok(())
    }

    fn is_stopped(&self, projection: &Projection) -> bool {
        let stopped = self.status.stopped_ones();
        stopped.iter().any(|(tenant, name, _)| *tenant == self.tenant && *name == projection.name)
    }

    /// Answers may go up to where the slowest read model is that has not stopped.
    fn let_go(&self) {
        let passed = self.positions.values().min().copied().unwrap_or(i64::MAX);
        self.gate.pass(passed);
        let pace = if self.pace == Pace::Prompt { "prompt" } else { "deferred" };
        metrics::gauge!("diario_projection_position", "tenant" => self.tenant.to_string(), "pace" => pace)
            .set(gauge(passed));
    }

    /// Moves the read models that are furthest behind by one batch. False when there is nothing to do.
    async fn advance(&mut self, fresh: &mut Vec<Appended>) -> Result<bool, StoreError> {
        let Some(from) = self.positions.values().min().copied() else {
            fresh.clear();
            return Ok(false);
        };
        fresh.retain(|appended| appended.last().is_some_and(|event| event.position > from));
        let most = self.batch_max();
        let mut events = next_in_feed(from, fresh, most);
        let stored;
        // A gap in the feed or a read model that is behind the others is also read off the log.
        let behind = !fresh.is_empty() || self.positions.values().any(|position| *position != from);
        if events.is_empty() && (self.look || behind) {
            self.look = false;
            let limit = i64::try_from(most).unwrap_or(i64::MAX);
            stored = self.log.read(self.tenant, from, limit).await?;
            events = stored.iter().collect();
            self.look = !events.is_empty();
        }
        if events.is_empty() {
            return Ok(false);
        }
        let group: Vec<&'static Projection> =
            self.mine().filter(|projection| self.positions.get(projection.name) == Some(&from)).collect();
        let started = Instant::now();
        self.follow(&group, from, &events).await?;
        metrics::histogram!("diario_projection_seconds").record(started.elapsed());
        self.let_go();
        Ok(true)
    }

    /// Has a group of read models follow some events; those that cannot are stopped, the rest tries again.
    async fn follow(
        &mut self,
        group: &[&'static Projection],
        from: i64,
        events: &[&Recorded],
    ) -> Result<(), StoreError> {
        let Some(to) = events.last().map(|event| event.position) else { return Ok(()) };
        let mut batch = Batch::new(self.tenant);
        for projection in group {
            batch.checkpoint(projection.name, from, to);
            if let Err((position, why)) = fold(projection, events, &mut batch) {
                // The batch holds a part of its rows: the others begin again without it.
                self.stop_one(projection, position, &why.to_string());
                let others: Vec<_> =
                    group.iter().copied().filter(|other| other.name != projection.name).collect();
                return Box::pin(self.follow(&others, from, events)).await;
            }
        }
        let going = group;
        if going.is_empty() {
            return Ok(());
        }
        match self.log.database().write_models(batch).await {
            Ok(Ok(())) => {
                for projection in going {
                    self.positions.insert(projection.name, to);
                    self.status.passed(self.tenant, projection.name, to);
                }
                Ok(())
            }
            Ok(Err(_)) => {
                self.look = true;
                self.load_positions().await
            }
            Err(error) if error.is_refusal() && going.len() > 1 => {
                // The database refuses some row: find whose it is.
                for projection in going {
                    Box::pin(self.follow(&[*projection], from, events)).await?;
                }
                Ok(())
            }
            Err(error) if error.is_refusal() => {
                self.stop_one(going[0], from + 1, &error.to_string());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn stop_one(&mut self, projection: &Projection, position: i64, why: &str) {
        tracing::error!(tenant = %self.tenant, projection = projection.name, position, why, "READ MODEL STOPPED");
        metrics::counter!("diario_projections_stopped_total").increment(1);
        self.positions.remove(projection.name);
        self.status.stopped(self.tenant, projection.name, format!("at position {position}: {why}"));
    }
}

/// A whole number as a gauge takes it.
pub(crate) fn gauge(number: i64) -> f64 {
    u32::try_from(number.max(0)).map_or(f64::from(u32::MAX), f64::from)
}

/// Takes what waits in a feed. True where that was more than is kept: the newest has to be read off the log.
pub(crate) fn take_waiting(feed: &mut mpsc::Receiver<Appended>, fresh: &mut Vec<Appended>) -> bool {
    let mut held: usize = fresh.iter().map(|appended| appended.len()).sum();
    let mut left = false;
    while let Ok(appended) = feed.try_recv() {
        held += appended.len();
        if held > HELD_MAX {
            left = true;
        } else {
            fresh.push(appended);
        }
    }
    left
}

/// What comes after a position in the feed, as far as it is there without a gap, at most so many events.
pub(crate) fn next_in_feed(from: i64, fresh: &[Appended], most: usize) -> Vec<&Recorded> {
    let mut events: Vec<&Recorded> = Vec::new();
    for event in fresh.iter().flat_map(|appended| appended.iter()).filter(|event| event.position > from) {
        let expected = events.last().map_or(from, |last| last.position) + 1;
        if event.position != expected || events.len() >= most {
            break;
        }
        events.push(event);
    }
    events
}

/// Folds events into a batch, or tells the position that cannot be followed.
pub(crate) fn fold(
    projection: &Projection,
    events: &[&Recorded],
    batch: &mut Batch,
) -> Result<(), (i64, Failure)> {
    for event in events {
        batch.at(event.position);
        (projection.apply)(event, batch).map_err(|why| (event.position, why))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use diario_domain::{BranchId, Event, branch::BranchOpened};
    use jiff::Timestamp;

    use super::*;

    fn appended(positions: std::ops::RangeInclusive<i64>) -> Appended {
        let at = |position| Recorded {
            tenant: TenantId(1),
            position,
            stream: "branch-1".to_owned(),
            version: position,
            event: Event::BranchOpened(
                BranchOpened {
                    branch_id: BranchId(position),
                    name: String::new(),
                    address: None,
                    phone: None,
                }
                .into(),
            ),
            metadata: diario_domain::event::Metadata::default(),
            occurred_at: Timestamp::UNIX_EPOCH,
            recorded_at: Timestamp::UNIX_EPOCH,
        };
        Arc::new(positions.map(at).collect())
    }

    fn taken(from: i64, fresh: &[Appended], most: usize) -> Vec<i64> {
        next_in_feed(from, fresh, most).iter().map(|event| event.position).collect()
    }

    #[test]
    fn what_a_subscriber_does_not_keep_is_left_to_the_log() {
        let (sender, mut feed) = mpsc::channel(256);
        for first in (1..=20_000).step_by(100) {
            sender.try_send(appended(first..=first + 99)).unwrap();
        }
        let mut fresh = Vec::new();
        assert!(take_waiting(&mut feed, &mut fresh), "it is told");
        let held: Vec<i64> =
            fresh.iter().flat_map(|appended| appended.iter()).map(|event| event.position).collect();
        assert!(held.len() <= HELD_MAX);
        assert_eq!(
            held,
            (1..=i64::try_from(held.len()).unwrap()).collect::<Vec<_>>(),
            "the oldest, without a gap"
        );
        sender.try_send(appended(20_001..=20_001)).unwrap();
        fresh.clear();
        assert!(!take_waiting(&mut feed, &mut fresh));
        assert!(taken(16_300, &fresh, BATCH_MAX).is_empty(), "behind a gap nothing is next");
    }

    #[test]
    fn a_batch_has_no_gap_and_no_more_than_it_may() {
        let fresh = [appended(1..=3), appended(4..=6), appended(8..=9)];
        assert_eq!(taken(2, &fresh, 512), [3, 4, 5, 6]);
        assert_eq!(taken(0, &fresh, 4), [1, 2, 3, 4]);
        assert_eq!(taken(6, &fresh, 512), Vec::<i64>::new());
        assert_eq!(taken(7, &fresh, 512), [8, 9]);
    }
}
