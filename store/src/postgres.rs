//! Postgres: one statement an append, one statement a batch of read models.
//!
//! A statement is a transaction of its own, so a batch costs one round trip. Rows travel as one array a column
//! (`unnest`), and a data-modifying CTE writes each table.

use std::{fmt::Write as _, str::FromStr, time::Duration};

use diario_domain::TenantId;
use sqlx::{
    AssertSqlSafe, Column as _, Executor as _, PgPool, Row as _, TypeInfo as _, ValueRef as _,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};

use crate::{
    Database, StoreError,
    database::Moved,
    log::{AppendRows, Credential, IdempotencyRow},
    migrations::{MIGRATIONS, VERSIONS, newest},
    models::{Batch, Kind, Rows, Swap, Table},
    sqlite::on_conflict,
    value::{Row, Value},
};

/// What `diario_require` says when a checkpoint is elsewhere.
const CHECKPOINT_MOVED: &str = "diario: checkpoint moved";
/// Rows that a rebuild moves at once.
const SWAP_PAGE: i64 = 5_000;
/// A lock of the whole database while the schema changes, so that two starting processes take turns.
const MIGRATION_LOCK: i64 = 0x6469_6172_696f;

pub(crate) struct Postgres {
    reads: PgPool,
    appends: PgPool,
    /// Read models can be rebuilt, so these sessions do not wait for the disk.
    pub(crate) models: PgPool,
}

type Prepared<'q> = Query<'q, sqlx::Postgres, PgArguments>;

