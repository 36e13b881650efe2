//! The schema's steps, from the folder `migrations/`.

/// A step: the text for both engines and what only one can say.
pub(crate) struct Migration {
    pub(crate) version: i64,
    both: &'static str,
    postgres: &'static str,
    sqlite: &'static str,
}

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        both: include_str!("../../migrations/0001_ledger.sql"),
        postgres: include_str!("../../migrations/0001_ledger.postgres.sql"),
        sqlite: include_str!("../../migrations/0001_ledger.sqlite.sql"),
    },
    Migration {
        version: 2,
        both: include_str!("../../migrations/0002_read_models.sql"),
        postgres: include_str!("../../migrations/0002_read_models.postgres.sql"),
        sqlite: include_str!("../../migrations/0002_read_models.sqlite.sql"),
    },
    Migration {
        version: 3,
        both: include_str!("../../migrations/0003_point_of_sale.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        version: 4,
        both: include_str!("../../migrations/0004_catalog.sql"),
        postgres: include_str!("../../migrations/0004_catalog.postgres.sql"),
        sqlite: include_str!("../../migrations/0004_catalog.sqlite.sql"),
    },
    Migration {
        version: 5,
        both: include_str!("../../migrations/0005_books.sql"),
        postgres: include_str!("../../migrations/0005_books.postgres.sql"),
        sqlite: include_str!("../../migrations/0005_books.sqlite.sql"),
    },
    Migration { version: 6, both: include_str!("../../migrations/0006_doors.sql"), postgres: "", sqlite: "" },
    Migration {
        version: 7,
        both: include_str!("../../migrations/0007_optics.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        version: 8,
        both: include_str!("../../migrations/0008_products.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        version: 9,
        both: include_str!("../../migrations/0009_ordering.sql"),
        postgres: "",
        sqlite: "",
    },
    Migration {
        version: 10,
        both: include_str!("../../migrations/0010_webhooks.sql"),
        postgres: "",
        sqlite: "",
    },
];

/// The table that knows which steps were taken; it belongs to no tenant.
pub(crate) const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY)";

/// The newest step this program knows.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.split("--;").map(str::trim).filter(|statement| !statement.is_empty())
}

impl Migration {
    pub(crate) fn for_postgres(&self) -> Vec<String> {
        statements(self.both)
            .chain(statements(self.postgres))
            .map(|text| {
                text.replace("{bytes}", "BYTEA")
                    .replace("{json}", "JSON")
                    .replace("{clustered}", "")
                    .replace("{bytewise}", "COLLATE \"C\"")
                    // Room on each page for the next version of a row, so that no index need be touched.
                    .replace("{updated}", "WITH (fillfactor = 50)")
            })
            .collect()
    }

    pub(crate) fn for_sqlite(&self) -> Vec<String> {
        statements(self.both)
            .chain(statements(self.sqlite))
            .map(|text| {
                text.replace("{bytes}", "BLOB")
                    .replace("{json}", "TEXT")
                    .replace("{clustered}", "WITHOUT ROWID")
                    // It compares bytes anyway.
                    .replace("{bytewise}", "")
                    .replace("{updated}", "")
            })
            .collect()
    }
}
