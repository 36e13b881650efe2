use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money};
use reqwest::Method;
use serde_json::json;

fn path(transfer: i64) -> String {
    format!("/pos/api/inventory/transfers/{transfer}")
}

both_engines! {
    async fn shows_what_was_sent_and_what_came(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item_with(json!({"part_number": "TR-1", "name": "Balatas"})).await;
        let transfer = shop.transfer(shop.branch_id, north, item, "5", "in_transit").await;
        let answer = shop.get(&path(transfer)).await.expect(200);
        assert_shape(&answer, &json!({
            "transfer_id": transfer, "date": "date", "created_at": "time", "from_branch_id": shop.branch_id,
            "to_branch_id": north, "status": "in_transit", "items_count": 1, "notes": "?string",
            "employee_id": "int",
            "items": [{
                "inventory_id": item, "part_number": "TR-1", "name": "Balatas", "quantity": "number",
                "received": "?number", "shortage": "?number"
            }]
        }));
        assert_eq!(money(&answer["items"][0]["quantity"]), dec("5"));
        let body = json!({"items": [{"inventory_id": item, "quantity": 3}], "reason": "Se perdió en el camino"});
        shop.post(&format!("{}/receive", path(transfer)), body).await.expect(200);
        let answer = shop.get(&path(transfer)).await.expect(200);
        assert_eq!(answer["status"], "received");
        let line = &answer["items"][0];
        assert_eq!(money(&line["quantity"]), dec("5"));
        assert_eq!(money(&line["received"]), dec("3"));
        assert_eq!(money(&line["shortage"]), dec("2"));
    }

    async fn an_immediate_one_arrived_whole(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        let transfer = shop.transfer(shop.branch_id, north, item, "5", "immediate").await;
        let answer = shop.get(&path(transfer)).await.expect(200);
        assert_eq!(answer["status"], "completed");
        assert_eq!(money(&answer["items"][0]["received"]), dec("5"));
        assert_eq!(money(&answer["items"][0]["shortage"]), dec("0"));
    }

    async fn a_foreign_or_unknown_transfer_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let north = other.open_branch("Norte").await;
        let item = other.create_item("350.00", 10).await;
        let foreign = other.transfer(other.branch_id, north, item, "1", "in_transit").await;
        let path = |id: &str| format!("/pos/api/inventory/transfers/{id}");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &path(1), None).await;
    }
}
