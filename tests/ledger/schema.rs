use diario_tests::{Database, Engine, Server, each_engine};

/// Tables that hold nothing of any tenant. The vehicle catalogue is reference data: every tenant reads the same rows,
/// none writes them, and a copy for each would be a million rows for each.
const SHARED: &[&str] = &[
    "schema_migrations",
    "installation_secrets",
    "catalog_brands",
    "catalog_models",
    "catalog_years",
    "catalog_engines",
    "catalog_mye",
    "catalog_categories",
    "catalog_groups",
    "catalog_parts",
    "catalog_fitments",
    "catalog_cross_references",
    "catalog_words",
];

const SQLITE: &str = "
    WITH tables AS (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%')
    SELECT t.name, 'primary key', (SELECT c.name FROM pragma_table_info(t.name) c WHERE c.pk = 1)
      FROM tables t
    UNION ALL
    SELECT t.name, i.name, (SELECT c.name FROM pragma_index_info(i.name) c WHERE c.seqno = 0)
      FROM tables t, pragma_index_list(t.name) i
    UNION ALL
    SELECT t.name, 'foreign key to ' || f.\"table\", f.\"from\"
      FROM tables t, pragma_foreign_key_list(t.name) f WHERE f.seq = 0";

const POSTGRES: &str = "
    WITH tables AS (
      SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema'))
    SELECT t.relname::text, 'primary key',
           (SELECT a.attname::text FROM pg_index x JOIN pg_attribute a
              ON a.attrelid = t.oid AND a.attnum = x.indkey[0] WHERE x.indrelid = t.oid AND x.indisprimary)
      FROM tables t
    UNION ALL
    SELECT t.relname::text, i.relname::text, a.attname::text
      FROM tables t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
      LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
    UNION ALL
    SELECT t.relname::text, k.conname::text, a.attname::text
      FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]";

each_engine! {
    async fn tenant_id_leads_every_key_and_index(engine: Engine) {
        let database = Database::fresh(engine).await;
        let _server = Server::start(&database);
        let query = if engine == Engine::Sqlite { SQLITE } else { POSTGRES };
        let rows = database.sql().rows(query).await;
        assert!(rows.iter().any(|row| row[0].as_deref() == Some("events")), "{rows:?}");
        let faults: Vec<String> = rows
            .iter()
            .filter(|row| !SHARED.contains(&row[0].as_deref().unwrap()))
            .filter(|row| row[2].as_deref() != Some("tenant_id"))
            .map(|row| format!("{}: {} starts with {:?}", row[0].as_ref().unwrap(), row[1].as_ref().unwrap(), row[2]))
            .collect();
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
        if engine == Engine::Postgres {
            let sequences = "SELECT relname::text FROM pg_class WHERE relkind = 'S'";
            assert_eq!(database.sql().rows(sequences).await, Vec::<Vec<Option<String>>>::new());
        }
    }
}
