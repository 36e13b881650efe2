use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tempfile::TempDir;

/// The database under a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn available(self) -> bool {
        self == Self::Sqlite || cluster().is_some()
    }
}

fn cluster() -> Option<String> {
    std::env::var("DIARIO_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// One empty database and the folder that belongs to it.
#[derive(Debug)]
pub struct Database {
    pub engine: Engine,
    pub url: String,
    folder: TempDir,
}

impl Database {
    pub async fn fresh(engine: Engine) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let folder = tempfile::Builder::new().prefix("diario-test-").tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("diario.db").display()),
            Engine::Postgres => {
                let cluster = cluster().expect("DIARIO_TEST_POSTGRES");
                let mut connection = PgConnection::connect(&cluster).await.unwrap();
                drop_leftovers(&mut connection).await;
                let name =
                    format!("diario_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
                let statement = format!("CREATE DATABASE {name}");
                connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
                connection.close().await.unwrap();
                with_database(&cluster, &name)
            }
        };
        Self { engine, url, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn sql(&self) -> Sql {
        Sql { engine: self.engine, url: self.url.clone() }
    }
}

/// Databases of test programs that have ended are dropped by the next one that needs a database: a test
/// program that was killed cannot do it.
async fn drop_leftovers(connection: &mut PgConnection) {
    let rows = connection
        .fetch_all("SELECT datname::text FROM pg_database WHERE datname LIKE 'diario\\_test\\_%'")
        .await
        .unwrap();
    for row in rows {
        let name: String = row.get(0);
        let owner = name.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            let statement = format!("DROP DATABASE IF EXISTS {name}");
            let _ = connection.execute(sqlx::AssertSqlSafe(statement)).await;
        }
    }
}

fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..].find('/').map_or(address.len(), |at| authority + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &address[..end])
}

/// Looks straight into a database, past the program.
#[derive(Debug, Clone)]
pub struct Sql {
    engine: Engine,
    url: String,
}

impl Sql {
    pub fn of(engine: Engine, url: &str) -> Self {
        Self { engine, url: url.to_owned() }
    }

    fn file(&self) -> PathBuf {
        PathBuf::from(self.url.trim_start_matches("sqlite:"))
    }

    fn sqlite(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
        connection
    }

    /// A connection that stays open, for looking often.
    pub async fn glance(&self) -> Glance {
        match self.engine {
            Engine::Sqlite => Glance::Sqlite(self.sqlite()),
            Engine::Postgres => Glance::Postgres(PgConnection::connect(&self.url).await.unwrap()),
        }
    }

    /// Runs statements that answer nothing; the error as the database words it.
    pub async fn try_run(&self, statements: &str) -> Result<(), String> {
        match self.engine {
            Engine::Sqlite => self.sqlite().execute_batch(statements).map_err(|error| error.to_string()),
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                let outcome = connection.execute(sqlx::AssertSqlSafe(statements.to_owned())).await;
                let _ = connection.close().await;
                outcome.map(|_| ()).map_err(|error| error.to_string())
            }
        }
    }

    pub async fn run(&self, statements: &str) {
        if let Err(error) = self.try_run(statements).await {
            panic!("{statements}: {error}");
        }
    }

    /// Every row as text; a query casts what is not text already.
    pub async fn rows(&self, query: &str) -> Vec<Vec<Option<String>>> {
        match self.engine {
            Engine::Sqlite => {
                let connection = self.sqlite();
                let mut statement =
                    connection.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
                let width = statement.column_count();
                let rows = statement
                    .query_map([], |row| (0..width).map(|at| row.get::<_, Option<String>>(at)).collect())
                    .unwrap();
                rows.map(|row: Result<Vec<_>, _>| row.unwrap_or_else(|error| panic!("{query}: {error}")))
                    .collect()
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                let rows = connection
                    .fetch_all(sqlx::AssertSqlSafe(query.to_owned()))
                    .await
                    .unwrap_or_else(|error| panic!("{query}: {error}"));
                connection.close().await.unwrap();
                rows.iter().map(|row| (0..row.len()).map(|at| row.get(at)).collect()).collect()
            }
        }
    }

    pub async fn integer(&self, query: &str) -> i64 {
        let rows = self.rows(query).await;
        let cell = rows.first().and_then(|row| row.first()).cloned().flatten();
        cell.unwrap_or_else(|| panic!("{query}: no row")).parse().unwrap()
    }
}

/// A connection past the program that stays open.
#[derive(Debug)]
pub enum Glance {
    Sqlite(rusqlite::Connection),
    Postgres(PgConnection),
}

impl Glance {
    /// One number, which the query casts to text.
    pub async fn integer(&mut self, query: &str) -> i64 {
        let text: String = match self {
            Self::Sqlite(connection) => connection.query_one(query, [], |row| row.get(0)).unwrap(),
            Self::Postgres(connection) => {
                connection.fetch_one(sqlx::AssertSqlSafe(query.to_owned())).await.unwrap().get(0)
            }
        };
        text.parse().unwrap()
    }
}
