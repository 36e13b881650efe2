use diario_tests::{Engine, both_engines};

both_engines! {
    async fn the_database_refuses_to_change_an_event(shop: Shop) {
        shop.create_item("350.00", 10).await;
        let before = shop.events().await;
        let sql = shop.sql();
        let id = shop.tenant_id;
        let mut statements = vec![
            format!("UPDATE events SET event_type = 'otro' WHERE tenant_id = {id}"),
            format!("UPDATE events SET payload = payload WHERE tenant_id = {id} AND position = 1"),
            format!("UPDATE events SET position = position + 1000 WHERE tenant_id = {id}"),
            format!("DELETE FROM events WHERE tenant_id = {id} AND position = {before}"),
            format!("DELETE FROM events WHERE tenant_id = {id}"),
        ];
        statements.push(match shop.engine {
            Engine::Postgres => "TRUNCATE events CASCADE".to_owned(),
            Engine::Sqlite => {
                format!("REPLACE INTO events SELECT * FROM events WHERE tenant_id = {id} AND position = 1")
            }
        });
        for statement in statements {
            assert!(sql.try_run(&statement).await.is_err(), "was let through: {statement}");
        }
        assert_eq!(shop.events().await, before);
        shop.assert_verified().await;
    }

    async fn a_row_has_the_columns_that_auditors_read(shop: Shop) {
        shop.create_item("350.00", 10).await;
        let id = shop.tenant_id;
        let columns = [
            "tenant_id", "position", "stream", "version", "event_type", "schema_version", "payload",
            "metadata", "occurred_at", "recorded_at", "prev_hash", "hash",
        ];
        let query = format!("SELECT {} FROM events WHERE tenant_id = {id} ORDER BY position", columns
            .map(|name| match name {
                "prev_hash" | "hash" => format!("CASE WHEN {name} IS NULL THEN 'no' ELSE 'yes' END"),
                _ => format!("CAST({name} AS TEXT)"),
            })
            .join(", "));
        let rows = shop.sql().rows(&query).await;
        assert!(!rows.is_empty());
        let mut recorded = 0_i64;
        for (index, row) in rows.iter().enumerate() {
            let cell = |name: &str| {
                let at = columns.iter().position(|column| *column == name).unwrap();
                row[at].clone().unwrap_or_else(|| panic!("{name} is null at {}", index + 1))
            };
            assert_eq!(cell("position"), (index + 1).to_string());
            assert_eq!(cell("hash"), "yes");
            for name in ["payload", "metadata"] {
                let value: serde_json::Value = serde_json::from_str(&cell(name)).unwrap();
                assert!(value.is_object(), "{name}: {value}");
                assert!(!value.to_string().contains("4321"), "a PIN is in the log: {value}");
            }
            let at: i64 = cell("recorded_at").parse().unwrap();
            assert!(at >= recorded, "recorded_at goes back");
            recorded = at;
        }
        let versions = format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM (SELECT stream FROM events WHERE tenant_id = {id} \
             GROUP BY stream HAVING MAX(version) <> COUNT(*) OR MIN(version) <> 1) AS gaps"
        );
        assert_eq!(shop.sql().integer(&versions).await, 0, "a stream's versions have gaps");
    }

    async fn the_database_refuses_an_entry_that_is_off(shop: Shop) {
        shop.create_item("350.00", 10).await;
        let sql = shop.sql();
        let id = shop.tenant_id;
        let account = sql
            .integer(&format!("SELECT CAST(MIN(account_id) AS TEXT) FROM accounts WHERE tenant_id = {id}"))
            .await;
        let lines = |debit: i64, credit: i64| {
            format!("[[{account}, {debit}, null], [{account}, {}, null]]", -credit)
        };
        let entry = |entry_id: i64, lines: &str| {
            format!("({id}, {entry_id}, 1, 1, 'manual', 'x', 'x', 'x', 100, '{lines}', 1)")
        };
        let insert = |entries: &[String]| {
            format!(
                "INSERT INTO journal_entries (tenant_id, entry_id, day, branch_id, type, event_type, reference, \
                 description, total, lines, position) VALUES {}",
                entries.join(", ")
            )
        };
        let update = |lines: &str| {
            format!("UPDATE journal_entries SET lines = '{lines}' WHERE tenant_id = {id} AND entry_id = 7777")
        };
        let own = format!("tenant_id = {id} AND entry_id IN (7777, 7778)");
        let stored = format!("SELECT CAST(COUNT(*) AS TEXT) FROM journal_entries WHERE {own}");
        let debits =
            format!("SELECT CAST(SUM(amount) AS TEXT) FROM journal_lines WHERE {own} AND amount > 0");

        let off = [
            insert(&[entry(7777, &lines(100, 99))]),
            insert(&[entry(7777, "[]")]),
            // Two entries that make up for each other are both off.
            insert(&[entry(7777, &lines(100, 99)), entry(7778, &lines(99, 100))]),
        ];
        for statement in off {
            let refused = sql.try_run(&statement).await.unwrap_err();
            assert!(refused.contains("is off"), "{statement}: {refused}");
            assert_eq!(sql.integer(&stored).await, 0, "is stored: {statement}");
        }

        sql.run(&insert(&[entry(7777, &lines(100, 100))])).await;
        assert_eq!(sql.integer(&debits).await, 100);
        for lines in [lines(100, 99), lines(99, 100), "[]".to_owned()] {
            let statement = update(&lines);
            let refused = sql.try_run(&statement).await.unwrap_err();
            assert!(refused.contains("is off"), "{statement}: {refused}");
            assert_eq!(sql.integer(&debits).await, 100, "is stored: {statement}");
        }
        sql.run(&update(&lines(200, 200))).await;
        assert_eq!(sql.integer(&debits).await, 200);

        sql.run(&format!("DELETE FROM journal_entries WHERE {own}")).await;
        assert_eq!(sql.integer(&stored).await, 0);
        shop.assert_verified().await;
    }
}
