use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/quotations";

both_engines! {
    async fn lists_the_quotations(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let body = json!({"items": [shop.line(item, "2", "350.00")], "customer_id": customer, "notes": "Prisa"});
        shop.post(PATH, body).await.expect(201);
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "id": "int", "quotation_id": "int", "folio": "C-0001", "created_at": "time", "date": "date",
                "valid_until": "date", "status": "active", "customer_id": customer,
                "customer_name": "Taller Perez", "employee_id": shop.owner_employee_id,
                "branch_id": shop.branch_id, "items_count": 1, "subtotal": "number", "tax": "number",
                "total": "number", "notes": "Prisa", "sale_id": null
            }],
            "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1}
        }));
        let row = &answer["data"][0];
        assert_eq!(row["id"], row["quotation_id"]);
        let figures = ["subtotal", "tax", "total"].map(|field| money(&row[field]));
        assert_eq!(figures, [dec("700"), dec("112"), dec("812")]);
    }

    async fn filters_by_status_and_customer(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let line = shop.line(item, "1", "350.00");
        let old = shop.days_ago(40, "quotations_create", json!({}), json!({"items": [line.clone()]})).await;
        let expired = int(&old["quotation_id"]);
        let active = shop.quote(item, "1", "350.00").await;
        let converted = shop.quote(item, "1", "350.00").await;
        let body = json!({"payment_method": "tarjeta"});
        let sale = shop.post(&format!("{PATH}/{converted}/convert"), body).await.expect(201).int("sale_id");
        let body = json!({"items": [line], "customer_id": customer});
        let cancelled = shop.post(PATH, body).await.expect(201).int("quotation_id");
        shop.put(&format!("{PATH}/{cancelled}/cancel"), json!({})).await.expect(200);
        for (query, expected) in [
            (String::new(), vec![cancelled, converted, active, expired]),
            ("status=active".to_owned(), vec![active]),
            ("status=converted".to_owned(), vec![converted]),
            ("status=expired".to_owned(), vec![expired]),
            ("status=cancelled".to_owned(), vec![cancelled]),
            (format!("customer_id={customer}"), vec![cancelled]),
            (format!("customer_id={customer}&status=active"), vec![]),
            ("customer_id=999".to_owned(), vec![]),
            ("per_page=3&page=2".to_owned(), vec![expired]),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            let ids: Vec<i64> = answer["data"].as_array().unwrap().iter().map(|row| int(&row["id"])).collect();
            assert_eq!(ids, expected, "{query}");
        }
        let rows = shop.all(PATH).await;
        for (id, status) in
            [(active, "active"), (converted, "converted"), (expired, "expired"), (cancelled, "cancelled")]
        {
            let row = rows.iter().find(|row| row["id"] == json!(id)).unwrap();
            assert_eq!(row["status"], json!(status));
            assert_eq!(row["sale_id"], if id == converted { json!(sale) } else { json!(null) });
        }
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let one_more = async || {
            shop.quote(item, "1", "350.00").await;
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "id", one_more).await;
        walks(&shop, &format!("{PATH}?status=active"), "id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "status=perdida", "status=completed", "customer_id=x", "page=0", "page=x", "per_page=0",
            "per_page=-1", "cursor=x",
        ]).await;
        let clamped = shop.get(&format!("{PATH}?per_page=999")).await.expect(200);
        assert_eq!(clamped["pagination"]["per_page"], json!(200));
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("350.00", 10).await;
        other.quote(item, "1", "350.00").await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
