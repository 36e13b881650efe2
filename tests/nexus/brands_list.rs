use diario_tests::{assert_shape, both_engines, guarded};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/brands";

both_engines! {
    async fn lists_the_brands_of_the_items(shop: Shop) {
        for brand in [json!("Toyota"), json!("Bosch"), json!("Toyota"), json!(null)] {
            shop.create_item_with(json!({"brand": brand})).await;
        }
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"name": "string", "item_count": "int"}]}));
        let rows: Vec<(&str, i64)> = answer["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["name"].as_str().unwrap(), row["item_count"].as_i64().unwrap()))
            .collect();
        assert_eq!(rows, [("Bosch", 1), ("Toyota", 2)]);
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        shop.neighbour().await.create_item_with(json!({"brand": "Ajena"})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
