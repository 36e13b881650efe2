use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money, refuses_query};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn shows_each_movement_newest_first(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        let body = json!({"inventory_id": item, "quantity": -1, "reason": "Merma"});
        shop.post("/pos/api/inventory/adjustment", body).await.expect(201);
        shop.put(&format!("/pos/api/sales/{sale}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let path = format!("/pos/api/inventory/items/{item}/history");
        let answer = shop.get(&path).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "date": "time", "type": "string", "quantity": "number", "balance": "number",
            "branch_id": "int", "reference": "?string", "employee_id": "?int", "notes": "?string"
        }]}));
        let rows = answer["data"].as_array().unwrap();
        let moved: Vec<_> =
            rows.iter().map(|row| (money(&row["quantity"]), money(&row["balance"]))).collect();
        let expected = [("2", "9"), ("-1", "7"), ("-2", "8"), ("10", "10")]
            .map(|(quantity, balance)| (dec(quantity), dec(balance)));
        assert_eq!(moved, expected);
        assert_eq!(rows[2]["reference"], "V-0001");
        let answer = shop.get(&format!("{path}?limit=2")).await.expect(200);
        assert_eq!(answer["data"].as_array().unwrap().len(), 2);
    }

    async fn refuses_a_bad_limit(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let path = format!("/pos/api/inventory/items/{item}/history");
        refuses_query(&shop, &path, &["limit=0", "limit=-1", "limit=x"]).await;
    }

    async fn a_foreign_or_unknown_item_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        shop.create_item("1.00", 1).await;
        other.create_item("1.00", 1).await;
        let foreign = other.create_item("1.00", 1).await;
        let path = |id: &str| format!("/pos/api/inventory/items/{id}/history");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        let item = shop.create_item("1.00", 1).await;
        guarded(&shop, Method::GET, &format!("/pos/api/inventory/items/{item}/history"), None).await;
    }
}
