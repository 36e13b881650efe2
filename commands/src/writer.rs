//! One tenant's writer: decide what waits, append it at once, answer.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use diario_domain::{
    Book, Command, Event, Refusal, TenantId,
    book::BOOK_VERSION,
    command::Issued,
    event::{Metadata, Recorded},
};
use diario_store::{
    AppendError, IdempotencyRow, Log, ReadGate, SecretKind, StoreError,
    log::{Credential, Head},
};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Answer, BATCH_MAX, Clock, CommandError, Job, RehearseJob, Rendered, Request, Secret, Settings, WriteJob,
    dispatch::{Decision, Documents, NoDecision, Placed, dispatch},
};

/// Events between two snapshots of a Book: folding so many takes a tenth of a second.
const SNAPSHOT_EVERY: i64 = 20_000;
/// The longest a batch waits for the read models: when they lag, sales go on without them.
const PACE_MAX: Duration = Duration::from_millis(20);
/// Events read at once when catching up.
const PAGE: i64 = 2_000;
/// After another process was faster, the Book is copied before each batch for so long, so that losing again costs
/// a copy and not a fold.
const CONTENDED_FOR: Duration = Duration::from_secs(10);

pub(crate) struct Writer {
    log: Log,
    tenant: TenantId,
    settings: Settings,
    gate: Arc<ReadGate>,
    state: Option<State>,
    snapshot_at: i64,
    contended_until: Option<Instant>,
}

/// What the writer holds in memory: the Book at the head of the log.
struct State {
    book: Book,
    head: Head,
}

/// What is to be told to one job once the batch is on disk.
struct Told {
    answer: oneshot::Sender<Result<Answer, CommandError>>,
    result: Result<Answer, CommandError>,
}

/// What a batch came to before it is written.
#[derive(Default)]
struct Decided {
    events: Vec<Recorded>,
    answers: Vec<IdempotencyRow>,
    credentials: Vec<Credential>,
    /// One for each job, in order.
    results: Vec<Result<Answer, CommandError>>,
}

