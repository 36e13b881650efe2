use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn answers_items_payments_and_customer(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["customer_id"] = json!(customer);
        body["payment_method"] = json!("mixto");
        body["payment_details"] = json!([
            {"method": "efectivo", "amount": 500}, {"method": "tarjeta", "amount": 312, "reference": "AUTH-1"}
        ]);
        body["notes"] = json!("Entregar en mostrador");
        let sale = shop.sell(body).await.int("sale_id");
        let answer = shop.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
        assert_shape(&answer, &json!({
            "folio": "V-0001", "total": "number", "subtotal": "number", "status": "completed",
            "created_at": "time", "payment_method": "mixto", "sale_type": "cash",
            "notes": "Entregar en mostrador",
            "items": [{
                "inventory_id": item, "quantity": "number", "unit_price": "number", "discount_pct": "number",
                "tax_rate": "number"
            }],
            "payments": [{"method": "string", "amount": "number"}],
            "customer": {"id": customer, "name": "Taller Perez"}
        }));
        assert_eq!(answer.money("subtotal"), dec("700"));
        assert_eq!(answer.money("total"), dec("812"));
        assert_eq!(money(&answer["items"][0]["unit_price"]), dec("350"));
        let payments = answer["payments"].as_array().unwrap();
        assert_eq!(payments.len(), 2);
        assert_eq!(payments[1]["method"], "tarjeta");
        assert_eq!(money(&payments[1]["amount"]), dec("312"));
        assert_eq!(payments[1]["reference"], "AUTH-1");
    }

    async fn a_foreign_or_unknown_sale_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let register = other.open_register("0.00").await;
        let item = other.create_item("350.00", 10).await;
        let foreign = other.sell_cash(register, item, "1", "350.00").await;
        let path = |id: &str| format!("/pos/api/sales/{id}");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, "/pos/api/sales/1", None).await;
    }
}
