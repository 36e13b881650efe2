use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/layaways";

both_engines! {
    async fn lists_and_filters(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        let (perez, other) = (shop.create_customer("0.00").await, shop.create_customer("0.00").await);
        let active = shop.set_aside(perez, item, "2", "100.00", "50.00").await;
        let completed = shop.set_aside(perez, item, "1", "100.00", "116.00").await;
        let sale = shop.post(&format!("{PATH}/{completed}/complete"), json!({})).await.expect(200).int("sale_id");
        let cancelled = shop.set_aside(other, item, "1", "100.00", "0.00").await;
        shop.put(&format!("{PATH}/{cancelled}/cancel"), json!({"reason": "No vino"})).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "id": "int", "layaway_id": "int", "folio": "string", "created_at": "time", "date": "date",
                "due_date": "date", "status": "string", "customer_id": "int", "customer_name": "Taller Perez",
                "employee_id": shop.owner_employee_id, "branch_id": shop.branch_id, "items_count": 1,
                "subtotal": "number", "tax": "number", "total": "number", "paid": "number",
                "balance": "number", "notes": "?string", "sale_id": "?int"
            }],
            "pagination": {"page": 1, "per_page": 50, "total": 3, "total_pages": 1}
        }));
        for (query, expected) in [
            (String::new(), vec![cancelled, completed, active]),
            ("status=active".to_owned(), vec![active]),
            ("status=completed".to_owned(), vec![completed]),
            ("status=cancelled".to_owned(), vec![cancelled]),
            (format!("customer_id={perez}"), vec![completed, active]),
            (format!("customer_id={other}&status=active"), vec![]),
            ("customer_id=999".to_owned(), vec![]),
            ("per_page=2&page=2".to_owned(), vec![active]),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            let ids: Vec<i64> = answer["data"].as_array().unwrap().iter().map(|row| int(&row["id"])).collect();
            assert_eq!(ids, expected, "{query}");
        }
        let rows = answer["data"].as_array().unwrap();
        let row = |id: i64| rows.iter().find(|row| row["id"] == json!(id)).unwrap();
        let figures = ["subtotal", "tax", "total", "paid", "balance"].map(|field| money(&row(active)[field]));
        assert_eq!(figures, ["200", "32", "232", "50", "182"].map(dec));
        assert_eq!(row(active)["sale_id"], json!(null));
        assert_eq!(row(completed)["sale_id"], json!(sale));
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let item = shop.create_item("100.00", 1000).await;
        let customer = shop.create_customer("0.00").await;
        let one_more = async || {
            shop.set_aside(customer, item, "1", "100.00", "0.00").await;
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "id", one_more).await;
        walks(&shop, &format!("{PATH}?status=active&customer_id={customer}"), "id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "status=expired", "status=x", "customer_id=x", "page=0", "page=x", "per_page=0", "per_page=x",
            "cursor=x",
        ]).await;
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("100.00", 10).await;
        let customer = other.create_customer("0.00").await;
        other.set_aside(customer, item, "1", "100.00", "0.00").await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
