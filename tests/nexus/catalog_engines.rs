use diario_tests::{assert_shape, both_engines, catalog, guarded, int, refused, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/engines";

both_engines! {
    async fn lists_the_engines_of_a_model_and_year(shop: Shop) {
        catalog(&shop).await;
        let years = shop.get("/pos/api/catalog/years?model_id=1").await.expect(200);
        let mut vehicles = Vec::new();
        for year in years["data"].as_array().unwrap() {
            let answer = shop.get(&format!("{PATH}?model_id=1&year_id={}", year["id"])).await.expect(200);
            assert_shape(&answer, &json!({"data": [{"id": "int", "mye_id": "int", "name": "string"}]}));
            vehicles.extend(answer["data"].as_array().unwrap().iter().map(|row| int(&row["mye_id"])));
        }
        let count = vehicles.len();
        vehicles.sort_unstable();
        vehicles.dedup();
        assert_eq!(vehicles.len(), count, "a vehicle is one model, year and engine");
    }

    async fn what_was_not_made_has_none(shop: Shop) {
        let answer = shop.get(&format!("{PATH}?model_id=1&year_id=999999")).await.expect(200);
        assert_eq!(answer.body, json!({"data": []}));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["model_id=x&year_id=1", "year_id=x&model_id=1"]).await;
        refused(&shop.get(PATH).await, 400, "model_id");
        refused(&shop.get(&format!("{PATH}?model_id=1")).await, 400, "year_id");
        refused(&shop.get(&format!("{PATH}?year_id=1")).await, 400, "model_id");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?model_id=1&year_id=1"), None).await;
    }
}
