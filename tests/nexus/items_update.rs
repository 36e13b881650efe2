use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, missing_ids, num, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn changes_only_what_is_given(shop: Shop) {
        let item = shop.create_item_with(json!({"brand": "Toyota"})).await;
        let path = format!("/pos/api/inventory/items/{item}");
        let answer = shop.put(&path, json!({"price_1": num("399.99"), "location": "B-1"})).await.expect(200);
        assert_shape(&answer, &json!({"id": "int", "message": "Item updated"}));
        let after = shop.get(&path).await.expect(200);
        assert_eq!(after.money("price_1"), dec("399.99"));
        assert_eq!(after["location"], "B-1");
        assert_eq!(after["brand"], "Toyota");
        assert_eq!(after.money("cost"), dec("150"));
        assert_eq!(after.money("stock"), dec("10"));
    }

    async fn ignores_initial_stock(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let path = format!("/pos/api/inventory/items/{item}");
        shop.put(&path, json!({"name": "Otro nombre", "initial_stock": 99})).await.expect(200);
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn a_new_price_is_the_price_of_the_next_sale(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.put(&format!("/pos/api/inventory/items/{item}"), json!({"price_1": 100})).await.expect(200);
        let mut sale = shop.sale(register, item, "1", "100.00");
        sale["items"][0].as_object_mut().unwrap().remove("unit_price");
        sale["items"][0].as_object_mut().unwrap().remove("tax_rate");
        assert_eq!(shop.sell(sale).await.money("total"), dec("116.00"));
    }

    async fn an_inactive_item_is_not_sold(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let path = format!("/pos/api/inventory/items/{item}");
        shop.put(&path, json!({"is_active": false})).await.expect(200);
        let sale = shop.sale(register, item, "1", "350.00");
        refuses(&shop, Method::POST, "/pos/api/sales", sale.clone(), 400, "").await;
        shop.put(&path, json!({"is_active": true})).await.expect(200);
        shop.sell(sale).await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let path = format!("/pos/api/inventory/items/{item}");
        refuses_fields(&shop, Method::PUT, &path, &json!({"name": "Balatas"}), &[], &[
            ("/name", json!("")),
            ("/name", json!(5)),
            ("/name", long_text()),
            ("/part_number", json!("")),
            ("/price_1", json!(-1)),
            ("/price_1", json!("x")),
            ("/price_2", num("1e40")),
            ("/tax_rate", json!(16)),
            ("/min_stock", json!(-1)),
            ("/branch_id", json!(987_654)),
        ]).await;
    }

    async fn a_foreign_or_unknown_item_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        shop.create_item("1.00", 1).await;
        other.create_item("1.00", 1).await;
        let foreign = other.create_item("1.00", 1).await;
        let path = |id: &str| format!("/pos/api/inventory/items/{id}");
        missing_ids(&shop, Method::PUT, path, foreign, Some(json!({"name": "Mío"}))).await;
        let theirs = other.get(&format!("/pos/api/inventory/items/{foreign}")).await.expect(200);
        assert_eq!(theirs["name"], "Pastillas de freno");
    }

    async fn a_key_changes_it_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let path = format!("/pos/api/inventory/items/{item}");
        idempotent(&shop, Method::PUT, &path, json!({"price_1": 10}), json!({"price_1": 11})).await;
    }

    async fn is_guarded(shop: Shop) {
        let item = shop.create_item("1.00", 1).await;
        let path = format!("/pos/api/inventory/items/{item}");
        guarded(&shop, Method::PUT, &path, Some(json!({"name": "x"}))).await;
    }
}
