use diario_tests::{
    Shop, assert_shape, both_engines, guarded, idempotent, int, long_text, missing_ids, money, months_before,
    plus_days, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const ENTRIES: &str = "/pos/api/accounting/entries";

fn path(entry: i64) -> String {
    format!("{ENTRIES}/{entry}/reverse")
}

/// An entry by hand of a day.
async fn posted(shop: &Shop, day: &str) -> i64 {
    shop.post_entry(day, &[("601.84", "86.21"), ("118.01", "13.79"), ("102.01", "-100.00")]).await
}

both_engines! {
    async fn is_the_mirror_as_an_entry_of_its_own(shop: Shop) {
        let today = shop.today().await;
        let day = plus_days(&months_before(&today, 1), 3);
        let before = shop.balances().await;
        let entry = posted(&shop, &day).await;
        let original = shop.get(&format!("{ENTRIES}/{entry}")).await.expect(200).text();
        let answer = shop.post(&path(entry), json!({})).await.expect(201);
        assert_shape(&answer, &json!({
            "id": "int", "reference": "P-0002", "reverses": entry, "message": "Entry reversed"
        }));
        shop.assert_moved(&before, &[]).await;
        let mirror = shop.get(&format!("{ENTRIES}/{}", answer.int("id"))).await.expect(200);
        assert_eq!(mirror["date"], json!(today));
        let original_now = shop.get(&format!("{ENTRIES}/{entry}")).await.expect(200);
        assert_eq!(original_now.text(), original, "what was posted stays");
        for (line, turned) in
            original_now["lines"].as_array().unwrap().iter().zip(mirror["lines"].as_array().unwrap())
        {
            assert_eq!(line["account_id"], turned["account_id"]);
            assert_eq!(money(&line["debit"]), money(&turned["credit"]));
            assert_eq!(money(&line["credit"]), money(&turned["debit"]));
        }
    }

    async fn has_the_day_and_words_it_is_given(shop: Shop) {
        let today = shop.today().await;
        let day = plus_days(&months_before(&today, 1), 3);
        let entry = posted(&shop, &day).await;
        let given = json!({"date": plus_days(&day, 1), "description": "Duplicada"});
        let answer = shop.post(&path(entry), given).await.expect(201);
        let detail = shop.get(&format!("{ENTRIES}/{}", answer.int("id"))).await.expect(200);
        assert_shape(&detail, &json!({"date": plus_days(&day, 1), "description": "Duplicada", "type": "manual"}));
    }

    async fn only_once_and_no_reversal_of_a_reversal(shop: Shop) {
        let today = shop.today().await;
        let entry = posted(&shop, &today).await;
        let reversal = shop.post(&path(entry), json!({})).await.expect(201).int("id");
        for id in [entry, reversal] {
            refuses(&shop, Method::POST, &path(id), json!({}), 400, "").await;
        }
    }

    async fn what_an_event_posted_is_not_reversed(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        for row in shop.all(ENTRIES).await {
            refuses(&shop, Method::POST, &path(int(&row["id"])), json!({}), 404, "").await;
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let today = shop.today().await;
        let day = plus_days(&today, -3);
        let entry = posted(&shop, &day).await;
        let good = json!({"date": today, "description": "Duplicada"});
        refuses_fields(&shop, Method::POST, &path(entry), &good, &[], &[
            ("/date", json!("ayer")),
            ("/date", json!(5)),
            ("/date", json!(plus_days(&today, 1))),
            ("/date", json!(plus_days(&day, -1))),
            ("/description", json!(7)),
            ("/description", long_text()),
        ]).await;
    }

    async fn a_foreign_or_unknown_entry_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = posted(&other, &other.today().await).await;
        let path = |id: &str| format!("{ENTRIES}/{id}/reverse");
        missing_ids(&shop, Method::POST, path, foreign, Some(json!({}))).await;
    }

    async fn a_key_reverses_once(shop: Shop) {
        let entry = posted(&shop, &shop.today().await).await;
        let before = shop.all(ENTRIES).await.len();
        let other: Value = json!({"description": "Otra"});
        idempotent(&shop, Method::POST, &path(entry), json!({}), other).await;
        assert_eq!(shop.all(ENTRIES).await.len(), before + 1);
    }

    async fn is_guarded(shop: Shop) {
        let entry = posted(&shop, &shop.today().await).await;
        guarded(&shop, Method::POST, &path(entry), Some(json!({}))).await;
    }
}