impl Writer {
    pub(crate) fn new(log: Log, tenant: TenantId, settings: Settings) -> Self {
        let gate = log.gate(tenant);
        Self { log, tenant, settings, gate, state: None, snapshot_at: 0, contended_until: None }
    }

    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(BATCH_MAX);
        let mut before_last = 0;
        while queue.recv_many(&mut jobs, BATCH_MAX).await > 0 {
            if self.settings.answer_after_reads {
                // Appending further ahead of the read models answers nobody sooner: one batch may be on its way to
                // them; what comes in meanwhile joins this one, and both sides pay for a batch less often.
                self.gate.passing(before_last, PACE_MAX).await;
                while jobs.len() < BATCH_MAX
                    && let Ok(job) = queue.try_recv()
                {
                    jobs.push(job);
                }
            }
            before_last = self.position();
            let mut batch = Vec::with_capacity(jobs.len());
            for job in jobs.drain(..) {
                match job {
                    Job::Write(job) => batch.push(job),
                    Job::Rehearse(job) => self.rehearse(job).await,
                }
            }
            if !batch.is_empty() {
                for told in self.commit(batch).await {
                    self.tell(told);
                }
            }
        }
        if let Some(state) = &self.state
            && state.book.position > self.snapshot_at
        {
            keep_snapshot(self.log.clone(), self.tenant, &state.book).await;
        }
    }

    /// The last position this writer knows of; 0 before its first batch.
    fn position(&self) -> i64 {
        self.state.as_ref().map_or(0, |state| state.head.position)
    }

    /// Answers now, or when the read models have passed.
    fn tell(&self, told: Told) {
        let Told { answer, result } = told;
        match &result {
            Ok(done) if self.settings.answer_after_reads && done.refusal.is_none() => {
                let position = done.position;
                self.gate.hold(position, Box::new(move || drop(answer.send(result))));
            }
            Ok(_) | Err(_) => drop(answer.send(result)),
        }
    }

    /// Decides on a copy of the Book, on a thread of its own: what waits to be written does not wait for it.
    async fn rehearse(&mut self, job: RehearseJob) {
        let RehearseJob { commands, answer } = job;
        let book = match self.current(true).await {
            Ok(Some(state)) => {
                let book = state.book.clone();
                self.state = Some(state);
                book
            }
            Ok(None) => return drop(answer.send(Err(CommandError::UnknownTenant))),
            Err(error) => return drop(answer.send(Err(failure(&Arc::new(error))))),
        };
        let (log, tenant, clock) = (self.log.clone(), self.tenant, self.settings.clock.clone());
        tokio::spawn(async move {
            let refusals = rehearse(&log, tenant, &clock, book, &commands).await;
            let _ = answer.send(refusals.map_err(|error| failure(&Arc::new(error))));
        });
    }

    async fn commit(&mut self, jobs: Vec<WriteJob>) -> Vec<Told> {
        let started = Instant::now();
        let (requests, senders): (Vec<Request>, Vec<_>) =
            jobs.into_iter().map(|job| (job.request, job.answer)).unzip();
        let results = match self.write(&requests).await {
            Ok(results) => results,
            Err(error) => {
                // Nobody knows what of this batch is on disk: forget everything, the log will tell.
                self.state = None;
                let error = Arc::new(error);
                tracing::error!(tenant = %self.tenant, error = %error, "the log cannot be written");
                requests.iter().map(|_| Err(failure(&error))).collect()
            }
        };
        metrics::histogram!("diario_append_batch_commands")
            .record(u32::try_from(requests.len()).unwrap_or(u32::MAX));
        metrics::histogram!("diario_append_seconds").record(started.elapsed());
        senders.into_iter().zip(results).map(|(answer, result)| Told { answer, result }).collect()
    }

    /// Decides and appends until no other process is faster.
    async fn write(&mut self, requests: &[Request]) -> Result<Vec<Result<Answer, CommandError>>, StoreError> {
        loop {
            let contended = self.contended_until.is_some_and(|until| Instant::now() < until);
            let Some(mut state) = self.current(contended).await? else {
                return Ok(requests.iter().map(|_| Err(CommandError::UnknownTenant)).collect());
            };
            let before = contended.then(|| state.book.clone());
            let decided = self.decide_all(requests, &mut state.book).await?;
            if decided.events.is_empty() {
                self.state = Some(state);
                if !decided.answers.is_empty() {
                    self.log.put_answers(self.tenant, decided.answers).await?;
                }
                return Ok(decided.results);
            }
            let appended = self
                .log
                .append(self.tenant, &state.head, decided.events, decided.answers, decided.credentials)
                .await;
            match appended {
                Ok((head, events)) => {
                    metrics::counter!("diario_events_appended_total").increment(events.len() as u64);
                    state.head = head;
                    self.snapshot_when_due(&state.book);
                    self.state = Some(state);
                    return Ok(decided.results);
                }
                Err(AppendError::HeadMoved) => {
                    metrics::counter!("diario_append_conflicts_total").increment(1);
                    self.contended_until = Some(Instant::now() + CONTENDED_FOR);
                    self.state = before.map(|book| State { book, head: state.head });
                }
                Err(AppendError::Store(error)) => return Err(error),
            }
        }
    }

    /// The Book at the head of the log; `None` where there is no such tenant. Uncontended, the head in memory is
    /// taken on trust: the append will tell.
    async fn current(&mut self, look: bool) -> Result<Option<State>, StoreError> {
        let known = match self.state.take() {
            Some(state) if !look => return Ok(Some(state)),
            known => known,
        };
        let Some(mut head) = self.log.head(self.tenant).await? else { return Ok(None) };
        let mut book = match known {
            Some(state) => state.book,
            None => self.hydrate().await?,
        };
        loop {
            while book.position < head.position {
                for event in self.log.read(self.tenant, book.position, PAGE).await? {
                    book.apply(&event);
                }
            }
            if book.position == head.position {
                return Ok(Some(State { book, head }));
            }
            match self.log.head(self.tenant).await? {
                Some(newer) => head = newer,
                None => return Ok(None),
            }
        }
    }

    /// The newest snapshot, or an empty Book.
    async fn hydrate(&mut self) -> Result<Book, StoreError> {
        let Some((position, text)) = self.log.snapshot(self.tenant, BOOK_VERSION).await? else {
            return Ok(Book::default());
        };
        match serde_json::from_str::<Book>(&text) {
            Ok(book) if book.position == position => {
                self.snapshot_at = position;
                Ok(book)
            }
            Ok(_) | Err(_) => {
                tracing::warn!(tenant = %self.tenant, "the Book's snapshot cannot be read: folding the whole log");
                Ok(Book::default())
            }
        }
    }

    fn snapshot_when_due(&mut self, book: &Book) {
        if book.position - self.snapshot_at >= SNAPSHOT_EVERY {
            self.snapshot_at = book.position;
            let (log, tenant, book) = (self.log.clone(), self.tenant, book.clone());
            tokio::spawn(async move { keep_snapshot(log, tenant, &book).await });
        }
    }

    async fn decide_all(&self, requests: &[Request], book: &mut Book) -> Result<Decided, StoreError> {
        let keys: Vec<String> =
            requests.iter().filter_map(|request| request.key.as_ref()).map(|key| key.scope.clone()).collect();
        let mut answered =
            if keys.is_empty() { HashMap::new() } else { self.log.answered(self.tenant, &keys).await? };
        let mut decided = Decided { results: Vec::with_capacity(requests.len()), ..Decided::default() };
        for request in requests {
            if let Some(result) = request.key.as_ref().and_then(|key| replay(key, &answered)) {
                decided.results.push(result);
                continue;
            }
            let result = self.decide(request, book, &mut decided).await?;
            if let (Some(key), Ok(answer)) = (&request.key, &result) {
                let row = IdempotencyRow {
                    scope_key: key.scope.clone(),
                    body_hash: key.body_hash.clone(),
                    position: answer.position,
                    status: i64::from(answer.rendered.status),
                    response: answer.rendered.body.clone(),
                };
                answered.insert(key.scope.clone(), row.clone());
                decided.answers.push(row);
            }
            decided.results.push(result);
        }
        Ok(decided)
    }

    /// Whether another employee has this PIN, be it on disk or further up in this batch. Other secrets are drawn at
    /// random, or belong to a name that the Book knows.
    async fn pin_is_taken(&self, pin: &Secret, decided: &Decided) -> Result<bool, StoreError> {
        if pin.kind != SecretKind::Pin {
            return Ok(false);
        }
        if decided.credentials.iter().any(|known| known.kind == pin.kind && known.lookup == pin.lookup) {
            return Ok(true);
        }
        Ok(self.log.database().secret(self.tenant, pin.kind, &pin.lookup).await?.is_some())
    }

    /// Decides one request: all of its commands or none.
    async fn decide(
        &self,
        request: &Request,
        book: &mut Book,
        decided: &mut Decided,
    ) -> Result<Result<Answer, CommandError>, StoreError> {
        let first = decided.events.len();
        if let Some(pin) = &request.secret
            && self.pin_is_taken(pin, decided).await?
        {
            return Ok(Ok(refused(request, &Refusal::DuplicatePin, book.position)));
        }
        // A single command cannot fail half-way; a group can, and takes the Book back to where it was.
        let saved = (request.commands.len() > 1).then(|| book.clone());
        let mut refusal: Option<Refusal> = None;
        for issued in &request.commands {
            let documents = Documents { log: &self.log, tenant: self.tenant, pending: &decided.events };
            match dispatch(&documents, issued, book).await {
                Ok(decision) => {
                    let clock = &self.settings.clock;
                    follow(
                        self.tenant,
                        clock,
                        issued,
                        decision,
                        &request.metadata,
                        book,
                        &mut decided.events,
                    );
                }
                Err(NoDecision::Refused(why)) => {
                    refusal = Some(why);
                    break;
                }
                Err(NoDecision::Store(error)) => return Err(error),
            }
        }
        if let Some(refusal) = refusal {
            decided.events.truncate(first);
            if let Some(saved) = saved {
                *book = saved;
            }
            return Ok(Ok(refused(request, &refusal, book.position)));
        }
        metrics::counter!("diario_commands_total", "outcome" => "accepted").increment(1);
        let events = &decided.events[first..];
        if let Some(secret) = &request.secret {
            let subjects = events.iter().filter_map(|recorded| subject(secret.kind, &recorded.event));
            decided.credentials.extend(subjects.map(|subject| Credential {
                kind: secret.kind,
                subject,
                lookup: secret.lookup.clone(),
                hash: secret.hash.clone(),
            }));
        }
        let rendered = (request.render)(Ok(events));
        Ok(Ok(Answer { rendered, position: book.position, replayed: false, refusal: None }))
    }
}

