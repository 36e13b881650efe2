use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn answers_the_item_with_stock_and_history(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "3", "350.00").await;
        let answer = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        assert_shape(&answer, &json!({
            "id": "int", "part_number": "string", "barcode": "string", "name": "string",
            "branch_id": "int", "branch_name": "string", "cost": "number", "price_1": "number",
            "tax_rate": "number", "stock": "number", "stock_total": "number",
            "stock_by_branch": [{
                "branch_id": "int", "branch_name": "string", "stock": "number", "reserved": "number",
                "available": "number", "in_transit": "number"
            }],
            "history": [{"date": "time", "type": "string", "quantity": "number", "balance": "number"}]
        }));
        assert_eq!(answer.money("stock"), dec("7"));
        assert_eq!(money(&answer["stock_by_branch"][0]["available"]), dec("7"));
        assert_eq!(money(&answer["history"][0]["quantity"]), dec("-3"));
        assert_eq!(money(&answer["history"][0]["balance"]), dec("7"));
    }

    async fn a_foreign_or_unknown_item_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        shop.create_item("1.00", 1).await;
        other.create_item("1.00", 1).await;
        let foreign = other.create_item("1.00", 1).await;
        let path = |id: &str| format!("/pos/api/inventory/items/{id}");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        let item = shop.create_item("1.00", 1).await;
        guarded(&shop, Method::GET, &format!("/pos/api/inventory/items/{item}"), None).await;
    }
}
