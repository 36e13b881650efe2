//! One database, on either engine.

use std::{path::PathBuf, sync::Arc};

use diario_domain::TenantId;

use crate::{
    log::{AppendRows, IdempotencyRow},
    models::{Batch, Swap},
    postgres::Postgres,
    sqlite::Sqlite,
    value::{Row, Value},
};

/// What can go wrong under the log. The text names what failed, the source why.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no engine that is known.
    #[error("database URL {0:?} must begin with sqlite: or postgres://")]
    Url(String),
    /// Postgres refused or could not be reached.
    #[error("postgres: {0}")]
    Postgres(#[from] sqlx::Error),
    /// `SQLite` refused.
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The engine's thread is gone: the program is shutting down.
    #[error("the database is closed")]
    Closed,
    /// An answer has another shape than its query promises.
    #[error("column {column} is not {expected}")]
    Column {
        /// Counted from 0.
        column: usize,
        /// What was asked for.
        expected: &'static str,
    },
    /// A stored event cannot be read.
    #[error("event at position {position} of tenant {tenant} cannot be read: {source}")]
    Event {
        /// Whose log.
        tenant: TenantId,
        /// Where.
        position: i64,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An event cannot be written as JSON.
    #[error("event cannot be encoded: {0}")]
    Encode(#[from] serde_json::Error),
    /// The schema was made by a newer program.
    #[error("the database has schema {found}, this program knows {known}")]
    Newer {
        /// In the database.
        found: i64,
        /// In the program.
        known: i64,
    },
    /// No randomness is to be had.
    #[error("the operating system gives no random bytes")]
    Random,
}

impl StoreError {
    /// Whether the database cannot be reached now, so that the same request may succeed later.
    #[must_use]
    pub fn is_out_of_reach(&self) -> bool {
        match self {
            Self::Postgres(sqlx::Error::Database(error)) => {
                // Classes 08 (connection), 53 (resources) and 57 (the server is told to go).
                error
                    .code()
                    .is_some_and(|code| ["08", "53", "57"].iter().any(|class| code.starts_with(class)))
            }
            Self::Postgres(error) => matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
            ),
            Self::Sqlite(error) => matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DiskFull)
            ),
            Self::Closed => true,
            Self::Url(_)
            | Self::Column { .. }
            | Self::Event { .. }
            | Self::Encode(_)
            | Self::Newer { .. }
            | Self::Random => false,
        }
    }

    /// Whether the database refused the rows, and would again, rather than being out of reach or busy.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Postgres(error) => {
                // Classes 22 (data), 23 (constraints), 42 (schema) and P0 (raised by a trigger).
                let code = error
                    .as_database_error()
                    .and_then(|error| error.code().map(std::borrow::Cow::into_owned));
                code.is_some_and(|code| ["22", "23", "42", "P0"].iter().any(|class| code.starts_with(class)))
            }
            Self::Sqlite(error) => {
                error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
            }
            Self::Url(_)
            | Self::Closed
            | Self::Column { .. }
            | Self::Event { .. }
            | Self::Encode(_)
            | Self::Newer { .. }
            | Self::Random => false,
        }
    }
}

pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// A handle to a database; clones share its connections.
#[derive(Clone)]
pub struct Database {
    pub(crate) engine: Arc<Engine>,
}

/// What a group of statements at the head of a log came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Moved {
    /// Done.
    Yes,
    /// Somebody else moved the head (or the checkpoint) first; nothing was written.
    No,
}

impl Database {
    /// Opens `sqlite:PATH` (made where it is absent) or `postgres://…`.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let engine = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            Engine::Sqlite(Sqlite::open(PathBuf::from(path)).await?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres(Postgres::connect(url).await?)
        } else {
            return Err(StoreError::Url(url.to_owned()));
        };
        Ok(Self { engine: Arc::new(engine) })
    }

    /// Brings the schema up to what this program knows.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.migrate().await,
            Engine::Postgres(postgres) => postgres.migrate().await,
        }
    }

    /// Answers a query; `$1`, `$2` … are the parameters in their order.
    pub async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.query(sql, params).await,
            Engine::Postgres(postgres) => postgres.query(sql, params).await,
        }
    }

    /// `sqlite` or `postgres`, for logs and metrics.
    #[must_use]
    pub fn engine_name(&self) -> &'static str {
        match &*self.engine {
            Engine::Sqlite(_) => "sqlite",
            Engine::Postgres(_) => "postgres",
        }
    }

    pub(crate) async fn append(&self, rows: AppendRows) -> Result<Moved, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.append(rows).await,
            Engine::Postgres(postgres) => postgres.append(rows).await,
        }
    }

    pub(crate) async fn put_idempotency(
        &self,
        tenant: TenantId,
        rows: Vec<IdempotencyRow>,
    ) -> Result<(), StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.put_idempotency(tenant, rows).await,
            Engine::Postgres(postgres) => postgres.put_idempotency(tenant, rows).await,
        }
    }

    /// Runs one statement that changes something outside log and read models (directory, snapshots, secrets).
    pub(crate) async fn execute(&self, sql: &'static str, params: Vec<Value>) -> Result<u64, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.execute(sql, params, "FULL").await,
            Engine::Postgres(postgres) => postgres.execute(sql, params, true).await,
        }
    }

    /// The same without waiting for the disk: what a crash of the machine may undo.
    pub(crate) async fn execute_unsynced(
        &self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<u64, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.execute(sql, params, "NORMAL").await,
            Engine::Postgres(postgres) => postgres.execute(sql, params, false).await,
        }
    }

    /// Runs one statement under an idempotency key and keeps the answer with what it changed: both or neither. Nothing
    /// is done where the key was answered before (`None`), and nothing is kept where the statement changes nothing.
    pub(crate) async fn execute_once(
        &self,
        tenant: TenantId,
        row: IdempotencyRow,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Option<u64>, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.execute_once(tenant, row, sql, params).await,
            Engine::Postgres(postgres) => postgres.execute_once(tenant, row, sql, params).await,
        }
    }

    pub(crate) async fn write_batch(&self, batch: Batch) -> Result<Moved, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.write_batch(batch).await,
            Engine::Postgres(postgres) => postgres.write_batch(batch).await,
        }
    }

    pub(crate) async fn swap_rows(&self, swap: Swap, scratch: &Self) -> Result<Moved, StoreError> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.swap_rows(swap, scratch).await,
            Engine::Postgres(postgres) => postgres.swap_rows(swap, scratch).await,
        }
    }
}
