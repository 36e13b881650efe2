use diario_tests::{assert_shape, both_engines, dec, guarded, money, refuses_query};
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

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["date_from=x", "date_to=2026-02-30", "date_from=01/04/2026"]).await;
        shop.get(&format!("{PATH}?date_from=2026-02-01&date_to=2026-01-01")).await.expect(400).error();
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
