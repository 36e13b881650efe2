//! The writers: one for each active tenant, each deciding its tenant's commands one after another.
//!
//! Surfaces hand over a [`Request`]; a writer decides it on the Book and appends what follows together with
//! whatever else waits (group commit). Nobody is told success before the append is on disk.

mod dispatch;
mod writer;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use diario_domain::{
    Command, Refusal, TenantId,
    command::Issued,
    event::{Metadata, Recorded},
};
use diario_store::{Log, SecretKind, StoreError};
use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

/// Commands that may wait for one writer; one more is refused as busy.
pub const QUEUE_MAX: usize = 1_024;
/// Commands that are decided into one append. `docs/decisions/0004` has the measurement.
pub const BATCH_MAX: usize = 256;

/// Where the time comes from; tests and imports bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}

/// An answer in the surface's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The status, as HTTP knows it.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What a decision came to: its events, or why there are none.
pub type Outcome<'a> = Result<&'a [Recorded], &'a Refusal>;

/// Words an outcome. It runs inside the writer, because the answer is kept with the events; it may run more than
/// once, when another process was faster.
pub type Render = Box<dyn Fn(Outcome<'_>) -> Rendered + Send + Sync>;

/// An idempotency key as the surface received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Surface, principal, method, route and key.
    pub scope: String,
    /// SHA-256 of the body.
    pub body_hash: Vec<u8>,
}

/// The secret of what a request makes, kept beside the log: an employee's PIN, a program's key, a person's password.
#[derive(Clone)]
pub struct Secret {
    /// What kind of secret.
    pub kind: SecretKind,
    /// A hash by which it is found.
    pub lookup: Vec<u8>,
    /// What it is checked with.
    pub hash: String,
}

/// What a surface asks of a tenant's writer.
pub struct Request {
    /// Decided in order; all of them happen or none.
    pub commands: Vec<Issued<Command>>,
    /// Stored with each event.
    pub metadata: Metadata,
    /// Answers the first answer again.
    pub key: Option<Key>,
    /// Of what the commands make.
    pub secret: Option<Secret>,
    /// Words the outcome.
    pub render: Render,
}

/// What a request was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// In the surface's words.
    pub rendered: Rendered,
    /// The log's position that the answer stands on.
    pub position: i64,
    /// Whether it is the answer to an earlier request with the same key.
    pub replayed: bool,
    /// Why nothing happened, when nothing did and the answer is not a replay.
    pub refusal: Option<Refusal>,
}

/// Why a request got no answer. Nothing of it is on disk, except where a store error says that nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The tenant's queue is full.
    #[error("too many commands wait")]
    Busy,
    /// The program is shutting down.
    #[error("shutting down")]
    Closed,
    /// No such tenant.
    #[error("no such tenant")]
    UnknownTenant,
    /// The key was used with another body.
    #[error("the idempotency key was used with another request")]
    KeyReused,
    /// The key's first request still runs.
    #[error("the first request with this idempotency key still runs")]
    KeyBusy,
    /// The database failed.
    #[error("the log cannot be written")]
    Store(#[source] Arc<StoreError>),
}

/// What waits in a writer's queue.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every job is one to write: a box would cost each of them"
)]
pub(crate) enum Job {
    /// To be decided, appended and answered.
    Write(WriteJob),
    /// To be decided on a copy of the Book, and forgotten.
    Rehearse(RehearseJob),
}

pub(crate) struct WriteJob {
    request: Request,
    answer: oneshot::Sender<Result<Answer, CommandError>>,
}

pub(crate) struct RehearseJob {
    commands: Vec<Issued<Command>>,
    answer: oneshot::Sender<Result<Vec<Option<Refusal>>, CommandError>>,
}

/// How writers behave.
#[derive(Clone)]
pub struct Settings {
    /// Where the time comes from.
    pub clock: Clock,
    /// Whether an answer waits until this process's read models have passed its position.
    pub answer_after_reads: bool,
}

/// All writers of this process.
#[derive(Clone)]
pub struct Commands {
    log: Log,
    settings: Settings,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    writers: Mutex<Writers>,
    running_keys: Mutex<HashSet<(TenantId, String)>>,
}

#[derive(Default)]
struct Writers {
    closed: bool,
    senders: HashMap<TenantId, mpsc::Sender<Job>>,
    tasks: Vec<JoinHandle<()>>,
}

/// Frees a key when its request is over, however it ends.
struct RunningKey<'a> {
    shared: &'a Shared,
    key: Option<(TenantId, String)>,
}

impl Drop for RunningKey<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.shared.running_keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        }
    }
}