/// The id of what an event makes that a secret of a kind opens.
fn subject(kind: SecretKind, event: &Event) -> Option<i64> {
    match (kind, event) {
        (SecretKind::Pin, Event::EmployeeHired(hired)) => Some(hired.employee_id.0),
        (SecretKind::Pin, Event::PinChanged(changed)) => Some(changed.employee_id.0),
        (SecretKind::Key, Event::KeyIssued(issued)) => Some(issued.key_id.0),
        (SecretKind::Webhook, Event::WebhookCreated(created)) => Some(created.webhook_id.0),
        (SecretKind::Webhook, Event::WebhookSecretRotated(rotated)) => Some(rotated.webhook_id.0),
        (SecretKind::Password, Event::UserCreated(created)) => Some(created.user_id.0),
        (SecretKind::Password, Event::PasswordChanged(changed)) => Some(changed.user_id.0),
        _ => None,
    }
}

fn refused(request: &Request, refusal: &Refusal, position: i64) -> Answer {
    metrics::counter!("diario_commands_total", "outcome" => "refused").increment(1);
    let rendered = (request.render)(Err(refusal));
    Answer { rendered, position, replayed: false, refusal: Some(refusal.clone()) }
}

/// Puts a decision's events behind those before them, and has the Book follow.
fn follow(
    tenant: TenantId,
    clock: &Clock,
    issued: &Issued<Command>,
    decision: Decision,
    metadata: &Metadata,
    book: &mut Book,
    events: &mut Vec<Recorded>,
) {
    for Placed { stream, version, event, accounts } in decision {
        let accounts = accounts.unwrap_or_else(|| book.accounts_for(&event));
        let recorded = Recorded {
            tenant,
            position: book.position + 1,
            stream,
            version,
            event,
            metadata: Metadata { accounts, ..metadata.clone() },
            occurred_at: to_the_microsecond(issued.at),
            recorded_at: to_the_microsecond(clock()).max(book.recorded_at),
        };
        book.apply(&recorded);
        events.push(recorded);
    }
}

