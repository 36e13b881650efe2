use diario_tests::{assert_shape, both_engines, catalog, guarded, int, named, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/models";

both_engines! {
    async fn lists_a_makers_models(shop: Shop) {
        catalog(&shop).await;
        let brands = shop.get("/pos/api/catalog/brands").await.expect(200);
        let brand = int(&named(&brands, "TOYOTA")["id"]);
        let answer = shop.get(&format!("{PATH}?brand_id={brand}")).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"id": "int", "name": "string", "brand_id": "int"}]}));
        named(&answer, "Corolla");
        assert!(answer["data"].as_array().unwrap().iter().all(|row| row["brand_id"] == json!(brand)));
    }

    async fn an_unknown_maker_has_none(shop: Shop) {
        for brand in ["999999", "0", "-1"] {
            let answer = shop.get(&format!("{PATH}?brand_id={brand}")).await.expect(200);
            assert_eq!(answer.body, json!({"data": []}));
        }
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["brand_id=", "brand_id=x", "brand_id=1.5", "brand_id=99999999999999999999"]).await;
        diario_tests::refused(&shop.get(PATH).await, 400, "brand_id");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?brand_id=1"), None).await;
    }
}
