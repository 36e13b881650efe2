use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, missing_ids, num, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::json;

fn path(sale: i64) -> String {
    format!("/pos/api/sales/{sale}/cancel")
}

both_engines! {
    async fn mirrors_a_cash_sale(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        let reason = json!({"reason": "Cliente cambio de opinion"});
        let answer = shop.put(&path(sale), reason).await.expect(200);
        assert_shape(&answer, &json!({"message": "string"}));
        shop.assert_moved(&before, &[]).await;
        assert_eq!(shop.stock(item).await, dec("10"));
        let detail = shop.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
        assert_eq!(detail["status"], "cancelled");
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("100"), "{:#}", *cut);
    }

    async fn mirrors_every_tender(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 100).await;
        let customer = shop.create_customer("50000.00").await;
        let mut card = shop.sale(register, item, "2", "350.00");
        card["payment_method"] = json!("tarjeta");
        let mut several = shop.sale(register, item, "2", "350.00");
        several["payment_method"] = json!("mixto");
        several["payment_details"] = json!([
            {"method": "efectivo", "amount": 500}, {"method": "transferencia", "amount": 312}
        ]);
        let mut mixed = shop.sale(register, item, "2", "350.00");
        mixed["sale_type"] = json!("mixed");
        mixed["customer_id"] = json!(customer);
        mixed["amount_paid"] = num("333.33");
        let credit = shop.credit_sale(customer, item, "2", "350.00");
        let before = shop.balances().await;
        for body in [card, several, mixed, credit] {
            let sale = shop.sell(body).await.int("sale_id");
            shop.put(&path(sale), json!({"reason": "Error"})).await.expect(200);
            shop.assert_moved(&before, &[]).await;
        }
        let detail = shop.get(&format!("/pos/api/customers/{customer}")).await.expect(200);
        assert_eq!(detail.money("balance"), dec("0"));
    }

    async fn gives_back_the_original_cost(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-2",
            "items": [{"inventory_id": item, "quantity": 8, "unit_cost": num("250.00")}]
        })).await.expect(201);
        let before = shop.balances().await;
        shop.put(&path(sale), json!({"reason": "Error"})).await.expect(200);
        let after = shop.balances().await;
        assert_eq!(after.of("501.01") - before.of("501.01"), dec("-300"));
        assert_eq!(after.of("115.01") - before.of("115.01"), dec("300"));
    }

    async fn nothing_is_deleted(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        let before = shop.all("/pos/api/accounting/entries").await.len();
        shop.put(&path(sale), json!({"reason": "Error"})).await.expect(200);
        assert!(shop.all("/pos/api/accounting/entries").await.len() > before);
    }

    async fn a_sale_is_cancelled_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        shop.put(&path(sale), json!({"reason": "Error"})).await.expect(200);
        refuses(&shop, Method::PUT, &path(sale), json!({"reason": "Otra vez"}), 400, "").await;
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn a_returned_sale_is_not_cancelled(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Mala"
        })).await.expect(201);
        refuses(&shop, Method::PUT, &path(sale), json!({"reason": "Error"}), 400, "").await;
    }

    async fn what_was_given_away_and_came_back_does_not_come_back_twice(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "3", "0.00").await;
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 2}], "reason": "Mala"
        })).await.expect(201);
        refuses(&shop, Method::PUT, &path(sale), json!({"reason": "Error"}), 400, "devoluciones").await;
        assert_eq!(shop.stock(item).await, dec("9"));
        shop.assert_books_tie().await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        refuses_fields(&shop, Method::PUT, &path(sale), &json!({"reason": "Error"}), &["/reason"], &[
            ("/reason", json!("")), ("/reason", json!(5)), ("/reason", json!(null)), ("/reason", long_text()),
        ]).await;
    }

    async fn a_foreign_or_unknown_sale_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let register = other.open_register("0.00").await;
        let item = other.create_item("350.00", 10).await;
        let foreign = other.sell_cash(register, item, "1", "350.00").await;
        let path = |id: &str| format!("/pos/api/sales/{id}/cancel");
        missing_ids(&shop, Method::PUT, path, foreign, Some(json!({"reason": "Error"}))).await;
        let theirs = other.get(&format!("/pos/api/sales/{foreign}")).await.expect(200);
        assert_eq!(theirs["status"], "completed");
    }

    async fn a_key_cancels_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        idempotent(&shop, Method::PUT, &path(sale), json!({"reason": "Error"}), json!({"reason": "Otra"})).await;
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::PUT, &path(1), Some(json!({"reason": "Error"}))).await;
    }
}
