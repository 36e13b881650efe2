use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/reports/low-stock";

both_engines! {
    async fn lists_what_is_at_or_below_its_minimum(shop: Shop) {
        let limits = |stock: i64, least: i64| json!({"min_stock": least, "initial_stock": stock});
        let low = shop.create_item_with(limits(2, 5)).await;
        let at_it = shop.create_item_with(limits(5, 5)).await;
        shop.create_item_with(limits(6, 5)).await;
        shop.create_item_with(limits(0, 0)).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "inventory_id": "int", "part_number": "string", "name": "string", "branch_id": "?int",
            "stock": "number", "min_stock": "number", "missing": "number"
        }]}));
        let mut rows: Vec<_> = answer["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (int(&row["inventory_id"]), money(&row["stock"]), money(&row["missing"])))
            .collect();
        rows.sort_unstable();
        assert_eq!(rows, [(low, dec("2"), dec("3")), (at_it, dec("5"), dec("0"))]);
    }

    async fn looks_at_one_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item_with(json!({"min_stock": 5, "initial_stock": 10})).await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]), "6 and 4 are 10");
        let answer = shop.get(&format!("{PATH}?branch_id={north}")).await.expect(200);
        assert_shape(&answer, &json!({"data": [{"inventory_id": item, "branch_id": north}]}));
        assert_eq!(money(&answer["data"][0]["missing"]), dec("1"));
        let answer = shop.get(&format!("{PATH}?branch_id={}", shop.branch_id)).await.expect(200);
        assert_eq!(answer["data"], json!([]));
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        shop.neighbour().await.create_item_with(json!({"min_stock": 50})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["branch_id=centro"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
