//! What it costs to write groups of sales to `SQLite`, one transaction a group, through
//! (a) rusqlite's prepared statements on a thread of its own, (b) sqlx's prepared inserts row by row, and
//! (c) sqlx with one `INSERT … SELECT … FROM json_each($1)` a table.
//!
//! Every way writes the same rows to the same schema, in WAL mode with synchronous FULL, from a caller in an
//! async task that waits for each group's commit.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use bench_common::{Flags, Latencies, Outcome, Random, exit_code, per_second};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

const SCHEMA: [&str; 4] = [
    "CREATE TABLE event (tenant_id INTEGER NOT NULL, position INTEGER NOT NULL, payload TEXT NOT NULL, \
     PRIMARY KEY (tenant_id, position)) WITHOUT ROWID",
    "CREATE TABLE sale_line (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, a INTEGER NOT NULL, \
     b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL, PRIMARY KEY (tenant_id, id)) WITHOUT ROWID",
    "CREATE TABLE movement (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, a INTEGER NOT NULL, \
     b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL, PRIMARY KEY (tenant_id, id)) WITHOUT ROWID",
    "CREATE TABLE journal_line (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, a INTEGER NOT NULL, \
     b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL, PRIMARY KEY (tenant_id, id)) WITHOUT ROWID",
];

const INSERT_EVENT: &str = "INSERT INTO event VALUES ($1, $2, $3)";
const INSERT_NARROW: [&str; 3] = [
    "INSERT INTO sale_line VALUES ($1, $2, $3, $4, $5, $6)",
    "INSERT INTO movement VALUES ($1, $2, $3, $4, $5, $6)",
    "INSERT INTO journal_line VALUES ($1, $2, $3, $4, $5, $6)",
];
/// How many narrow rows one sale has in each of the three tables.
const ROWS_PER_SALE: [usize; 3] = [3, 3, 8];

const INSERT_EVENT_JSON: &str =
    "INSERT INTO event SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1)";
const INSERT_NARROW_JSON: [&str; 3] = [
    "INSERT INTO sale_line SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
     FROM json_each($1)",
    "INSERT INTO movement SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
     FROM json_each($1)",
    "INSERT INTO journal_line SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
     FROM json_each($1)",
];

type Narrow = [i64; 6];

/// The rows of one transaction.
struct Group {
    events: Vec<(i64, String)>,
    narrow: [Vec<Narrow>; 3],
}

/// Makes groups; the same seed gives every driver the same rows.
struct Source {
    random: Random,
    sales: usize,
    position: i64,
    ids: [i64; 3],
}

impl Source {
    fn new(sales: usize) -> Self {
        Self { random: Random::seeded(1), sales, position: 0, ids: [0; 3] }
    }

    fn group(&mut self) -> Group {
        let mut group = Group { events: Vec::with_capacity(self.sales), narrow: [const { Vec::new() }; 3] };
        for _ in 0..self.sales {
            self.position += 1;
            group.events.push((self.position, self.payload()));
            for (table, rows) in ROWS_PER_SALE.iter().enumerate() {
                for _ in 0..*rows {
                    self.ids[table] += 1;
                    let item = i64::try_from(self.random.below(500)).unwrap_or_default();
                    let amount = i64::try_from(self.random.below(1_000_000)).unwrap_or_default();
                    group.narrow[table].push([1, self.ids[table], self.position, item, amount, -amount]);
                }
            }
        }
        group
    }

    /// JSON of about 700 bytes, as long as a sale's event.
    fn payload(&mut self) -> String {
        let mut text = format!("{{\"sale\":{},\"lines\":[", self.position);
        while text.len() < 680 {
            let item = self.random.below(500);
            let _ = write!(
                text,
                "{{\"item\":{item},\"quantity\":\"2\",\"unit_price\":\"350.00\",\"tax\":\"0.16\"}},"
            );
        }
        text.pop();
        text.push_str("]}");
        text
    }
}

fn main() -> std::process::ExitCode {
    exit_code(run())
}

