use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, int, long_text, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/accounts";

fn sample(parent: i64) -> Value {
    json!({
        "code": "101.01.01", "sat_code": "101.01", "name": "Caja chica", "type": "debit", "parent_id": parent,
        "description": "Efectivo en caja"
    })
}

async fn row(shop: &Shop, id: i64) -> Value {
    let answer = shop.get(PATH).await.expect(200);
    answer["data"].as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap().clone()
}

both_engines! {
    async fn joins_the_chart(shop: Shop) {
        let cash = shop.account("101.01").await;
        let answer = shop.post(PATH, sample(cash)).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Account created"}));
        assert_eq!(row(&shop, answer.int("id")).await, json!({
            "id": answer.int("id"), "code": "101.01.01", "sat_code": "101.01", "name": "Caja chica",
            "type": "debit", "parent_id": cash, "level": 4, "is_active": true
        }));
        let below = json!({"code": "101.01.01.A", "name": "Cajón A", "parent_id": answer.int("id")});
        let below = shop.post(PATH, below).await.expect(201).int("id");
        assert_ne!(below, answer.int("id"));
        assert_eq!(row(&shop, below).await["level"], 5);
    }

    async fn kind_and_sat_code_are_the_parents(shop: Shop) {
        for (parent, kind) in [("201", "credit"), ("601.84", "debit"), ("206.05", "credit")] {
            let code = format!("{parent}-P");
            let own = row(&shop, shop.create_account(&code, parent).await).await;
            assert_eq!((&own["type"], &own["sat_code"]), (&json!(kind), &json!(parent)));
            let level = if parent.contains('.') { 4 } else { 3 };
            assert_eq!(own["level"], json!(level));
        }
        let mut other = sample(shop.account("105").await);
        other["type"] = json!("credit");
        other["sat_code"] = json!("206.01");
        let own = row(&shop, shop.post(PATH, other).await.expect(201).int("id")).await;
        assert_eq!((&own["type"], &own["sat_code"]), (&json!("credit"), &json!("206.01")));
    }

    async fn takes_entries_and_the_account_above_takes_none(shop: Shop) {
        shop.create_account("601.84.01", "601.84").await;
        let today = shop.today().await;
        let before = shop.balances().await;
        shop.post_entry(&today, &[("601.84.01", "150.50"), ("102.01", "-150.50")]).await;
        shop.assert_moved(&before, &[("601.84.01", "150.50"), ("102.01", "-150.50")]).await;
        let above = shop.entry(&today, &[("601.84", "1.00"), ("102.01", "-1.00")]).await;
        refuses(&shop, Method::POST, "/pos/api/accounting/entries", above, 400, "account_id").await;
    }

    async fn a_code_of_any_form_is_an_account_of_its_kind(shop: Shop) {
        shop.create_account("RENTA", "601.84").await;
        let today = shop.today().await;
        shop.post_entry(&today, &[("RENTA", "1000.00"), ("102.01", "-1000.00")]).await;
        let earned = shop.get("/pos/api/accounting/income-statement").await.expect(200);
        assert_eq!(earned["expenses"][0]["code"], "RENTA", "{:#}", *earned);
        assert_eq!(earned.money("net_income"), dec("-1000"));
        let sheet = shop.get("/pos/api/accounting/balance-sheet").await.expect(200);
        assert_eq!(sheet.money("total_assets"), dec("-1000"));
        assert_eq!(sheet.money("total_liabilities_equity"), dec("-1000"));
    }

    async fn refuses_a_code_that_is_taken(shop: Shop) {
        let cash = shop.account("101.01").await;
        shop.post(PATH, sample(cash)).await.expect(201);
        refuses(&shop, Method::POST, PATH, sample(cash), 400, "code").await;
        let mut seeded = sample(cash);
        seeded["code"] = json!("102.01");
        refuses(&shop, Method::POST, PATH, seeded, 400, "code").await;
        // Another tenant's codes are its own.
        shop.neighbour().await.post(PATH, sample(cash)).await.expect(201);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let good = sample(shop.account("101.01").await);
        refuses_fields(&shop, Method::POST, PATH, &good, &["/code", "/name", "/parent_id"], &[
            ("/code", json!("")),
            ("/code", json!(101)),
            ("/code", json!("dos palabras")),
            ("/code", json!("a|b")),
            ("/code", json!("x".repeat(31))),
            ("/sat_code", json!("999.99")),
            ("/sat_code", json!("101.1")),
            ("/sat_code", json!(7)),
            ("/name", json!(" ")),
            ("/name", long_text()),
            ("/type", json!("deudora")),
            ("/type", json!(1)),
            ("/parent_id", json!(999_999)),
            ("/parent_id", json!("uno")),
            ("/parent_id", json!(0)),
            ("/description", json!(5)),
            ("/description", long_text()),
        ]).await;
    }

    async fn an_account_of_another_tenant_is_no_parent(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = other.create_account("107.05.01", "107.05").await;
        refuses(&shop, Method::POST, PATH, sample(foreign), 400, "parent_id").await;
    }

    async fn a_key_creates_once(shop: Shop) {
        let cash = shop.account("101.01").await;
        let mut other = sample(cash);
        other["code"] = json!("101.01.02");
        let count = async || shop.get(PATH).await.expect(200)["data"].as_array().unwrap().len();
        let before = count().await;
        let first = idempotent(&shop, Method::POST, PATH, sample(cash), other).await;
        assert!(int(&first["id"]) > 0);
        assert_eq!(count().await, before + 1);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(4))).await;
    }
}
