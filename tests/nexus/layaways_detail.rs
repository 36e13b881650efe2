use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/layaways";

both_engines! {
    async fn shows_the_lines_and_the_payments(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item_with(json!({"part_number": "LD-1", "name": "Marcha"})).await;
        let customer = shop.create_customer("0.00").await;
        let layaway = shop.set_aside(customer, item, "2", "350.00", "300.00").await;
        let cash = json!({"amount": 100, "payment_method": "efectivo", "register_id": register});
        shop.post(&format!("{PATH}/{layaway}/payment"), cash).await.expect(201);
        let transfer = json!({"amount": 50, "payment_method": "transferencia", "reference": "SPEI-1"});
        shop.post(&format!("{PATH}/{layaway}/payment"), transfer).await.expect(201);
        let answer = shop.get(&format!("{PATH}/{layaway}")).await.expect(200);
        assert_shape(&answer, &json!({
            "id": layaway, "layaway_id": layaway, "folio": "A-0001", "created_at": "time", "date": "date",
            "due_date": "date", "status": "active", "customer_id": customer, "customer_name": "Taller Perez",
            "employee_id": "int", "branch_id": "int", "items_count": 1, "subtotal": "number",
            "tax": "number", "total": "number", "paid": "number", "balance": "number",
            "notes": "Apartado motor de arranque", "sale_id": null,
            "items": [{
                "inventory_id": item, "part_number": "LD-1", "name": "Marcha", "quantity": "number",
                "unit_price": "number", "discount_pct": "number", "tax_rate": "number",
                "subtotal": "number", "tax": "number", "total": "number"
            }],
            "payments": [{
                "payment_id": "int", "date": "date", "created_at": "time", "amount": "number",
                "method": "string", "reference": "?string", "register_id": "?int"
            }]
        }));
        let figures = ["subtotal", "tax", "total", "paid", "balance"].map(|field| answer.money(field));
        assert_eq!(figures, ["700", "112", "812", "450", "362"].map(dec));
        assert_eq!(money(&answer["items"][0]["total"]), dec("812"));
        let mut payments: Vec<_> = answer["payments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["method"].as_str().unwrap(), money(&row["amount"]), row["register_id"].clone()))
            .collect();
        payments.sort_by_key(|(method, _, _)| *method);
        assert_eq!(payments, [
            ("efectivo", dec("100"), json!(register)),
            ("tarjeta", dec("300"), json!(null)),
            ("transferencia", dec("50"), json!(null)),
        ]);
    }

    async fn a_foreign_or_unknown_layaway_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("100.00", 10).await;
        let customer = other.create_customer("0.00").await;
        let foreign = other.set_aside(customer, item, "1", "100.00", "0.00").await;
        missing_ids(&shop, Method::GET, |id: &str| format!("{PATH}/{id}"), foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}/1"), None).await;
    }
}