impl Commands {
    /// Writers over a log.
    #[must_use]
    pub fn new(log: Log, settings: Settings) -> Self {
        Self { log, settings, shared: Arc::default() }
    }

    /// The time as writers see it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.settings.clock)()
    }

    /// Has a request decided and waits for its answer.
    pub async fn execute(&self, tenant: TenantId, request: Request) -> Result<Answer, CommandError> {
        let running = self.claim_key(tenant, request.key.as_ref())?;
        let (answer, answered) = oneshot::channel();
        self.enqueue(tenant, Job::Write(WriteJob { request, answer }))?;
        let answer = answered.await.map_err(|_| CommandError::Closed)?;
        drop(running);
        answer
    }

    /// Has commands decided one after another, each on what those before it did, and forgets what they came to:
    /// nothing is written. For each, why it would be refused; one that would be is passed over by those behind it.
    pub async fn rehearse(
        &self,
        tenant: TenantId,
        commands: Vec<Issued<Command>>,
    ) -> Result<Vec<Option<Refusal>>, CommandError> {
        let (answer, answered) = oneshot::channel();
        self.enqueue(tenant, Job::Rehearse(RehearseJob { commands, answer }))?;
        answered.await.map_err(|_| CommandError::Closed)?
    }

    fn enqueue(&self, tenant: TenantId, mut job: Job) -> Result<(), CommandError> {
        // A writer that ended (its task failed) leaves a closed queue behind: a new one takes its place.
        for _ in 0..2 {
            let sender = self.writer(tenant)?;
            match sender.try_send(job) {
                Ok(()) => return Ok(()),
                Err(mpsc::error::TrySendError::Full(_)) => return Err(CommandError::Busy),
                Err(mpsc::error::TrySendError::Closed(back)) => {
                    job = back;
                    self.forget_writer(tenant, &sender);
                }
            }
        }
        Err(CommandError::Closed)
    }

    fn claim_key(&self, tenant: TenantId, key: Option<&Key>) -> Result<RunningKey<'_>, CommandError> {
        let claimed = key.map(|key| (tenant, key.scope.clone()));
        if let Some(claimed) = &claimed
            && !self
                .shared
                .running_keys
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(claimed.clone())
        {
            return Err(CommandError::KeyBusy);
        }
        Ok(RunningKey { shared: &self.shared, key: claimed })
    }

    fn writer(&self, tenant: TenantId) -> Result<mpsc::Sender<Job>, CommandError> {
        let mut writers = self.shared.writers.lock().unwrap_or_else(PoisonError::into_inner);
        if writers.closed {
            return Err(CommandError::Closed);
        }
        if let Some(sender) = writers.senders.get(&tenant) {
            return Ok(sender.clone());
        }
        let (sender, queue) = mpsc::channel(QUEUE_MAX);
        let writer = writer::Writer::new(self.log.clone(), tenant, self.settings.clone());
        writers.tasks.retain(|task| !task.is_finished());
        writers.tasks.push(tokio::spawn(writer.run(queue)));
        writers.senders.insert(tenant, sender.clone());
        Ok(sender)
    }

    fn forget_writer(&self, tenant: TenantId, old: &mpsc::Sender<Job>) {
        let mut writers = self.shared.writers.lock().unwrap_or_else(PoisonError::into_inner);
        if writers.senders.get(&tenant).is_some_and(|sender| sender.same_channel(old)) {
            writers.senders.remove(&tenant);
        }
    }

    /// Takes no more commands, finishes those that wait, and keeps snapshots of the Books.
    pub async fn drain(&self) {
        let tasks = {
            let mut writers = self.shared.writers.lock().unwrap_or_else(PoisonError::into_inner);
            writers.closed = true;
            writers.senders.clear();
            std::mem::take(&mut writers.tasks)
        };
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a writer failed");
            }
        }
    }

    /// Lets go of answers that were held longer than the bound; call it a few times a second.
    pub fn release_overdue(&self) {
        let tenants: Vec<_> = {
            let writers = self.shared.writers.lock().unwrap_or_else(PoisonError::into_inner);
            writers.senders.keys().copied().collect()
        };
        for tenant in tenants {
            let overdue = self.log.gate(tenant).release_overdue();
            if overdue > 0 {
                tracing::warn!(%tenant, overdue, "read models lag: answered without them");
                metrics::counter!("diario_answers_before_reads_total").increment(overdue as u64);
            }
        }
    }
}

/// Answers held longer than the bound are let go this often.
pub const OVERDUE_EVERY: Duration = Duration::from_millis(200);
