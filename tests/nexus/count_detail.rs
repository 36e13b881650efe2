use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money};
use reqwest::Method;
use serde_json::json;

fn path(count: i64) -> String {
    format!("/pos/api/inventory/physical-count/{count}")
}

both_engines! {
    async fn shows_what_was_expected_and_counted(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item_with(json!({"part_number": "CT-1", "name": "Balatas"})).await;
        let count = shop.post("/pos/api/inventory/physical-count/start", json!({
            "branch_id": shop.branch_id, "items": [{"inventory_id": item, "counted_quantity": 8}]
        })).await.expect(201).int("count_id");
        shop.sell_cash(register, item, "1", "350.00").await;
        let open = shop.get(&path(count)).await.expect(200);
        assert_shape(&open, &json!({
            "count_id": count, "branch_id": shop.branch_id, "status": "open", "started_at": "time",
            "approved_at": null,
            "items": [{
                "inventory_id": item, "part_number": "CT-1", "name": "Balatas", "expected": "number",
                "counted": "number", "difference": "number"
            }]
        }));
        let figures = ["expected", "counted", "difference"].map(|field| money(&open["items"][0][field]));
        assert_eq!(figures, [dec("10"), dec("8"), dec("-2")]);
        let body = json!({"count_id": count});
        shop.post("/pos/api/inventory/physical-count/approve", body).await.expect(200);
        let approved = shop.get(&path(count)).await.expect(200);
        assert_shape(&approved, &json!({"status": "approved", "approved_at": "time"}));
        assert_eq!(approved["items"], open["items"]);
    }

    async fn a_foreign_or_unknown_count_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("350.00", 10).await;
        let foreign = other.post("/pos/api/inventory/physical-count/start", json!({
            "items": [{"inventory_id": item, "counted_quantity": 8}]
        })).await.expect(201).int("count_id");
        let path = |id: &str| format!("/pos/api/inventory/physical-count/{id}");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &path(1), None).await;
    }
}
