use diario_tests::{Engine, both_engines, plus_days, year_and_month};

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
            format!("({id}, {entry_id}, 1, 1, 'manual', 'x', 'x', 'x', 100, '{lines}', 197001, 1)")
        };
        let insert = |entries: &[String]| {
            format!(
                "INSERT INTO journal_entries (tenant_id, entry_id, day, branch_id, type, event_type, reference, \
                 description, total, lines, period, position) VALUES {}",
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

    async fn the_database_refuses_an_entry_in_a_closed_period(shop: Shop) {
        let (this_year, _) = year_and_month(&shop.today().await);
        let year = this_year - 1;
        shop.post_entry(&format!("{year}-11-10"), &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        for month in [11, 12, 13] {
            shop.close(year, month).await.expect(200);
        }
        let (sql, id, position) = (shop.sql(), shop.tenant_id, shop.events().await);
        let count = format!("SELECT CAST(COUNT(*) AS TEXT) FROM journal_entries WHERE tenant_id = {id}");
        let before = sql.integer(&count).await;
        let insert = |day: i64, period: i64, phase: i64, position: i64| {
            format!(
                "INSERT INTO journal_entries (tenant_id, entry_id, day, branch_id, type, event_type, reference, \
                 description, total, lines, period, phase, position) VALUES ({id}, {position}9, {day}, 1, 'manual', 'x', \
                 'x', 'x', 100, '[[6,100,null],[35,-100,null]]', {period}, {phase}, {position})"
            )
        };
        let number = |date: &str| {
            let days = (0..40_000).find(|days| plus_days("1970-01-01", *days) == date);
            days.unwrap()
        };
        let (november, new_year_eve) = (number(&format!("{year}-11-15")), number(&format!("{year}-12-31")));
        let january = number(&format!("{this_year}-01-01"));
        let month = |month: i64| year * 100 + month;
        for (what, statement) in [
            ("in a closed month", insert(november, month(11), 0, position + 1)),
            ("in a month before the first that was closed", insert(november - 60, month(9), 0, position + 1)),
            ("in December", insert(new_year_eve, month(12), 0, position + 1)),
            ("in a closed year's thirteenth period", insert(new_year_eve, month(13), 1, position + 1)),
            ("in the thirteenth period of the year before", insert(new_year_eve - 400, month(0) - 87, 1, position + 1)),
            ("in a closed month that says it is of an open one", insert(november, this_year * 100 + 1, 0, position + 1)),
            ("in a closed month that says it is of no period", insert(november, 0, 0, position + 1)),
            ("in a closed month that says it is of a thirteenth", insert(november, this_year * 100 + 13, 1, position + 1)),
            ("of a phase that there is not", insert(november, month(11), 3, position + 1)),
        ] {
            let refused = sql.try_run(&statement).await;
            assert!(refused.as_ref().is_err_and(|error| error.contains("period")), "{what}: {refused:?}");
            assert_eq!(sql.integer(&count).await, before, "{what} is stored");
        }
        // What lay in the log before the close is what a rebuild brings back.
        sql.run(&insert(november, month(11), 0, 1)).await;
        sql.run(&insert(january, this_year * 100 + 1, 0, position + 1)).await;
        sql.run(&format!(
            "DELETE FROM journal_entries WHERE tenant_id = {id} AND entry_id IN (19, {}9)", position + 1
        )).await;
        shop.assert_verified().await;
    }
}
