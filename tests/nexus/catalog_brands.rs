use diario_tests::{assert_shape, both_engines, catalog, guarded, int, named};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/brands";

both_engines! {
    async fn lists_makers_with_their_parts(shop: Shop) {
        catalog(&shop).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"id": "int", "name": "string", "part_count": "int"}]}));
        assert!(int(&named(&answer, "TOYOTA")["part_count"]) > 0);
        let names: Vec<_> = answer["data"].as_array().unwrap().iter().map(|row| row["name"].to_string()).collect();
        assert!(names.is_sorted(), "{names:?}");
    }

    async fn every_tenant_reads_the_same(shop: Shop) {
        catalog(&shop).await;
        let other = shop.neighbour().await;
        assert_eq!(shop.get(PATH).await.expect(200).body, other.get(PATH).await.expect(200).body);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
