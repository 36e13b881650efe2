use diario_tests::{assert_shape, both_engines, catalog, corolla, guarded, int, refused, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/groups";

both_engines! {
    async fn lists_the_groups_of_a_category(shop: Shop) {
        catalog(&shop).await;
        let (mye, category, group) = corolla(&shop).await;
        let answer = shop.get(&format!("{PATH}?mye_id={mye}&category_id={category}")).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"id": "int", "name": "string", "part_count": "int"}]}));
        for row in answer["data"].as_array().unwrap() {
            let parts = format!("/pos/api/catalog/parts?mye_id={mye}&group_id={}", row["id"]);
            let parts = shop.get(&parts).await.expect(200);
            assert_eq!(parts["pagination"]["total"], row["part_count"], "{row}");
        }
        assert!(answer["data"].as_array().unwrap().iter().any(|row| int(&row["id"]) == group));
    }

    async fn an_unknown_vehicle_or_category_has_none(shop: Shop) {
        for query in ["mye_id=999999&category_id=1", "mye_id=1&category_id=999999"] {
            assert_eq!(shop.get(&format!("{PATH}?{query}")).await.expect(200).body, json!({"data": []}));
        }
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["mye_id=x&category_id=1", "category_id=x&mye_id=1"]).await;
        refused(&shop.get(&format!("{PATH}?mye_id=1")).await, 400, "category_id");
        refused(&shop.get(&format!("{PATH}?category_id=1")).await, 400, "mye_id");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?mye_id=1&category_id=1"), None).await;
    }
}
