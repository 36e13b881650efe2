//! The log: append, stream load, read from a position, tail.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use diario_domain::{
    Event, TenantId,
    event::{Metadata, Recorded},
};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::{
    Database, StoreError,
    database::Moved,
    feed::{Appended, Feeds},
    gate::ReadGate,
    hash::{Hash, Hashed, chain},
    params,
    secrets::SecretKind,
    value::{Row, Value},
};

/// An event that is to be appended; its position is given by the log.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The document.
    pub stream: String,
    /// The event's number in its stream, from 1.
    pub version: i64,
    /// What happened.
    pub event: Event,
    /// Who and where.
    pub metadata: Metadata,
    /// The business time.
    pub occurred_at: Timestamp,
}

/// What a request with a key was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// Surface, principal, method, route and key.
    pub scope_key: String,
    /// SHA-256 of the request's body.
    pub body_hash: Vec<u8>,
    /// The log's position after the command.
    pub position: i64,
    /// The answer's status.
    pub status: i64,
    /// The answer's body.
    pub response: String,
}

/// A secret, written with the event that made what it opens.
#[derive(Clone)]
pub struct Credential {
    /// What kind of secret.
    pub kind: SecretKind,
    /// Whose: the id of the employee, the key, the user or the webhook.
    pub subject: i64,
    /// A hash by which it is found.
    pub lookup: Vec<u8>,
    /// What it is checked with, or what is signed with.
    pub hash: String,
}

/// The head of a log: the last position and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// 0 where the log is empty.
    pub position: i64,
    /// The last event's hash.
    pub hash: Hash,
}

/// Everything that one transaction writes at the head of a log.
pub(crate) struct AppendRows {
    pub(crate) tenant: TenantId,
    pub(crate) expected: i64,
    pub(crate) head: i64,
    pub(crate) head_hash: Vec<u8>,
    pub(crate) events: Vec<EventRow>,
    pub(crate) idempotency: Vec<IdempotencyRow>,
    pub(crate) credentials: Vec<Credential>,
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the columns of the table events")]
pub struct EventRow {
    pub position: i64,
    pub stream: String,
    pub version: i64,
    pub event_type: &'static str,
    pub schema_version: i64,
    pub payload: String,
    pub metadata: String,
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// Why an append wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Another process moved the head: read the tail, decide again.
    #[error("the head of the log is not where it was expected")]
    HeadMoved,
    /// The database failed; nobody may be told success.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The log of every tenant, with what this process knows of its tail.
#[derive(Clone)]
pub struct Log {
    db: Database,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    feeds: Feeds,
    gates: Mutex<HashMap<TenantId, Arc<ReadGate>>>,
}

/// Columns of an event in the order of [`recorded`].
const COLUMNS: &str = "position, stream, version, event_type, schema_version, CAST(payload AS TEXT), CAST(metadata AS TEXT), occurred_at, recorded_at";

impl Log {
    /// The logs of a database.
    #[must_use]
    pub fn new(db: Database) -> Self {
        Self { db, shared: Arc::default() }
    }

    /// The database under it.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.db
    }

    /// The gate that answers wait at until the read models have passed.
    #[must_use]
    pub fn gate(&self, tenant: TenantId) -> Arc<ReadGate> {
        let mut gates = self.shared.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(tenant).or_default())
    }

    /// Hears of every append of this process to a tenant's log from now on.
    #[must_use]
    pub fn subscribe(&self, tenant: TenantId) -> mpsc::Receiver<Appended> {
        self.shared.feeds.subscribe(tenant)
    }

    /// The head of a tenant's log.
    pub async fn head(&self, tenant: TenantId) -> Result<Option<Head>, StoreError> {
        let rows = self
            .db
            .query("SELECT head, head_hash FROM tenants WHERE tenant_id = $1", params![tenant.0])
            .await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let hash =
            row.bytes(1)?.try_into().map_err(|_| StoreError::Column { column: 1, expected: "32 bytes" })?;
        Ok(Some(Head { position: row.int(0)?, hash }))
    }

