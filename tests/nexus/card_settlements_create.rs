use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/card-settlements";

fn sample() -> Value {
    json!({"amount": num("812.00"), "commission": num("20.30"), "tax": num("3.25"), "reference": "LIQ-0401"})
}

/// A card sale of 812.00, which its bank has not paid out.
async fn by_card(shop: &Shop) {
    let item = shop.create_item("350.00", 10).await;
    let mut body = shop.sale(0, item, "2", "350.00");
    body["payment_method"] = json!("tarjeta");
    body.as_object_mut().unwrap().remove("register_id");
    shop.sell(body).await;
}

both_engines! {
    async fn brings_the_money_less_the_commission(shop: Shop) {
        by_card(&shop).await;
        let before = shop.balances().await;
        assert_eq!(before.of("107.05"), dec("812"));
        let answer = shop.post(PATH, sample()).await.expect(201);
        assert_shape(&answer, &json!({
            "settlement_id": "int", "received": "number", "message": "Settlement recorded"
        }));
        assert_eq!(answer.money("received"), dec("788.45"));
        shop.assert_moved(&before, &[
            ("102.01", "788.45"), ("601.75", "20.30"), ("118.01", "3.25"), ("107.05", "-812"),
        ]).await;
        assert_eq!(shop.balances().await.of("107.05"), dec("0"));
    }

    async fn without_tax_or_commission(shop: Shop) {
        by_card(&shop).await;
        let before = shop.balances().await;
        shop.post(PATH, json!({"amount": 100, "commission": num("2.50")})).await.expect(201);
        shop.post(PATH, json!({"amount": 50, "commission": 0})).await.expect(201);
        shop.assert_moved(&before, &[("102.01", "147.50"), ("601.75", "2.50"), ("107.05", "-150")]).await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        by_card(&shop).await;
        refuses_fields(&shop, Method::POST, PATH, &sample(), &["/amount", "/commission"], &[
            ("/amount", json!(0)),
            ("/amount", json!(-1)),
            ("/amount", json!("x")),
            ("/amount", num("0.001")),
            ("/amount", num("1e30")),
            ("/commission", json!(-1)),
            ("/commission", num("808.76")),
            ("/commission", json!("x")),
            ("/commission", num("0.001")),
            ("/tax", json!("x")),
            ("/tax", num("0.001")),
            ("/reference", json!(5)),
            ("/reference", long_text()),
        ]).await;
    }

    async fn a_key_settles_once(shop: Shop) {
        by_card(&shop).await;
        let mut other = sample();
        other["commission"] = json!(0);
        idempotent(&shop, Method::POST, PATH, sample(), other).await;
        assert_eq!(shop.balances().await.of("107.05"), dec("0"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample())).await;
    }
}