impl Postgres {
    pub(crate) async fn connect(url: &str) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("diario")
            // The statements are few and their shape never depends on the values: planning each anew costs more
            // than running it.
            .options([("plan_cache_mode", "force_generic_plan"), ("jit", "off"), ("timezone", "UTC")]);
        let pool = |max| PgPoolOptions::new().max_connections(max).acquire_timeout(Duration::from_secs(5));
        Ok(Self {
            reads: pool(8).connect_with(options.clone()).await?,
            appends: pool(6).connect_lazy_with(options.clone()),
            models: pool(6).connect_lazy_with(options.options([("synchronous_commit", "off")])),
        })
    }

    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        let mut transaction = self.appends.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(MIGRATION_LOCK)
            .execute(&mut *transaction)
            .await?;
        transaction.execute("SET LOCAL client_min_messages = warning").await?;
        transaction.execute(VERSIONS).await?;
        let found: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM schema_migrations")
            .fetch_one(&mut *transaction)
            .await?;
        if found > newest() {
            return Err(StoreError::Newer { found, known: newest() });
        }
        for migration in MIGRATIONS.iter().filter(|migration| migration.version > found) {
            for statement in migration.for_postgres() {
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *transaction).await?;
            }
            sqlx::query("INSERT INTO schema_migrations (version) VALUES ($1)")
                .bind(migration.version)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    pub(crate) async fn query(&self, sql: &str, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
        for value in params {
            query = bind(query, value);
        }
        query.fetch_all(&self.reads).await?.iter().map(read_row).collect()
    }

    pub(crate) async fn execute(
        &self,
        sql: &'static str,
        params: Vec<Value>,
        synced: bool,
    ) -> Result<u64, StoreError> {
        let mut query = sqlx::query(sql);
        for value in params {
            query = bind(query, value);
        }
        Ok(query.execute(if synced { &self.appends } else { &self.models }).await?.rows_affected())
    }

    pub(crate) async fn append(&self, rows: AppendRows) -> Result<Moved, StoreError> {
        let credentials = !rows.credentials.is_empty();
        let sql = append_statement(!rows.idempotency.is_empty(), credentials);
        let query = sqlx::query(AssertSqlSafe(sql))
            .bind(rows.tenant.0)
            .bind(rows.expected)
            .bind(rows.head)
            .bind(rows.head_hash);
        let mut columns = EventColumns::default();
        for event in rows.events {
            columns.push(event);
        }
        let mut query = columns.bind(query);
        if !rows.idempotency.is_empty() {
            query = bind_idempotency(query, rows.idempotency);
        }
        if credentials {
            query = bind_credentials(query, rows.credentials);
        }
        let moved: i64 = query.fetch_one(&self.appends).await?.try_get(0)?;
        Ok(if moved == 1 { Moved::Yes } else { Moved::No })
    }

    pub(crate) async fn put_idempotency(
        &self,
        tenant: TenantId,
        rows: Vec<IdempotencyRow>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO {IDEMPOTENCY} SELECT $1, i.* FROM {} ON CONFLICT DO NOTHING",
            unnest_idempotency(2)
        );
        bind_idempotency(sqlx::query(AssertSqlSafe(sql)).bind(tenant.0), rows).execute(&self.appends).await?;
        Ok(())
    }

    pub(crate) async fn execute_once(
        &self,
        tenant: TenantId,
        row: IdempotencyRow,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Option<u64>, StoreError> {
        let insert = format!(
            "INSERT INTO {IDEMPOTENCY} SELECT $1, i.* FROM {} ON CONFLICT DO NOTHING",
            unnest_idempotency(2)
        );
        // Whoever comes second waits here until the first is through.
        let mut transaction = self.appends.begin().await?;
        let insert = bind_idempotency(sqlx::query(AssertSqlSafe(insert)).bind(tenant.0), vec![row]);
        if insert.execute(&mut *transaction).await?.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(None);
        }
        let mut query = sqlx::query(sql);
        for value in params {
            query = bind(query, value);
        }
        let changed = query.execute(&mut *transaction).await?.rows_affected();
        if changed > 0 {
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
        Ok(Some(changed))
    }

    pub(crate) async fn write_batch(&self, batch: Batch) -> Result<Moved, StoreError> {
        let sql = batch_statement(&batch.tables);
        let (projections, from): (Vec<&str>, Vec<i64>) = batch.checkpoints.iter().copied().unzip();
        let mut query =
            sqlx::query(AssertSqlSafe(sql)).bind(batch.tenant.0).bind(batch.to).bind(projections).bind(from);
        for rows in batch.tables {
            query = bind_cells(query, rows.table, rows.cells);
        }
        match query.execute(&self.models).await {
            Ok(_) => Ok(Moved::Yes),
            Err(sqlx::Error::Database(error)) if error.message() == CHECKPOINT_MOVED => Ok(Moved::No),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn swap_rows(&self, swap: Swap, scratch: &Database) -> Result<Moved, StoreError> {
        let mut transaction = self.models.begin().await?;
        for (projection, from) in &swap.checkpoints {
            let moved = sqlx::query(
                "UPDATE checkpoints SET position = $1 WHERE tenant_id = $2 AND projection = $3 AND position = $4",
            )
            .bind(swap.to)
            .bind(swap.tenant.0)
            .bind(*projection)
            .bind(from)
            .execute(&mut *transaction)
            .await?;
            if moved.rows_affected() == 0 {
                return Ok(Moved::No);
            }
        }
        for table in &swap.tables {
            let sql = format!("DELETE FROM {} WHERE tenant_id = $1", table.name);
            sqlx::query(AssertSqlSafe(sql)).bind(swap.tenant.0).execute(&mut *transaction).await?;
            let mut insert = String::new();
            insert_rows(&mut insert, table, 2, "");
            let mut after: Vec<i64> = Vec::new();
            loop {
                let page = scratch.page_rows(table, swap.tenant, &after, SWAP_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = (0..table.key.len()).map(|place| last.int(place)).collect::<Result<_, _>>()?;
                let cells = page.into_iter().flat_map(|row| row.0).collect();
                let query = sqlx::query(AssertSqlSafe(insert.clone())).bind(swap.tenant.0);
                bind_cells(query, table, cells).execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(Moved::Yes)
    }
}

fn bind(query: Prepared<'_>, value: Value) -> Prepared<'_> {
    match value {
        Value::Int(number) => query.bind(number),
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
    }
}

fn read_row(row: &PgRow) -> Result<Row, StoreError> {
    let mut cells = Vec::with_capacity(row.len());
    for (place, column) in row.columns().iter().enumerate() {
        if row.try_get_raw(place)?.is_null() {
            cells.push(Value::Int(None));
            continue;
        }
        cells.push(match column.type_info().name() {
            "INT8" => Value::Int(Some(row.try_get(place)?)),
            "INT4" => Value::Int(Some(i64::from(row.try_get::<i32, _>(place)?))),
            "TEXT" | "VARCHAR" | "NAME" => Value::Text(Some(row.try_get(place)?)),
            "BYTEA" => Value::Bytes(row.try_get(place)?),
            _ => return Err(StoreError::Column { column: place, expected: "a whole number, text or bytes" }),
        });
    }
    Ok(Row(cells))
}

const IDEMPOTENCY: &str = "idempotency (tenant_id, scope_key, body_hash, position, status, response)";

/// `unnest` of one array a column, from a parameter on.
pub(crate) fn unnest(first: usize, types: &[&str], alias: &str) -> String {
    let arrays: Vec<_> =
        types.iter().enumerate().map(|(i, kind)| format!("CAST(${} AS {kind}[])", first + i)).collect();
    format!("unnest({}) AS {alias}", arrays.join(", "))
}

fn unnest_idempotency(first: usize) -> String {
    unnest(first, &["TEXT", "BYTEA", "BIGINT", "BIGINT", "TEXT"], "i")
}

/// Head check, events and what goes with them, as one statement. It answers 1 where the head was as expected.
fn append_statement(idempotency: bool, credentials: bool) -> String {
    let events = unnest(
        5,
        &["BIGINT", "TEXT", "BIGINT", "TEXT", "BIGINT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BYTEA", "BYTEA"],
        "e (position, stream, version, event_type, schema_version, payload, metadata, occurred_at, recorded_at, prev_hash, hash)",
    );
    let mut sql = format!(
        "WITH moved AS (UPDATE tenants SET head = $3, head_hash = $4 WHERE tenant_id = $1 AND head = $2 RETURNING 1), \
         appended AS (INSERT INTO events (tenant_id, position, stream, version, event_type, schema_version, payload, \
         metadata, occurred_at, recorded_at, prev_hash, hash) \
         SELECT $1, e.position, e.stream, e.version, e.event_type, e.schema_version, CAST(e.payload AS JSON), \
         CAST(e.metadata AS JSON), e.occurred_at, e.recorded_at, e.prev_hash, e.hash FROM moved, {events})"
    );
    let mut next = 16;
    if idempotency {
        let _ = write!(
            sql,
            ", answered AS (INSERT INTO {IDEMPOTENCY} SELECT $1, i.* FROM moved, {})",
            unnest_idempotency(next)
        );
        next += 5;
    }
    if credentials {
        let _ = write!(
            sql,
            ", kept AS (INSERT INTO secrets (tenant_id, kind, lookup, subject, hash) SELECT $1, c.* FROM moved, {} \
             ON CONFLICT (tenant_id, kind, lookup) DO UPDATE SET subject = excluded.subject, hash = excluded.hash)",
            unnest(next, &["TEXT", "BYTEA", "BIGINT", "TEXT"], "c")
        );
        // An employee has one PIN: another takes its place.
        let _ = write!(
            sql,
            ", replaced AS (DELETE FROM secrets s USING moved, {} WHERE s.tenant_id = $1 \
             AND s.kind = 'pin' AND s.kind = c.kind AND s.subject = c.subject AND s.lookup <> c.lookup)",
            unnest(next, &["TEXT", "BYTEA", "BIGINT", "TEXT"], "c (kind, lookup, subject, hash)")
        );
    }
    sql.push_str(" SELECT COUNT(*) FROM moved");
    sql
}

#[derive(Default)]
struct EventColumns {
    position: Vec<i64>,
    stream: Vec<String>,
    version: Vec<i64>,
    event_type: Vec<&'static str>,
    schema_version: Vec<i64>,
    payload: Vec<String>,
    metadata: Vec<String>,
    occurred_at: Vec<i64>,
    recorded_at: Vec<i64>,
    prev_hash: Vec<Vec<u8>>,
    hash: Vec<Vec<u8>>,
}

impl EventColumns {
    fn push(&mut self, event: crate::log::EventRow) {
        self.position.push(event.position);
        self.stream.push(event.stream);
        self.version.push(event.version);
        self.event_type.push(event.event_type);
        self.schema_version.push(event.schema_version);
        self.payload.push(event.payload);
        self.metadata.push(event.metadata);
        self.occurred_at.push(event.occurred_at);
        self.recorded_at.push(event.recorded_at);
        self.prev_hash.push(event.prev_hash);
        self.hash.push(event.hash);
    }

    fn bind(self, query: Prepared<'_>) -> Prepared<'_> {
        query
            .bind(self.position)
            .bind(self.stream)
            .bind(self.version)
            .bind(self.event_type)
            .bind(self.schema_version)
            .bind(self.payload)
            .bind(self.metadata)
            .bind(self.occurred_at)
            .bind(self.recorded_at)
            .bind(self.prev_hash)
            .bind(self.hash)
    }
}

fn bind_idempotency(query: Prepared<'_>, rows: Vec<IdempotencyRow>) -> Prepared<'_> {
    let (mut keys, mut hashes, mut positions, mut statuses, mut responses) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        keys.push(row.scope_key);
        hashes.push(row.body_hash);
        positions.push(row.position);
        statuses.push(row.status);
        responses.push(row.response);
    }
    query.bind(keys).bind(hashes).bind(positions).bind(statuses).bind(responses)
}

fn bind_credentials(query: Prepared<'_>, rows: Vec<Credential>) -> Prepared<'_> {
    let (mut kinds, mut lookups, mut subjects, mut hashes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        kinds.push(row.kind.name());
        lookups.push(row.lookup);
        subjects.push(row.subject);
        hashes.push(row.hash);
    }
    query.bind(kinds).bind(lookups).bind(subjects).bind(hashes)
}

/// Checkpoints and every table's rows, as one statement: it fails as a whole where a checkpoint is elsewhere.
fn batch_statement(tables: &[Rows]) -> String {
    let mut sql = format!(
        "WITH moved AS (UPDATE checkpoints SET position = $2 FROM {} \
         WHERE checkpoints.tenant_id = $1 AND checkpoints.projection = c.projection AND checkpoints.position = c.was RETURNING 1), \
         ready AS (SELECT diario_require((SELECT COUNT(*) FROM moved) = cardinality($3), '{CHECKPOINT_MOVED}') AS ok)",
        unnest(3, &["TEXT", "BIGINT"], "c (projection, was)"),
    );
    let mut next = 5;
    for (number, rows) in tables.iter().enumerate() {
        let _ = write!(sql, ", t{number} AS (");
        insert_rows(&mut sql, rows.table, next, "ready, ");
        sql.push(')');
        next += rows.table.width();
    }
    sql.push_str(" SELECT ok FROM ready");
    sql
}

/// `INSERT … SELECT … FROM unnest(…)` of a table whose arrays begin at a parameter.
fn insert_rows(sql: &mut String, table: &Table, first: usize, from: &str) {
    let types: Vec<_> = (0..table.width())
        .map(|place| match table.kind_at(place) {
            Kind::Int => "BIGINT",
            Kind::Text => "TEXT",
        })
        .collect();
    let columns: Vec<_> = table.all_columns().collect();
    let _ = write!(
        sql,
        "INSERT INTO {} ({}) SELECT $1, r.* FROM {from}{}{}",
        table.name,
        columns.join(", "),
        unnest(first, &types, "r"),
        on_conflict(table),
    );
}

fn bind_cells<'q>(mut query: Prepared<'q>, table: &Table, cells: Vec<Value>) -> Prepared<'q> {
    enum Array {
        Int(Vec<Option<i64>>),
        Text(Vec<Option<String>>),
    }
    let width = table.width();
    let count = cells.len() / width;
    let mut arrays: Vec<Array> = (0..width)
        .map(|place| match table.kind_at(place) {
            Kind::Int => Array::Int(Vec::with_capacity(count)),
            Kind::Text => Array::Text(Vec::with_capacity(count)),
        })
        .collect();
    for (place, cell) in cells.into_iter().enumerate() {
        match (&mut arrays[place % width], cell) {
            (Array::Int(array), Value::Int(value)) => array.push(value),
            (Array::Text(array), Value::Text(value)) => array.push(value),
            // A cell of another type can only be an absent one.
            (Array::Int(array), Value::Text(_) | Value::Bytes(_)) => array.push(None),
            (Array::Text(array), Value::Int(_) | Value::Bytes(_)) => array.push(None),
        }
    }
    for array in arrays {
        query = match array {
            Array::Int(array) => query.bind(array),
            Array::Text(array) => query.bind(array),
        };
    }
    query
}