fn run() -> Outcome<()> {
    let flags = Flags::from_env(&["seconds", "group", "dir"], &[])?;
    let time = Duration::from_secs(flags.parsed("seconds", 5)?);
    let sales: usize = flags.parsed("group", 64)?;
    let base = flags.text("dir").map_or_else(std::env::temp_dir, PathBuf::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut results = Vec::new();
    for way in ["rusqlite", "sqlx_rows", "sqlx_json_each"] {
        let folder = base.join(format!("sqlite-drivers-{}-{way}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let measured = measure(&runtime, way, &folder.join("bench.db"), sales, time);
        std::fs::remove_dir_all(&folder)?;
        results.push(measured?);
    }
    println!("{}", serde_json::json!({ "group": sales, "ways": results }));
    Ok(())
}

fn measure(
    runtime: &tokio::runtime::Runtime,
    way: &str,
    path: &Path,
    sales: usize,
    time: Duration,
) -> Outcome<serde_json::Value> {
    let path = path.to_owned();
    let task = match way {
        "rusqlite" => runtime.spawn(rusqlite_way(path.clone(), sales, time)),
        "sqlx_rows" => runtime.spawn(sqlx_way(path.clone(), sales, time, false)),
        _ => runtime.spawn(sqlx_way(path.clone(), sales, time, true)),
    };
    let (groups, elapsed) = runtime.block_on(task)??;
    let count = groups.count();
    let rows = count * sales * (1 + ROWS_PER_SALE.iter().sum::<usize>());
    let stored = stored_rows(&path)?;
    if stored != rows {
        return Err(format!("{way}: wrote {rows} rows but the database holds {stored}").into());
    }
    let summary = groups.summary();
    Ok(serde_json::json!({
        "way": way,
        "rows_per_second": per_second(rows, elapsed),
        "sales_per_second": per_second(count * sales, elapsed),
        "group_p50_ms": summary.p50_ms,
        "group_p99_ms": summary.p99_ms,
    }))
}

fn stored_rows(path: &Path) -> Outcome<usize> {
    let connection = rusqlite::Connection::open(path)?;
    let mut total = 0;
    for table in ["event", "sale_line", "movement", "journal_line"] {
        let count: i64 =
            connection.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0))?;
        total += usize::try_from(count)?;
    }
    Ok(total)
}

async fn rusqlite_way(path: PathBuf, sales: usize, time: Duration) -> Outcome<(Latencies, Duration)> {
    let (groups, mut inbox) = mpsc::channel::<(Group, oneshot::Sender<()>)>(1);
    let writer = std::thread::spawn(move || -> Outcome<()> {
        let mut connection = rusqlite::Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        for statement in SCHEMA {
            connection.execute(statement, [])?;
        }
        while let Some((group, done)) = inbox.blocking_recv() {
            let transaction = connection.transaction()?;
            {
                let mut insert = transaction.prepare_cached(INSERT_EVENT)?;
                for (position, payload) in &group.events {
                    insert.execute(rusqlite::params![1_i64, position, payload])?;
                }
            }
            for (statement, rows) in INSERT_NARROW.iter().zip(&group.narrow) {
                let mut insert = transaction.prepare_cached(statement)?;
                for row in rows {
                    insert.execute(*row)?;
                }
            }
            transaction.commit()?;
            // The caller is gone only when the measured time is over.
            let _ = done.send(());
        }
        Ok(())
    });
    let mut source = Source::new(sales);
    let mut latencies = Latencies::default();
    let start = Instant::now();
    while start.elapsed() < time {
        let group = source.group();
        let began = Instant::now();
        let (done, committed) = oneshot::channel();
        if groups.send((group, done)).await.is_err() || committed.await.is_err() {
            break;
        }
        latencies.note(began.elapsed());
    }
    let elapsed = start.elapsed();
    drop(groups);
    writer.join().map_err(|_| "the writing thread panicked")??;
    Ok((latencies, elapsed))
}

async fn sqlx_way(path: PathBuf, sales: usize, time: Duration, json: bool) -> Outcome<(Latencies, Duration)> {
    let url = format!("sqlite:{}", path.display());
    let mut connection = SqliteConnectOptions::from_str(&url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    for statement in SCHEMA {
        sqlx::query(statement).execute(&mut connection).await?;
    }
    let mut source = Source::new(sales);
    let mut latencies = Latencies::default();
    let start = Instant::now();
    while start.elapsed() < time {
        let group = source.group();
        let began = Instant::now();
        if json {
            write_sets(&mut connection, &group).await?;
        } else {
            write_rows(&mut connection, &group).await?;
        }
        latencies.note(began.elapsed());
    }
    let elapsed = start.elapsed();
    connection.close().await?;
    Ok((latencies, elapsed))
}

async fn write_rows(connection: &mut SqliteConnection, group: &Group) -> Outcome<()> {
    let mut transaction = connection.begin().await?;
    for (position, payload) in &group.events {
        let insert = sqlx::query(INSERT_EVENT).bind(1_i64).bind(position).bind(payload.as_str());
        insert.execute(&mut *transaction).await?;
    }
    for (statement, rows) in INSERT_NARROW.iter().zip(&group.narrow) {
        for row in rows {
            let mut insert = sqlx::query(*statement);
            for value in row {
                insert = insert.bind(value);
            }
            insert.execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

async fn write_sets(connection: &mut SqliteConnection, group: &Group) -> Outcome<()> {
    let mut transaction = connection.begin().await?;
    let events: Vec<(i64, i64, &str)> = group.events.iter().map(|(p, text)| (1, *p, text.as_str())).collect();
    sqlx::query(INSERT_EVENT_JSON).bind(serde_json::to_string(&events)?).execute(&mut *transaction).await?;
    for (statement, rows) in INSERT_NARROW_JSON.iter().zip(&group.narrow) {
        sqlx::query(*statement).bind(serde_json::to_string(rows)?).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}
