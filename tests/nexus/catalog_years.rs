use diario_tests::{assert_shape, both_engines, catalog, guarded, int, refused, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/years";

both_engines! {
    async fn lists_a_models_years_newest_first(shop: Shop) {
        catalog(&shop).await;
        let answer = shop.get(&format!("{PATH}?model_id=1")).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"id": "int", "year": "int"}]}));
        let years: Vec<_> = answer["data"].as_array().unwrap().iter().map(|row| int(&row["year"])).collect();
        assert!(years.is_sorted_by(|newer, older| newer > older), "each once, newest first: {years:?}");
    }

    async fn an_unknown_model_has_none(shop: Shop) {
        assert_eq!(shop.get(&format!("{PATH}?model_id=999999")).await.expect(200).body, json!({"data": []}));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["model_id=", "model_id=x", "model_id=99999999999999999999"]).await;
        refused(&shop.get(PATH).await, 400, "model_id");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?model_id=1"), None).await;
    }
}
