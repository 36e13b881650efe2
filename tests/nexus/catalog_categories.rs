use diario_tests::{assert_shape, both_engines, catalog, corolla, guarded, int, refused, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/categories";

both_engines! {
    async fn lists_where_a_vehicle_has_parts(shop: Shop) {
        catalog(&shop).await;
        let (mye, category, _) = corolla(&shop).await;
        let answer = shop.get(&format!("{PATH}?mye_id={mye}")).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"id": "int", "name": "string", "part_count": "int"}]}));
        let rows = answer["data"].as_array().unwrap();
        assert!(rows.iter().all(|row| int(&row["part_count"]) > 0));
        // A category holds what its groups hold.
        let count = rows.iter().find(|row| row["id"] == json!(category)).map(|row| int(&row["part_count"]));
        let groups = shop.get(&format!("/pos/api/catalog/groups?mye_id={mye}&category_id={category}")).await.expect(200);
        let sum: i64 = groups["data"].as_array().unwrap().iter().map(|row| int(&row["part_count"])).sum();
        assert_eq!(count, Some(sum));
    }

    async fn an_unknown_vehicle_has_none(shop: Shop) {
        assert_eq!(shop.get(&format!("{PATH}?mye_id=999999")).await.expect(200).body, json!({"data": []}));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["mye_id=", "mye_id=x", "mye_id=99999999999999999999"]).await;
        refused(&shop.get(PATH).await, 400, "mye_id");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?mye_id=1"), None).await;
    }
}
