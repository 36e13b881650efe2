use std::process::Output;

use diario_tests::{Database, Engine, Server, Shop, Sql, each_engine};
use serde_json::{Value, json};

/// A shop with a mixed history, and its server gone.
async fn closed_shop(database: &Database) -> Shop {
    let server = Server::start(database);
    let shop = Shop::create(database.engine, &server.base, &database.url, &[]).await;
    crate::mixed_history(&shop).await;
    shop.assert_verified().await;
    tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
    shop
}

async fn drop_triggers(sql: &Sql, engine: Engine) {
    let query = match engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'",
        Engine::Postgres => {
            "SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'events'::regclass AND NOT tgisinternal"
        }
    };
    let triggers = sql.rows(query).await;
    assert!(!triggers.is_empty(), "no trigger guards the events");
    for row in triggers {
        let name = row[0].clone().unwrap();
        let on = if engine == Engine::Postgres { " ON events" } else { "" };
        sql.run(&format!("DROP TRIGGER {name}{on}")).await;
    }
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn names_number(text: &str, number: i64) -> bool {
    text.split(|character: char| !character.is_ascii_digit()).any(|word| word == number.to_string())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text with one byte changed, such that JSON stays JSON: one of its digits, near the middle, or the last
/// letter of a string.
fn one_byte_changed(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let middle = bytes.len() / 2;
    let at = (middle..bytes.len())
        .chain(0..middle)
        .find(|at| bytes[*at].is_ascii_digit())
        .or_else(|| {
            (1..bytes.len())
                .find(|at| bytes[*at] == b'"' && bytes[at - 1].is_ascii_alphabetic())
                .map(|at| at - 1)
        })
        .unwrap_or_else(|| panic!("nothing to change in {text}"));
    bytes[at] = match bytes[at] {
        b'7' => b'8',
        digit if digit.is_ascii_digit() => b'7',
        b'a' => b'b',
        _ => b'a',
    };
    String::from_utf8(bytes).unwrap()
}

struct Column {
    name: String,
    is_text: bool,
    is_key: bool,
}

struct Table {
    name: String,
    columns: Vec<Column>,
}

/// What is written with the log, or, like the vehicle catalogue, not by tenants at all.
const NOT_DERIVED: &[&str] = &[
    "events",
    "tenants",
    "idempotency",
    "book_snapshots",
    "checkpoints",
    "installation_secrets",
    "access_key_uses",
    "daily_usage",
    "secrets",
    "webhook_deliveries",
    "webhook_attempts",
    "webhook_endpoints",
    "schema_migrations",
];

async fn read_models(sql: &Sql, engine: Engine) -> Vec<Table> {
    let query = match engine {
        Engine::Sqlite => {
            "SELECT m.name, c.name, c.type, CASE WHEN c.pk > 0 THEN 'key' END \
               FROM sqlite_master m, pragma_table_info(m.name) c \
              WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), \
                    CASE WHEN a.attnum = ANY (x.indkey) THEN 'key' END \
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
               JOIN pg_index x ON x.indrelid = c.oid AND x.indisprimary \
              WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped \
              ORDER BY c.relname, a.attnum"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in sql.rows(query).await {
        let [Some(table), Some(name), Some(kind), key] = <[Option<String>; 4]>::try_from(row).unwrap() else {
            panic!("a column without a name");
        };
        if NOT_DERIVED.contains(&table.as_str()) || table.starts_with("catalog_") {
            continue;
        }
        if tables.last().is_none_or(|last| last.name != table) {
            tables.push(Table { name: table, columns: Vec::new() });
        }
        let column = Column { name, is_text: kind.eq_ignore_ascii_case("text"), is_key: key.is_some() };
        tables.last_mut().unwrap().columns.push(column);
    }
    assert!(tables.iter().any(|table| table.name == "stock"));
    tables
}

/// Cells that are changed at once: no more than the differences that a report tells one by one.
const AT_ONCE: usize = 15;

/// A cell of a table's first row, what stands in it and what is put there, both as SQL.
struct Cell {
    table: String,
    column: String,
    place: String,
    original: String,
    other: String,
}

impl Cell {
    fn set(&self, value: &str) -> String {
        format!("UPDATE {} SET {} = {value} WHERE {}", self.table, self.column, self.place)
    }
}

/// Every cell of the table's first row that is no key.
async fn cells(sql: &Sql, table: &Table, tenant: i64) -> Vec<Cell> {
    let name = &table.name;
    let keys: Vec<&Column> = table.columns.iter().filter(|column| column.is_key).collect();
    let values: Vec<&Column> = table.columns.iter().filter(|column| !column.is_key).collect();
    let shown: Vec<String> =
        keys.iter().chain(&values).map(|column| format!("CAST({} AS TEXT)", column.name)).collect();
    let order: Vec<&str> = keys.iter().map(|column| column.name.as_str()).collect();
    let first = format!(
        "SELECT {} FROM {name} WHERE tenant_id = {tenant} ORDER BY {} LIMIT 1",
        shown.join(", "),
        order.join(", ")
    );
    let row = sql.rows(&first).await.pop().unwrap_or_else(|| panic!("{name} is empty after a mixed history"));
    let (key, rest) = row.split_at(keys.len());
    let place: Vec<String> = keys
        .iter()
        .zip(key)
        .map(|(column, value)| format!("{} = {}", column.name, quoted(value.as_deref().unwrap())))
        .collect();
    let cell = |(column, value): (&&Column, &Option<String>)| {
        let name = &column.name;
        let other = if column.is_text {
            // The lines of an entry must stay JSON, or the database itself refuses the change.
            let added = if name == "lines" { " " } else { "x" };
            format!("COALESCE({name}, '') || '{added}'")
        } else {
            format!("COALESCE({name}, 0) + 1")
        };
        Cell {
            table: table.name.clone(),
            column: name.clone(),
            place: place.join(" AND "),
            original: value.as_deref().map_or("NULL".to_owned(), quoted),
            other,
        }
    };
    values.iter().zip(rest).map(cell).collect()
}

each_engine! {
    async fn one_byte_of_one_event_is_found_and_named(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let sql = shop.sql();
        drop_triggers(&sql, engine).await;
        shop.assert_verified().await;
        let last = shop.events().await;
        let tenant = shop.tenant_id;
        for (column, position) in
            [("payload", 2), ("payload", last), ("metadata", 3), ("occurred_at", 5), ("event_type", last / 2)]
        {
            let place = format!("WHERE tenant_id = {tenant} AND position = {position}");
            let rows = sql.rows(&format!("SELECT CAST({column} AS TEXT) FROM events {place}")).await;
            let original = rows[0][0].clone().unwrap();
            let changed =
                if column == "event_type" { format!("{original}X") } else { one_byte_changed(&original) };
            let value = |text: &str| match (column, engine) {
                ("occurred_at", _) => text.to_owned(),
                ("payload" | "metadata", Engine::Postgres) => format!("CAST({} AS JSON)", quoted(text)),
                _ => quoted(text),
            };
            sql.run(&format!("UPDATE events SET {column} = {} {place}", value(&changed))).await;
            let output = shop.command(&["verify", "--json"]).await;
            let text = printed(&output);
            assert_eq!(output.status.code(), Some(1), "{column} at {position}: {text}");
            assert!(names_number(&text, position), "{column} at {position} is not named: {text}");
            sql.run(&format!("UPDATE events SET {column} = {} {place}", value(&original))).await;
            shop.assert_verified().await;
        }
        // An event that is gone is missed, the last one too.
        for position in [last / 2, last] {
            sql.run(&format!("DELETE FROM events WHERE tenant_id = {tenant} AND position = {position}")).await;
            let output = shop.command(&["verify", "--json"]).await;
            let text = printed(&output);
            assert_eq!(output.status.code(), Some(1), "without {position}: {text}");
        }
    }

    async fn one_cell_of_any_read_model_is_found_and_named(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let sql = shop.sql();
        let tenant = shop.tenant_id;
        let mut tables = Vec::new();
        for table in read_models(&sql, engine).await {
            tables.push(cells(&sql, &table, tenant).await);
        }
        let mut changed = 0;
        // Each verification is given one changed cell in each of some tables, and must name exactly those.
        loop {
            tables.sort_by_key(|cells| std::cmp::Reverse(cells.len()));
            let some: Vec<Cell> = tables.iter_mut().take(AT_ONCE).filter_map(Vec::pop).collect();
            if some.is_empty() {
                break;
            }
            for cell in &some {
                sql.run(&cell.set(&cell.other)).await;
            }
            let output = shop.command(&["verify", "--json"]).await;
            assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            let differences = report["tenants"][0]["differences"].as_array().unwrap();
            for cell in &some {
                let named = differences.iter().any(|difference| {
                    difference["table"] == json!(cell.table)
                        && difference["what"].as_str().unwrap().starts_with(&format!("{} is ", cell.column))
                });
                assert!(named, "{}.{} changed, and yet: {report:#}", cell.table, cell.column);
            }
            assert_eq!(differences.len(), some.len(), "{report:#}");
            for cell in &some {
                sql.run(&cell.set(&cell.original)).await;
            }
            changed += some.len();
        }
        println!("{changed} cells changed");
        shop.assert_verified().await;
    }

    async fn a_row_that_is_gone_or_too_many_is_found(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let sql = shop.sql();
        let tenant = shop.tenant_id;
        let copy = "INSERT INTO stock SELECT tenant_id, item_id + 1000, branch_id, on_hand, stock_value, average_cost, last_movement, position \
                    FROM stock";
        sql.run(&format!("{copy} WHERE tenant_id = {tenant} AND item_id = 1")).await;
        let output = shop.command(&["verify", "--json"]).await;
        assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
        assert!(printed(&output).contains("stock"), "{}", printed(&output));
        sql.run(&format!("DELETE FROM stock WHERE tenant_id = {tenant} AND item_id > 1000")).await;
        shop.assert_verified().await;
        sql.run(&format!("DELETE FROM stock WHERE tenant_id = {tenant} AND item_id = 1")).await;
        let output = shop.command(&["verify", "--json"]).await;
        assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
        assert!(printed(&output).contains("stock"), "{}", printed(&output));
    }

    async fn what_says_that_it_is_of_a_later_event_than_the_last_is_found(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let sql = shop.sql();
        let (tenant, last) = (shop.tenant_id, shop.events().await);
        let place = format!("WHERE tenant_id = {tenant} AND item_id = 1");
        let original = sql.rows(&format!("SELECT CAST(position AS TEXT) FROM stock {place}")).await.remove(0).remove(0);
        let original = original.unwrap();
        for position in [last + 1, last + 1_000_000] {
            sql.run(&format!("UPDATE stock SET on_hand = on_hand + 1, position = {position} {place}")).await;
            let output = shop.command(&["verify", "--json"]).await;
            assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
            assert!(printed(&output).contains("on_hand is"), "{}", printed(&output));
            sql.run(&format!("UPDATE stock SET on_hand = on_hand - 1, position = {original} {place}")).await;
            shop.assert_verified().await;
            let copy = "INSERT INTO stock SELECT tenant_id, item_id + 1000, branch_id, on_hand, stock_value, average_cost, last_movement";
            sql.run(&format!("{copy}, {position} FROM stock {place}")).await;
            let output = shop.command(&["verify", "--json"]).await;
            assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
            sql.run(&format!("DELETE FROM stock WHERE tenant_id = {tenant} AND item_id > 1000")).await;
            shop.assert_verified().await;
        }
    }

    async fn a_log_that_was_cut_short_does_not_fit_what_was_read_off_it(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let sql = shop.sql();
        drop_triggers(&sql, engine).await;
        let (tenant, last) = (shop.tenant_id, shop.events().await);
        sql.run(&format!("DELETE FROM events WHERE tenant_id = {tenant} AND position = {last}")).await;
        let before = last - 1;
        sql.run(&format!("UPDATE tenants SET head = {before}, head_hash = (SELECT hash FROM events \
            WHERE tenant_id = {tenant} AND position = {before}) WHERE tenant_id = {tenant}")).await;
        let output = shop.command(&["verify", "--json"]).await;
        assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
        assert!(printed(&output).contains("events are missing"), "{}", printed(&output));
    }

    async fn the_row_of_the_tenant_is_what_the_log_founded(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let sql = shop.sql();
        for (column, other) in [
            ("name", "'Otra'"), ("timezone", "'America/Tijuana'"), ("currency", "'USD'"), ("country", "'PE'"),
            ("organization_id", "'00000000-0000-4000-8000-000000000000'"), ("postal_code", "'99999'"),
        ] {
            let place = format!("WHERE tenant_id = {}", shop.tenant_id);
            let original = sql.rows(&format!("SELECT {column} FROM tenants {place}")).await.remove(0).remove(0);
            sql.run(&format!("UPDATE tenants SET {column} = {other} {place}")).await;
            let output = shop.command(&["verify", "--json"]).await;
            assert_eq!(output.status.code(), Some(1), "{column}: {}", printed(&output));
            assert!(printed(&output).contains(&format!("{column} is")), "{column}: {}", printed(&output));
            let original = original.as_deref().map_or("NULL".to_owned(), quoted);
            sql.run(&format!("UPDATE tenants SET {column} = {original} {place}")).await;
            shop.assert_verified().await;
        }
    }

    async fn another_tenants_events_do_not_matter(engine: Engine) {
        let database = Database::fresh(engine).await;
        let shop = closed_shop(&database).await;
        let server = Server::start(&database);
        let other = Shop::create(engine, &server.base, &database.url, &[]).await;
        other.create_item("1.00", 1).await;
        drop_triggers(&shop.sql(), engine).await;
        let tenant = other.tenant_id;
        let spoil = format!("UPDATE events SET event_type = 'X' WHERE tenant_id = {tenant} AND position = 1");
        shop.sql().run(&spoil).await;
        shop.assert_verified().await;
        let output = other.command(&["verify", "--json"]).await;
        assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
        let all = diario_tests::diario(&["verify", "--json", "--database", &database.url]).await;
        assert_eq!(all.status.code(), Some(1), "{}", printed(&all));
    }
}