    /// Events after a position, in order.
    pub async fn read(&self, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Recorded>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM events WHERE tenant_id = $1 AND position > $2 ORDER BY position LIMIT $3"
        );
        let rows = self.db.query(&sql, params![tenant.0, after, limit]).await?;
        rows.iter().map(|row| recorded(tenant, row)).collect()
    }

    /// The events at some positions, in order.
    pub async fn read_at(&self, tenant: TenantId, positions: &[i64]) -> Result<Vec<Recorded>, StoreError> {
        let mut found = Vec::with_capacity(positions.len());
        for positions in positions.chunks(200) {
            let places: Vec<_> = (0..positions.len()).map(|i| format!("${}", i + 2)).collect();
            let sql = format!(
                "SELECT {COLUMNS} FROM events WHERE tenant_id = $1 AND position IN ({}) ORDER BY position",
                places.join(", ")
            );
            let mut params = params![tenant.0];
            params.extend(positions.iter().map(|position| Value::from(*position)));
            for row in self.db.query(&sql, params).await? {
                found.push(recorded(tenant, &row)?);
            }
        }
        Ok(found)
    }

    /// The events of one document, in order.
    pub async fn stream(&self, tenant: TenantId, stream: &str) -> Result<Vec<Recorded>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM events WHERE tenant_id = $1 AND stream = $2 ORDER BY version");
        let rows = self.db.query(&sql, params![tenant.0, stream]).await?;
        rows.iter().map(|row| recorded(tenant, row)).collect()
    }

    /// Events as they are stored, with their hashes; for verifying and exporting.
    pub async fn read_stored(
        &self,
        tenant: TenantId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Row>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, prev_hash, hash FROM events WHERE tenant_id = $1 AND position > $2 ORDER BY position LIMIT $3"
        );
        self.db.query(&sql, params![tenant.0, after, limit]).await
    }

    /// Answers that were given before to requests with these keys.
    pub async fn answered(
        &self,
        tenant: TenantId,
        scope_keys: &[String],
    ) -> Result<HashMap<String, IdempotencyRow>, StoreError> {
        let mut found = HashMap::new();
        for keys in scope_keys.chunks(200) {
            let places: Vec<_> = (0..keys.len()).map(|i| format!("${}", i + 2)).collect();
            let sql = format!(
                "SELECT scope_key, body_hash, position, status, response FROM idempotency WHERE tenant_id = $1 AND scope_key IN ({})",
                places.join(", ")
            );
            let mut params = params![tenant.0];
            params.extend(keys.iter().map(|key| Value::from(key.as_str())));
            for row in self.db.query(&sql, params).await? {
                let answered = IdempotencyRow {
                    scope_key: row.text(0)?,
                    body_hash: row.bytes(1)?,
                    position: row.int(2)?,
                    status: row.int(3)?,
                    response: row.text(4)?,
                };
                found.insert(answered.scope_key.clone(), answered);
            }
        }
        Ok(found)
    }

    /// Appends events behind an expected head, with what must be written in the same transaction.
    ///
    /// # Errors
    /// [`AppendError::HeadMoved`] when the head is elsewhere; nothing is written then, nor on any other error.
    pub async fn append(
        &self,
        tenant: TenantId,
        head: &Head,
        recorded: Vec<Recorded>,
        idempotency: Vec<IdempotencyRow>,
        credentials: Vec<Credential>,
    ) -> Result<(Head, Appended), AppendError> {
        let mut hash = head.hash;
        let mut rows = Vec::with_capacity(recorded.len());
        for event in &recorded {
            let row = event_row(event, &hash).map_err(StoreError::from)?;
            hash.copy_from_slice(&row.hash);
            rows.push(row);
        }
        let position = recorded.last().map_or(head.position, |event| event.position);
        let new_head = Head { position, hash };
        let rows = AppendRows {
            tenant,
            expected: head.position,
            head: position,
            head_hash: hash.to_vec(),
            events: rows,
            idempotency,
            credentials,
        };
        match self.db.append(rows).await? {
            Moved::No => Err(AppendError::HeadMoved),
            Moved::Yes => {
                let events: Appended = Arc::new(recorded);
                self.shared.feeds.publish(tenant, &events);
                Ok((new_head, events))
            }
        }
    }

    /// Keeps answers to requests that changed nothing (refusals), so that the same key gets the same answer.
    pub async fn put_answers(&self, tenant: TenantId, rows: Vec<IdempotencyRow>) -> Result<(), StoreError> {
        self.db.put_idempotency(tenant, rows).await
    }

    /// The newest snapshot of a tenant's Book of this shape: position and text.
    pub async fn snapshot(
        &self,
        tenant: TenantId,
        book_version: i64,
    ) -> Result<Option<(i64, String)>, StoreError> {
        let sql = "SELECT position, book FROM book_snapshots WHERE tenant_id = $1 AND book_version = $2";
        let rows = self.db.query(sql, params![tenant.0, book_version]).await?;
        rows.first().map(|row| Ok((row.int(0)?, row.text(1)?))).transpose()
    }

    /// Keeps a snapshot of a tenant's Book, unless a newer one is kept.
    pub async fn put_snapshot(
        &self,
        tenant: TenantId,
        position: i64,
        book_version: i64,
        book: String,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO book_snapshots (tenant_id, position, book_version, book) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (tenant_id) DO UPDATE SET position = excluded.position, book_version = excluded.book_version, book = excluded.book \
                   WHERE book_snapshots.position < excluded.position OR book_snapshots.book_version <> excluded.book_version";
        self.db.execute(sql, params![tenant.0, position, book_version, book]).await.map(|_| ())
    }

    /// Forgets a tenant's snapshot: the next start folds the whole log.
    pub async fn drop_snapshot(&self, tenant: TenantId) -> Result<(), StoreError> {
        self.db
            .execute("DELETE FROM book_snapshots WHERE tenant_id = $1", params![tenant.0])
            .await
            .map(|_| ())
    }
}

