use diario_tests::{
    assert_shape, both_engines, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/categories";

both_engines! {
    async fn creates_a_category_and_one_below_it(shop: Shop) {
        let answer = shop.post(PATH, json!({"name": "Frenos"})).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Category created"}));
        let below = json!({"name": "日本語", "parent_id": answer.int("id")});
        let below = shop.post(PATH, below).await.expect(201).int("id");
        assert_ne!(below, answer.int("id"));
        let item = shop.create_item_with(json!({"category_id": below})).await;
        let listed = shop.get(&format!("/pos/api/inventory/items?category_id={below}")).await.expect(200);
        assert_eq!(listed["data"][0]["id"], json!(item));
    }

    async fn refuses_an_unknown_or_foreign_parent(shop: Shop) {
        let other = shop.neighbour().await;
        let mut foreign = 0;
        for name in ["Uno", "Dos", "Tres"] {
            foreign = other.post(PATH, json!({"name": name})).await.expect(201).int("id");
        }
        for id in [foreign, 999_999] {
            let body = json!({"name": "Frenos", "parent_id": id});
            refuses(&shop, Method::POST, PATH, body, 400, "parent_id").await;
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let parent = shop.post(PATH, json!({"name": "Frenos"})).await.expect(201).int("id");
        let good = json!({"name": "Balatas", "parent_id": parent});
        refuses_fields(&shop, Method::POST, PATH, &good, &["/name"], &[
            ("/name", json!("")),
            ("/name", json!("  ")),
            ("/name", json!(7)),
            ("/name", json!(null)),
            ("/name", long_text()),
            ("/parent_id", json!("uno")),
            ("/parent_id", json!(-1)),
            ("/parent_id", num("1.5")),
            ("/parent_id", num("99999999999999999999999")),
        ]).await;
    }

    async fn a_key_creates_once(shop: Shop) {
        idempotent(&shop, Method::POST, PATH, json!({"name": "Frenos"}), json!({"name": "Motor"})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"].as_array().unwrap().len(), 1);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(json!({"name": "Frenos"}))).await;
    }
}
