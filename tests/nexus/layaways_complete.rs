use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, missing_ids, money, refused, refuses,
};
use reqwest::Method;
use serde_json::json;

fn path(layaway: i64) -> String {
    format!("/pos/api/layaways/{layaway}/complete")
}

/// Two pieces for 812.00 with so much paid: customer, item, layaway.
async fn prepared(shop: &Shop, paid: &str) -> (i64, i64, i64) {
    let customer = shop.create_customer("0.00").await;
    let item = shop.create_item("350.00", 10).await;
    (customer, item, shop.set_aside(customer, item, "2", "350.00", paid).await)
}

both_engines! {
    async fn becomes_a_sale(shop: Shop) {
        shop.open_register("100.00").await;
        let (customer, item, layaway) = prepared(&shop, "812.00").await;
        let before = shop.balances().await;
        let answer = shop.post(&path(layaway), json!({})).await.expect(200);
        assert_shape(&answer, &json!({
            "layaway_id": layaway, "sale_id": "int", "folio": "V-0001", "status": "completed"
        }));
        // The tax was collected with the payments.
        shop.assert_moved(&before, &[
            ("206.01", "700"), ("401.02", "-700"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        shop.assert_held(item, shop.branch_id, ["8", "0", "8", "0"]).await;
        let detail = shop.get(&format!("/pos/api/layaways/{layaway}")).await.expect(200);
        assert_eq!(detail["status"], "completed");
        assert_eq!(detail["sale_id"], answer["sale_id"]);
        let sales = shop.all("/pos/api/sales").await;
        assert_eq!(sales.len(), 1);
        assert_eq!(sales[0]["payment_method"], "apartado");
        assert_eq!(sales[0]["customer_id"], json!(customer));
        assert_eq!(money(&sales[0]["total"]), dec("812"));
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("sales_store_credit"), dec("812"), "deposits applied");
        assert_eq!(cut.money("total_sales"), dec("0"), "no tender changed hands");
        assert_eq!(cut.money("expected_cash"), dec("100"));
    }

    async fn needs_no_body_and_no_register(shop: Shop) {
        let (_, _, layaway) = prepared(&shop, "812.00").await;
        shop.request(Method::POST, &path(layaway), None).await.expect(200);
    }

    async fn the_cost_is_that_of_the_day_it_leaves(shop: Shop) {
        let (_, item, layaway) = prepared(&shop, "812.00").await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-1",
            "items": [{"inventory_id": item, "quantity": 10, "unit_cost": 250}]
        })).await.expect(201);
        let before = shop.balances().await;
        shop.post(&path(layaway), json!({})).await.expect(200);
        assert_eq!(shop.balances().await.of("501.01") - before.of("501.01"), dec("400"));
    }

    async fn refuses_while_something_is_owed(shop: Shop) {
        let (_, item, layaway) = prepared(&shop, "811.99").await;
        refuses(&shop, Method::POST, &path(layaway), json!({}), 400, "").await;
        shop.assert_held(item, shop.branch_id, ["10", "2", "8", "0"]).await;
    }

    async fn is_completed_once_and_never_after_a_cancellation(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop, "812.00").await;
        shop.post(&path(layaway), json!({})).await.expect(200);
        refuses(&shop, Method::POST, &path(layaway), json!({}), 400, "").await;
        let cancelled = shop.set_aside(customer, item, "1", "350.00", "406.00").await;
        let body = json!({"reason": "No vino"});
        shop.put(&format!("/pos/api/layaways/{cancelled}/cancel"), body).await.expect(200);
        refuses(&shop, Method::POST, &path(cancelled), json!({}), 400, "").await;
        shop.assert_held(item, shop.branch_id, ["8", "0", "8", "0"]).await;
    }

    async fn its_sale_may_be_brought_back_for_store_credit(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop, "812.00").await;
        let sale = shop.post(&path(layaway), json!({})).await.expect(200).int("sale_id");
        let before = shop.balances().await;
        let body = json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "No le quedó"
        });
        let answer = shop.post("/pos/api/inventory/return", body).await.expect(201);
        assert_eq!(answer.money("refund_total"), dec("406"));
        shop.assert_moved(&before, &[
            ("402.01", "350"), ("208.01", "56"), ("206.05", "-406"), ("115.01", "150"), ("501.01", "-150"),
        ]).await;
        assert_eq!(shop.store_credit(customer).await, dec("406"));
    }

    async fn its_sale_may_be_cancelled_for_store_credit(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop, "812.00").await;
        let sale = shop.post(&path(layaway), json!({})).await.expect(200).int("sale_id");
        let before = shop.balances().await;
        shop.put(&format!("/pos/api/sales/{sale}/cancel"), json!({"reason": "Error"})).await.expect(200);
        shop.assert_moved(&before, &[
            ("401.02", "700"), ("208.01", "112"), ("206.05", "-812"), ("115.01", "300"), ("501.01", "-300"),
        ]).await;
        assert_eq!(shop.store_credit(customer).await, dec("812"));
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
    }

    async fn a_warehouse_does_not_sell(shop: Shop) {
        let (_, _, layaway) = prepared(&shop, "812.00").await;
        let warehouse = shop.hire("warehouse").await;
        refused(&warehouse.post(&path(layaway), json!({})).await, 403, "pos.sell");
        shop.hire("cashier").await.post(&path(layaway), json!({})).await.expect(200);
    }

    async fn a_foreign_or_unknown_layaway_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let (_, item, foreign) = prepared(&other, "812.00").await;
        let path = |id: &str| format!("/pos/api/layaways/{id}/complete");
        missing_ids(&shop, Method::POST, path, foreign, Some(json!({}))).await;
        assert_eq!(other.stock(item).await, dec("10"));
    }

    async fn a_key_completes_once(shop: Shop) {
        let (_, item, layaway) = prepared(&shop, "812.00").await;
        idempotent(&shop, Method::POST, &path(layaway), json!({}), json!({"otro": 1})).await;
        assert_eq!(shop.stock(item).await, dec("8"));
        assert_eq!(shop.all("/pos/api/sales").await.len(), 1);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, &path(1), Some(json!({}))).await;
    }
}
