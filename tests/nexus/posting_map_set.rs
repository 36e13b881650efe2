use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, int, num, plus_days, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/posting-map";
const ENTRIES: &str = "/pos/api/accounting/entries";

/// Sends what would go to one account to another; the body.
async fn rule(shop: &Shop, from: &str, to: Option<&str>, event: Option<&str>) -> Value {
    let to = match to {
        Some(code) => json!(shop.account(code).await),
        None => Value::Null,
    };
    json!({"account_id": shop.account(from).await, "event_type": event, "to_account_id": to})
}

async fn by_card(shop: &Shop, item: i64) -> i64 {
    let body = json!({
        "items": [shop.line(item, "1", "100.00")], "payment_method": "tarjeta", "sale_type": "cash"
    });
    shop.sell(body).await.int("sale_id")
}

async fn lose(shop: &Shop, item: i64) {
    let body = json!({"inventory_id": item, "quantity": -1, "reason": "Merma"});
    shop.post("/pos/api/inventory/adjustment", body).await.expect(201);
}

both_engines! {
    async fn holds_for_the_future_and_never_for_the_past(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        shop.create_account("107.05.01", "107.05").await;
        by_card(&shop, item).await;
        let entries = "/pos/api/accounting/entries";
        let mut old = Vec::new();
        for row in shop.all(entries).await {
            let path = format!("{entries}/{}", int(&row["id"]));
            old.push((shop.get(&path).await.expect(200).text(), path));
        }
        let position = shop.events().await;
        let told = shop.trial_balance().await;

        let before = shop.balances().await;
        let answer = shop.put(PATH, rule(&shop, "107.05", Some("107.05.01"), None).await).await.expect(200);
        assert_shape(&answer, &json!({"message": "Posting map changed"}));
        shop.assert_moved(&before, &[]).await;
        by_card(&shop, item).await;
        shop.assert_moved(&before, &[
            ("107.05.01", "116"), ("401.02", "-100"), ("208.01", "-16"), ("501.01", "150"), ("115.01", "-150"),
        ]).await;
        // What an offline till brings in is recorded now, whatever its day.
        for (text, path) in &old {
            assert_eq!(&shop.get(path).await.expect(200).text(), text, "{path}");
        }
        let as_of = format!("/pos/api/accounting/trial-balance?as_of={position}");
        assert_eq!(shop.get(&as_of).await.expect(200)["accounts"], told["accounts"]);

        // A rule that is taken back leads to the rules again, and what it posted stays.
        shop.put(PATH, rule(&shop, "107.05", None, None).await).await.expect(200);
        let before = shop.balances().await;
        by_card(&shop, item).await;
        assert_eq!(shop.balances().await.of("107.05") - before.of("107.05"), dec("116"));
        assert_eq!(before.of("107.05.01"), dec("116"));
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn a_cancellation_is_the_mirror_of_its_sale_whatever_is_mapped_since(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        shop.create_account("107.05.01", "107.05").await;
        shop.create_account("401.02.01", "401.02").await;
        let before = shop.balances().await;
        let plain = by_card(&shop, item).await;
        shop.put(PATH, rule(&shop, "107.05", Some("107.05.01"), None).await).await.expect(200);
        shop.put(PATH, rule(&shop, "401.02", Some("401.02.01"), Some("sale.completed")).await).await.expect(200);
        let mapped = by_card(&shop, item).await;
        shop.put(PATH, rule(&shop, "107.05", None, None).await).await.expect(200);
        for sale in [plain, mapped] {
            let path = format!("/pos/api/sales/{sale}/cancel");
            shop.put(&path, json!({"reason": "Prueba"})).await.expect(200);
        }
        shop.assert_moved(&before, &[]).await;
        shop.assert_books_tie().await;
    }

    async fn what_is_dated_in_the_past_and_recorded_now_is_of_the_future(shop: Shop) {
        let body = json!({"part_number": "PM-1", "name": "Balatas", "cost": 150, "price_1": 100, "initial_stock": 9});
        let item = int(&shop.days_ago(40, "items_create", json!({}), body).await["id"]);
        shop.create_account("107.05.01", "107.05").await;
        shop.put(PATH, rule(&shop, "107.05", Some("107.05.01"), None).await).await.expect(200);
        let sale = json!({
            "items": [shop.line(item, "1", "100.00")], "payment_method": "tarjeta", "sale_type": "cash"
        });
        shop.days_ago(20, "sales_create", json!({}), sale).await;
        let day = plus_days(&shop.today().await, -20);
        let answer =
            shop.get(&format!("/pos/api/accounting/ledger?code=107.05.01&date_from={day}&date_to={day}")).await;
        assert_eq!(answer.expect(200).money("closing"), dec("116"));
    }

    async fn a_rule_for_one_event_leaves_the_others(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        shop.create_account("501.08.01", "501.08").await;
        shop.create_account("501.08.02", "501.08").await;
        shop.put(PATH, rule(&shop, "501.08", Some("501.08.01"), Some("stock.adjusted")).await).await.expect(200);
        let before = shop.balances().await;
        lose(&shop, item).await;
        let count = json!({"items": [{"inventory_id": item, "counted_quantity": 8}]});
        let count =
            shop.post("/pos/api/inventory/physical-count/start", count).await.expect(201).int("count_id");
        let approve = json!({"count_id": count});
        shop.post("/pos/api/inventory/physical-count/approve", approve).await.expect(200);
        shop.assert_moved(&before, &[("501.08.01", "150"), ("501.08", "150"), ("115.01", "-300")]).await;
        // The rule for the event goes before one for all.
        shop.put(PATH, rule(&shop, "501.08", Some("501.08.02"), None).await).await.expect(200);
        let before = shop.balances().await;
        lose(&shop, item).await;
        shop.assert_moved(&before, &[("501.08.01", "150"), ("115.01", "-150")]).await;
    }

    async fn entries_by_hand_go_where_they_say(shop: Shop) {
        shop.create_account("704.23.01", "704").await;
        shop.put(PATH, rule(&shop, "704.23", Some("704.23.01"), None).await).await.expect(200);
        let before = shop.balances().await;
        shop.post_entry(&shop.today().await, &[("102.01", "5.00"), ("704.23", "-5.00")]).await;
        shop.assert_moved(&before, &[("102.01", "5"), ("704.23", "-5")]).await;
        let register = shop.open_register("0.00").await;
        let cut = json!({"register_id": register, "counted_amount": num("3.00")});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        assert_eq!(shop.balances().await.of("704.23.01"), dec("-3"));
    }

    async fn what_a_sub_ledger_is_held_against_stays(shop: Shop) {
        for (from, word) in [
            ("105.01", "account_id"), ("115.01", "account_id"), ("115.05", "account_id"), ("206.01", "account_id"),
            ("209.01", "account_id"),
        ] {
            let body = rule(&shop, from, Some("107.01"), None).await;
            refuses(&shop, Method::PUT, PATH, body, 400, word).await;
        }
        for to in ["105.01", "115.01", "206.01", "206.05", "209.01"] {
            let body = rule(&shop, "107.05", Some(to), None).await;
            refuses(&shop, Method::PUT, PATH, body, 400, "to_account_id").await;
        }
    }

    async fn what_stands_in_for_a_sub_ledgers_account_takes_no_entry_by_hand(shop: Shop) {
        shop.create_account("206.05.01", "206").await;
        let today = shop.today().await;
        let entry = shop.entry(&today, &[("102.01", "5.00"), ("206.05.01", "-5.00")]).await;
        shop.put(PATH, rule(&shop, "206.05", Some("206.05.01"), None).await).await.expect(200);
        let refused = refuses(&shop, Method::POST, ENTRIES, entry.clone(), 400, "account_id").await;
        assert!(refused.error().contains("206.05.01"), "{}", refused.error());
        shop.put(PATH, rule(&shop, "206.05", None, None).await).await.expect(200);
        shop.post(ENTRIES, entry).await.expect(201);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let good = rule(&shop, "107.05", Some("107.01"), Some("sale.completed")).await;
        refuses_fields(&shop, Method::PUT, PATH, &good, &["/account_id"], &[
            ("/account_id", json!("107.05")),
            ("/account_id", json!(999_999)),
            ("/account_id", json!(0)),
            ("/event_type", json!("sale")),
            ("/event_type", json!(7)),
            ("/to_account_id", json!("107.01")),
            ("/to_account_id", json!(999_999)),
            ("/to_account_id", json!(shop.account("107").await)),
        ]).await;
    }

    async fn an_account_of_another_tenant_is_none(shop: Shop) {
        let foreign = shop.neighbour().await.create_account("107.05.01", "107.05").await;
        let mut body = rule(&shop, "107.05", None, None).await;
        body["to_account_id"] = json!(foreign);
        refuses(&shop, Method::PUT, PATH, body, 400, "to_account_id").await;
    }

    async fn a_key_changes_once(shop: Shop) {
        let body = rule(&shop, "107.05", Some("107.01"), None).await;
        let other = rule(&shop, "107.05", None, None).await;
        idempotent(&shop, Method::PUT, PATH, body, other).await;
    }

    async fn is_guarded(shop: Shop) {
        let body = rule(&shop, "107.05", Some("107.01"), None).await;
        guarded(&shop, Method::PUT, PATH, Some(body)).await;
    }
}
