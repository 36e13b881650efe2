use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids, money};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/quotations";

both_engines! {
    async fn shows_the_lines_and_the_customer(shop: Shop) {
        let item = shop.create_item_with(json!({"part_number": "QD-1", "name": "Balatas"})).await;
        let customer = shop.create_customer("0.00").await;
        let mut line = shop.line(item, "2", "350.00");
        line["discount_pct"] = json!(10);
        let body = json!({"items": [line], "customer_id": customer, "notes": "Prisa"});
        let quotation = shop.post(PATH, body).await.expect(201).int("quotation_id");
        let answer = shop.get(&format!("{PATH}/{quotation}")).await.expect(200);
        assert_shape(&answer, &json!({
            "id": quotation, "quotation_id": quotation, "folio": "C-0001", "created_at": "time",
            "date": "date", "valid_until": "date", "status": "active", "customer_id": customer,
            "customer_name": "Taller Perez", "employee_id": "int", "branch_id": "int", "items_count": 1,
            "subtotal": "number", "tax": "number", "total": "number", "notes": "Prisa", "sale_id": null,
            "items": [{
                "inventory_id": item, "part_number": "QD-1", "name": "Balatas", "quantity": "number",
                "unit_price": "number", "discount_pct": "number", "tax_rate": "number",
                "subtotal": "number", "tax": "number", "total": "number"
            }],
            "customer": {"id": customer, "name": "Taller Perez"}
        }));
        let line = &answer["items"][0];
        for (field, value) in [
            ("quantity", "2"), ("unit_price", "350"), ("discount_pct", "10"), ("tax_rate", "0.16"),
            ("subtotal", "630"), ("tax", "100.80"), ("total", "730.80"),
        ] {
            assert_eq!(money(&line[field]), dec(value), "{field}");
        }
        assert_eq!(answer.money("total"), dec("730.80"));
    }

    async fn without_a_customer_it_shows_none(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let quotation = shop.quote(item, "1", "350.00").await;
        let answer = shop.get(&format!("{PATH}/{quotation}")).await.expect(200);
        assert_shape(&answer, &json!({"customer_id": null, "customer_name": null, "customer": null}));
    }

    async fn a_foreign_or_unknown_quotation_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("350.00", 10).await;
        let foreign = other.quote(item, "1", "350.00").await;
        missing_ids(&shop, Method::GET, |id: &str| format!("{PATH}/{id}"), foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}/1"), None).await;
    }
}
