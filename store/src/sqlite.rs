//! `SQLite`: one thread writes, a few connections read.
//!
//! The writer's thread takes its jobs in order, so the append and the read models never wait for each other's
//! lock. An append waits for the disk (`synchronous = FULL`), read models do not: they can be rebuilt, and a
//! later append takes them along.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError, mpsc},
    time::Duration,
};

use diario_domain::TenantId;
use rusqlite::{Connection, OpenFlags, Statement, TransactionBehavior, types::ValueRef};
use tokio::sync::{Semaphore, oneshot};

use crate::{
    Database, StoreError,
    database::{Engine, Moved},
    log::{AppendRows, IdempotencyRow},
    migrations::{MIGRATIONS, VERSIONS, newest},
    models::{Batch, Merge, Swap, Table},
    value::{Row, Value},
};

/// Connections that read at the same time.
const READERS: usize = 4;
/// How long a process waits for another one's write.
const BUSY: Duration = Duration::from_secs(30);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

pub(crate) struct Sqlite {
    jobs: mpsc::Sender<Job>,
    path: PathBuf,
    idle: std::sync::Arc<Mutex<Vec<Connection>>>,
    reading: Semaphore,
}

fn prepare(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(200);
    connection.pragma_update(None, "cache_size", -64_000)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

impl Sqlite {
    pub(crate) async fn open(path: PathBuf) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let (opened, ready) = oneshot::channel();
        let file = path.clone();
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                let mut connection = match open_writer(&file) {
                    Ok(connection) => {
                        let _ = opened.send(Ok(()));
                        connection
                    }
                    Err(error) => {
                        let _ = opened.send(Err(error));
                        return;
                    }
                };
                while let Ok(job) = queue.recv() {
                    job(&mut connection);
                }
            })
            .map_err(|_| StoreError::Closed)?;
        ready.await.map_err(|_| StoreError::Closed)??;
        Ok(Self { jobs, path, idle: std::sync::Arc::default(), reading: Semaphore::new(READERS) })
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let _ = answer.send(work(connection));
        });
        self.jobs.send(job).map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let _turn = self.reading.acquire().await.map_err(|_| StoreError::Closed)?;
        let free = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (path, sql, idle) = (self.path.clone(), sql.to_owned(), std::sync::Arc::clone(&self.idle));
        tokio::task::spawn_blocking(move || {
            let connection = if let Some(connection) = free {
                connection
            } else {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let connection = Connection::open_with_flags(path, flags)?;
                prepare(&connection)?;
                connection.pragma_update(None, "query_only", true)?;
                connection
            };
            let rows = rows(&connection, &sql, &params);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok(rows?)
        })
        .await
        .map_err(|_| StoreError::Closed)?
    }

    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(VERSIONS)?;
            let found: i64 = transaction.query_row(
                "SELECT COALESCE(MAX(version), 0) FROM schema_migrations",
                [],
                |row| row.get(0),
            )?;
            if found > newest() {
                return Err(StoreError::Newer { found, known: newest() });
            }
            for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
                for statement in migration.for_sqlite() {
                    transaction.execute_batch(&statement)?;
                }
                transaction
                    .execute("INSERT INTO schema_migrations (version) VALUES (?1)", [migration.version])?;
            }
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn execute(
        &self,
        sql: &'static str,
        params: Vec<Value>,
        synchronous: &'static str,
    ) -> Result<u64, StoreError> {
        self.write(move |connection| {
            connection.pragma_update(None, "synchronous", synchronous)?;
            let mut statement = connection.prepare_cached(sql)?;
            bind(&mut statement, &params)?;
            Ok(statement.raw_execute()? as u64)
        })
        .await
    }

    pub(crate) async fn append(&self, rows: AppendRows) -> Result<Moved, StoreError> {
        self.write(move |connection| append(connection, &rows)).await
    }

    pub(crate) async fn put_idempotency(
        &self,
        tenant: TenantId,
        rows: Vec<IdempotencyRow>,
    ) -> Result<(), StoreError> {
        self.write(move |connection| {
            connection.pragma_update(None, "synchronous", "FULL")?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            insert_idempotency(&transaction, tenant, &rows, "ON CONFLICT DO NOTHING")?;
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn execute_once(
        &self,
        tenant: TenantId,
        row: IdempotencyRow,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Option<u64>, StoreError> {
        self.write(move |connection| {
            connection.pragma_update(None, "synchronous", "FULL")?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if insert_idempotency(&transaction, tenant, &[row], "ON CONFLICT DO NOTHING")? == 0 {
                return Ok(None);
            }
            let changed = {
                let mut statement = transaction.prepare_cached(sql)?;
                bind(&mut statement, &params)?;
                statement.raw_execute()? as u64
            };
            if changed > 0 {
                transaction.commit()?;
            }
            Ok(Some(changed))
        })
        .await
    }

    pub(crate) async fn write_batch(&self, batch: Batch) -> Result<Moved, StoreError> {
        self.write(move |connection| write_batch(connection, &batch)).await
    }

    /// Copies the rows of a scratch file, which is another `SQLite` database, inside one transaction.
    pub(crate) async fn swap_rows(&self, swap: Swap, scratch: &Database) -> Result<Moved, StoreError> {
        let Engine::Sqlite(scratch) = &*scratch.engine else { return Err(StoreError::Closed) };
        let path = scratch.path.to_string_lossy().into_owned();
        self.write(move |connection| {
            connection.execute("ATTACH DATABASE ?1 AS scratch", [path])?;
            let swapped = swap_rows(connection, &swap);
            connection.execute("DETACH DATABASE scratch", [])?;
            swapped
        })
        .await
    }
}

fn swap_rows(connection: &mut Connection, swap: &Swap) -> Result<Moved, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !move_checkpoints(&transaction, swap.tenant, &swap.checkpoints, swap.to)? {
        return Ok(Moved::No);
    }
    for table in &swap.tables {
        transaction
            .execute(&format!("DELETE FROM main.{} WHERE tenant_id = ?1", table.name), [swap.tenant.0])?;
    }
    for table in &swap.tables {
        let columns = table.all_columns().collect::<Vec<_>>().join(", ");
        let sql = format!(
            "INSERT INTO main.{name} ({columns}) SELECT {columns} FROM scratch.{name} WHERE tenant_id = ?1",
            name = table.name
        );
        transaction.execute(&sql, [swap.tenant.0])?;
    }
    transaction.commit()?;
    Ok(Moved::Yes)
}

/// Moves checkpoints, each from where it must be; false where one is elsewhere.
fn move_checkpoints(
    connection: &Connection,
    tenant: TenantId,
    checkpoints: &[(&'static str, i64)],
    to: i64,
) -> Result<bool, rusqlite::Error> {
    let mut statement = connection.prepare_cached(
        "UPDATE checkpoints SET position = ?1 WHERE tenant_id = ?2 AND projection = ?3 AND position = ?4",
    )?;
    for (projection, from) in checkpoints {
        if statement.execute((to, tenant.0, projection, from))? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn open_writer(path: &PathBuf) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    prepare(&connection)?;
    connection.pragma_update(None, "page_size", 8192)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    Ok(connection)
}

fn rows(connection: &Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let width = statement.column_count();
    let mut found = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(width);
        for place in 0..width {
            cells.push(match row.get_ref(place)? {
                ValueRef::Null => Value::Int(None),
                ValueRef::Integer(number) => Value::Int(Some(number)),
                ValueRef::Text(text) => Value::Text(Some(String::from_utf8_lossy(text).into_owned())),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(_) => {
                    return Err(rusqlite::Error::InvalidColumnType(
                        place,
                        "a float: nothing here is one".to_owned(),
                        rusqlite::types::Type::Real,
                    ));
                }
            });
        }
        found.push(Row(cells));
    }
    Ok(found)
}

/// Binds `$1`, `$2` … by their number: `SQLite` itself takes them for names.
fn bind(statement: &mut Statement<'_>, params: &[Value]) -> Result<(), rusqlite::Error> {
    for place in 1..=statement.parameter_count() {
        let number = statement
            .parameter_name(place)
            .and_then(|name| name.get(1..))
            .and_then(|digits| digits.parse::<usize>().ok())
            .unwrap_or(place);
        let value =
            params.get(number - 1).ok_or(rusqlite::Error::InvalidParameterCount(params.len(), number))?;
        bind_one(statement, place, value)?;
    }
    Ok(())
}

pub(crate) fn bind_one(
    statement: &mut Statement<'_>,
    place: usize,
    value: &Value,
) -> Result<(), rusqlite::Error> {
    match value {
        Value::Int(number) => statement.raw_bind_parameter(place, number),
        Value::Text(text) => statement.raw_bind_parameter(place, text),
        Value::Bytes(bytes) => statement.raw_bind_parameter(place, bytes),
    }
}

fn append(connection: &mut Connection, rows: &AppendRows) -> Result<Moved, StoreError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let moved = transaction
        .prepare_cached("UPDATE tenants SET head = ?1, head_hash = ?2 WHERE tenant_id = ?3 AND head = ?4")?
        .execute((rows.head, &rows.head_hash, rows.tenant.0, rows.expected))?;
    if moved == 0 {
        return Ok(Moved::No);
    }
    {
        let mut statement = transaction.prepare_cached(
            "INSERT INTO events (tenant_id, position, stream, version, event_type, schema_version, payload, metadata, \
             occurred_at, recorded_at, prev_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        for event in &rows.events {
            statement.execute((
                rows.tenant.0,
                event.position,
                &event.stream,
                event.version,
                event.event_type,
                event.schema_version,
                &event.payload,
                &event.metadata,
                event.occurred_at,
                event.recorded_at,
                &event.prev_hash,
                &event.hash,
            ))?;
        }
    }
    insert_idempotency(&transaction, rows.tenant, &rows.idempotency, "")?;
    for credential in &rows.credentials {
        // An employee has one PIN: another takes its place.
        transaction.execute(
            "DELETE FROM secrets WHERE tenant_id = ?1 AND kind = ?2 AND kind = 'pin' AND subject = ?3 AND lookup <> ?4",
            (rows.tenant.0, credential.kind.name(), credential.subject, &credential.lookup),
        )?;
        transaction.execute(
            "INSERT INTO secrets (tenant_id, kind, lookup, subject, hash) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (tenant_id, kind, lookup) DO UPDATE SET subject = excluded.subject, hash = excluded.hash",
            (rows.tenant.0, credential.kind.name(), &credential.lookup, credential.subject, &credential.hash),
        )?;
    }
    transaction.commit()?;
    Ok(Moved::Yes)
}

fn insert_idempotency(
    connection: &Connection,
    tenant: TenantId,
    rows: &[IdempotencyRow],
    conflict: &str,
) -> Result<usize, rusqlite::Error> {
    if rows.is_empty() {
        return Ok(0);
    }
    let mut statement = connection.prepare_cached(&format!(
        "INSERT INTO idempotency (tenant_id, scope_key, body_hash, position, status, response) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) {conflict}"
    ))?;
    let mut inserted = 0;
    for row in rows {
        inserted += statement.execute((
            tenant.0,
            &row.scope_key,
            &row.body_hash,
            row.position,
            row.status,
            &row.response,
        ))?;
    }
    Ok(inserted)
}

/// Writes rows and checkpoints in one transaction that does not wait for the disk.
fn write_batch(connection: &mut Connection, batch: &Batch) -> Result<Moved, StoreError> {
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !move_checkpoints(&transaction, batch.tenant, &batch.checkpoints, batch.to)? {
        return Ok(Moved::No);
    }
    for rows in &batch.tables {
        let mut statement = transaction.prepare_cached(&insert_statement(rows.table))?;
        statement.raw_bind_parameter(1, batch.tenant.0)?;
        for row in rows.rows() {
            for (place, cell) in row.iter().enumerate() {
                bind_one(&mut statement, place + 2, cell)?;
            }
            statement.raw_execute()?;
        }
    }
    transaction.commit()?;
    Ok(Moved::Yes)
}

fn insert_statement(table: &Table) -> String {
    let columns: Vec<_> = table.all_columns().collect();
    let places: Vec<_> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    let insert =
        format!("INSERT INTO {} ({}) VALUES ({})", table.name, columns.join(", "), places.join(", "));
    format!("{insert}{}", on_conflict(table))
}

/// What becomes of a row that is there already; the same text on both engines.
pub(crate) fn on_conflict(table: &Table) -> String {
    if !table.upsert {
        return String::new();
    }
    let name = table.name;
    let mut sets: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let column_name = column.name;
            match column.merge {
                Merge::Set => format!("{column_name} = excluded.{column_name}"),
                Merge::Add => format!("{column_name} = {name}.{column_name} + excluded.{column_name}"),
                Merge::Max | Merge::Min => {
                    let beyond = if column.merge == Merge::Max { ">" } else { "<" };
                    format!(
                        "{column_name} = CASE WHEN excluded.{column_name} {beyond} {name}.{column_name} THEN excluded.{column_name} ELSE {name}.{column_name} END"
                    )
                }
            }
        })
        .collect();
    if table.has_position() {
        sets.push("position = excluded.position".to_owned());
    }
    format!(" ON CONFLICT (tenant_id, {}) DO UPDATE SET {}", table.key.join(", "), sets.join(", "))
}
