use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/adjustment";

fn sample(item: i64) -> Value {
    json!({"inventory_id": item, "quantity": -2, "reason": "Merma por dano en almacen"})
}

both_engines! {
    async fn a_shrinkage_lowers_stock_and_is_a_loss(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(item)).await.expect(201);
        assert_shape(&answer, &json!({
            "adjustment_id": "int", "inventory_id": item, "quantity": "number", "stock": "number",
            "message": "string"
        }));
        assert_eq!(answer.money("quantity"), dec("-2"));
        assert_eq!(answer.money("stock"), dec("8"));
        shop.assert_moved(&before, &[("501.08", "300"), ("115.01", "-300")]).await;
        assert_eq!(shop.stock(item).await, dec("8"));
    }

    async fn a_surplus_is_the_reverse(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let body = json!({"inventory_id": item, "quantity": num("1.5"), "reason": "Sobrante"});
        let answer = shop.post(PATH, body).await.expect(201);
        assert_eq!(answer.money("stock"), dec("11.5"));
        shop.assert_moved(&before, &[("115.01", "225"), ("501.08", "-225")]).await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let required = ["/inventory_id", "/quantity", "/reason"];
        refuses_fields(&shop, Method::POST, PATH, &sample(item), &required, &[
            ("/inventory_id", json!("uno")),
            ("/inventory_id", json!(null)),
            ("/quantity", json!(0)),
            ("/quantity", json!("dos")),
            ("/quantity", num("-1e25")),
            ("/quantity", num("0.00000001")),
            ("/reason", json!("")),
            ("/reason", json!("   ")),
            ("/reason", json!(4)),
            ("/reason", long_text()),
        ]).await;
    }

    async fn refuses_to_take_more_than_there_is(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let body = json!({"inventory_id": item, "quantity": -11, "reason": "Merma"});
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn refuses_an_unknown_or_foreign_item(shop: Shop) {
        let other = shop.neighbour().await;
        other.create_item("1.00", 10).await;
        let foreign = other.create_item("1.00", 10).await;
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(id), [400, 404], "").await;
        }
        assert_eq!(other.stock(foreign).await, dec("10"));
    }

    async fn a_key_adjusts_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let mut other = sample(item);
        other["quantity"] = json!(-3);
        idempotent(&shop, Method::POST, PATH, sample(item), other).await;
        assert_eq!(shop.stock(item).await, dec("8"));
    }

    async fn is_guarded(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        guarded(&shop, Method::POST, PATH, Some(sample(item))).await;
    }
}
