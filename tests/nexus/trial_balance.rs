use diario_tests::{
    Past, assert_shape, both_engines, csv_of, dec, guarded, money, month_end, months_before, plus_days,
    refuses_query, remembers,
};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/accounting/trial-balance";

both_engines! {
    async fn has_the_documented_columns_and_balances(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let answer = shop.trial_balance().await;
        let columns = json!({
            "opening_debit": "number", "opening_credit": "number", "period_debit": "number",
            "period_credit": "number", "closing_debit": "number", "closing_credit": "number"
        });
        let mut row = columns.clone();
        row["code"] = json!("string");
        row["name"] = json!("string");
        let mut totals = columns;
        totals["gross_closing_debit"] = json!("number");
        totals["gross_closing_credit"] = json!("number");
        assert_shape(&answer, &json!({
            "period": {"from": "?date", "to": "?date"}, "accounts": [row], "totals": totals
        }));
        let totals = &answer["totals"];
        for side in ["debit", "credit"] {
            let of = |column: &str| money(&totals[format!("{column}_{side}")]);
            assert_eq!(of("gross_closing"), of("opening") + of("period"));
        }
        let balances = shop.balances().await;
        assert_eq!(balances.of("101.01"), dec("812"));
        assert_eq!(balances.of("115.01"), dec("1200"));
    }

    async fn a_day_after_has_it_all_in_the_opening(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let path = format!("{PATH}?date_from=2099-01-01&date_to=2099-12-31");
        let answer = shop.get(&path).await.expect(200);
        assert_eq!(answer["period"], json!({"from": "2099-01-01", "to": "2099-12-31"}));
        assert_eq!(money(&answer["totals"]["period_debit"]), dec("0"));
        let cash = answer["accounts"].as_array().unwrap().iter().find(|row| row["code"] == "101.01").unwrap();
        assert_eq!(money(&cash["opening_debit"]), dec("812"));
        assert_eq!(money(&cash["closing_debit"]), dec("812"));
        let past = shop.get(&format!("{PATH}?date_to=2020-01-01")).await.expect(200);
        assert_eq!(money(&past["totals"]["closing_debit"]), dec("0"));
    }

    async fn an_empty_shop_has_an_empty_balance(shop: Shop) {
        let answer = shop.trial_balance().await;
        assert_eq!(money(&answer["totals"]["closing_debit"]), dec("0"));
        shop.assert_books_tie().await;
    }

    async fn shows_the_running_month_where_no_day_is_named(shop: Shop) {
        let today = shop.today().await;
        let month = months_before(&today, 0);
        let before = plus_days(&month, -1);
        shop.post_entry(&before, &[("601.84", "30.00"), ("102.01", "-30.00")]).await;
        shop.post_entry(&today, &[("601.84", "5.00"), ("102.01", "-5.00")]).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["period"], json!({"from": month, "to": month_end(&today)}));
        let bank = answer["accounts"].as_array().unwrap().iter().find(|row| row["code"] == "102.01").unwrap();
        for (column, amount) in [("opening_credit", "30"), ("period_credit", "5"), ("closing_credit", "35")] {
            assert_eq!(money(&bank[column]), dec(amount), "{bank}");
        }
    }

    async fn branches_add_up_to_the_shop(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        let there = shop.hire_with("cashier", json!({"branch_id": north})).await;
        for seller in [&shop, &there] {
            let register = seller.open_register_number(seller.branch_id, "100.00").await;
            seller.sell_cash(register, item, "2", "350.00").await;
        }
        let of = async |query: String| shop.get(&format!("{PATH}?{query}")).await.expect(200);
        let whole = of(String::new()).await;
        let parts = [of(format!("branch_id={north}")).await, of(format!("branch_id={}", shop.branch_id)).await];
        for row in whole["accounts"].as_array().unwrap() {
            let net = |answer: &serde_json::Value| {
                let rows = answer["accounts"].as_array().unwrap();
                let row = rows.iter().find(|other| other["code"] == row["code"]);
                row.map_or(dec("0"), |row| money(&row["closing_debit"]) - money(&row["closing_credit"]))
            };
            assert_eq!(net(&whole), net(&parts[0]) + net(&parts[1]), "{row}");
        }
        for part in &parts {
            let totals = &part["totals"];
            assert_eq!(money(&totals["closing_debit"]), money(&totals["closing_credit"]), "{:#}", **part);
            let cash = part["accounts"].as_array().unwrap().iter().find(|row| row["code"] == "101.01").unwrap();
            assert_eq!(money(&cash["closing_debit"]), dec("812"));
        }
    }

    async fn as_of_a_position_or_an_instant_it_is_what_it_was(shop: Shop) {
        let from = plus_days(&shop.today().await, -95);
        remembers(&shop, &format!("{PATH}?date_from={from}"), true).await;
    }

    async fn as_csv(shop: Shop) {
        Past::of(&shop).await;
        let header = "code,name,opening_debit,opening_credit,period_debit,period_credit,closing_debit,closing_credit";
        let amounts: Vec<&str> = header.split(',').skip(2).collect();
        let rows = csv_of(&shop, PATH, header, &amounts).await;
        let json = shop.trial_balance().await;
        let accounts = json["accounts"].as_array().unwrap();
        assert_eq!(rows.len(), accounts.len() + 1, "the accounts and a total");
        for (row, account) in rows.iter().zip(accounts) {
            assert_eq!((&json!(row[0]), &json!(row[1])), (&account["code"], &account["name"]));
            for (cell, name) in row.iter().skip(2).zip(&amounts) {
                assert_eq!(dec(cell), money(&account[*name]), "{name} in {row:?}");
            }
        }
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "date_from=x", "date_to=2026-02-30", "date_from=01/04/2026", "branch_id=x", "format=doc", "as_of=x",
        ]).await;
        shop.get(&format!("{PATH}?date_from=2026-02-01&date_to=2026-01-01")).await.expect(400).error();
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