fn event_row(event: &Recorded, prev: &Hash) -> Result<EventRow, serde_json::Error> {
    let payload = event.event.encode()?;
    let metadata = serde_json::to_string(&event.metadata)?;
    let hash = chain(
        prev,
        &Hashed {
            tenant_id: event.tenant.0,
            position: event.position,
            stream: &event.stream,
            version: event.version,
            event_type: event.event.name(),
            schema_version: event.event.schema_version(),
            payload: &payload,
            metadata: &metadata,
            occurred_at: event.occurred_at.as_microsecond(),
            recorded_at: event.recorded_at.as_microsecond(),
        },
    );
    Ok(EventRow {
        position: event.position,
        stream: event.stream.clone(),
        version: event.version,
        event_type: event.event.name(),
        schema_version: event.event.schema_version(),
        payload,
        metadata,
        occurred_at: event.occurred_at.as_microsecond(),
        recorded_at: event.recorded_at.as_microsecond(),
        prev_hash: prev.to_vec(),
        hash: hash.to_vec(),
    })
}

/// Reads an event from its stored columns.
pub fn recorded(tenant: TenantId, row: &Row) -> Result<Recorded, StoreError> {
    let position = row.int(0)?;
    let unreadable =
        |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Event { tenant, position, source };
    let event =
        Event::decode(&row.text(3)?, row.int(4)?, &row.text(5)?).map_err(|e| unreadable(Box::new(e)))?;
    let metadata = serde_json::from_str(&row.text(6)?).map_err(|e| unreadable(Box::new(e)))?;
    let instant = |column: usize| -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(row.int(column)?).map_err(|e| unreadable(Box::new(e)))
    };
    Ok(Recorded {
        tenant,
        position,
        stream: row.text(1)?,
        version: row.int(2)?,
        event,
        metadata,
        occurred_at: instant(7)?,
        recorded_at: instant(8)?,
    })
}