/// For each command, why it would be refused after those before it.
async fn rehearse(
    log: &Log,
    tenant: TenantId,
    clock: &Clock,
    mut book: Book,
    commands: &[Issued<Command>],
) -> Result<Vec<Option<Refusal>>, StoreError> {
    let mut events = Vec::new();
    let mut refusals = Vec::with_capacity(commands.len());
    for issued in commands {
        let documents = Documents { log, tenant, pending: &events };
        match dispatch(&documents, issued, &book).await {
            Ok(decision) => {
                follow(tenant, clock, issued, decision, &Metadata::default(), &mut book, &mut events);
                refusals.push(None);
            }
            Err(NoDecision::Refused(why)) => refusals.push(Some(why)),
            Err(NoDecision::Store(error)) => return Err(error),
        }
    }
    Ok(refusals)
}

/// The first answer to a key again, or a refusal where the body is another.
fn replay(
    key: &crate::Key,
    answered: &HashMap<String, IdempotencyRow>,
) -> Option<Result<Answer, CommandError>> {
    let row = answered.get(&key.scope)?;
    if row.body_hash != key.body_hash {
        return Some(Err(CommandError::KeyReused));
    }
    let rendered = Rendered { status: u16::try_from(row.status).unwrap_or(500), body: row.response.clone() };
    Some(Ok(Answer { rendered, position: row.position, replayed: true, refusal: None }))
}

/// Instants are stored in microseconds: what the Book keeps of them must be what a fold of the log gives.
fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

fn failure(error: &Arc<StoreError>) -> CommandError {
    CommandError::Store(Arc::clone(error))
}

async fn keep_snapshot(log: Log, tenant: TenantId, book: &Book) {
    let kept = match serde_json::to_string(book) {
        Ok(text) => log.put_snapshot(tenant, book.position, BOOK_VERSION, text).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = kept {
        tracing::warn!(%tenant, %error, "the Book's snapshot was not kept: the next start folds more of the log");
    }
}
