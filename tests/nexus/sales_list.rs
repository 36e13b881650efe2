use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/sales";

both_engines! {
    async fn lists_the_sales(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        for _ in 0..3 {
            shop.sell_cash(register, item, "1", "350.00").await;
        }
        let answer = shop.get(&format!("{PATH}?per_page=2")).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{"folio": "string", "total": "number", "status": "completed", "created_at": "time"}],
            "pagination": {"page": 1, "per_page": 2, "total": 3, "total_pages": 2}
        }));
        assert_eq!(money(&answer["data"][0]["total"]), dec("406"));
        let mut folios: Vec<String> = shop
            .all(PATH)
            .await
            .iter()
            .map(|row| row["folio"].as_str().unwrap().to_owned())
            .collect();
        folios.sort_unstable();
        assert_eq!(folios, ["V-0001", "V-0002", "V-0003"]);
    }

    async fn filters(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("5000.00").await;
        shop.sell_cash(register, item, "1", "350.00").await;
        shop.sell_on_credit(customer, item, "1", "350.00").await;
        let cancelled = shop.sell_cash(register, item, "1", "350.00").await;
        shop.put(&format!("{PATH}/{cancelled}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let today = shop.get(&format!("{PATH}/{cancelled}")).await.expect(200);
        let today = today["created_at"].as_str().unwrap()[..10].to_owned();
        for (query, count) in [
            ("status=completed".to_owned(), 2),
            ("status=cancelled".to_owned(), 1),
            ("status=returned".to_owned(), 0),
            (format!("customer_id={customer}"), 1),
            ("customer_id=999".to_owned(), 0),
            (format!("employee_id={}", shop.owner_employee_id), 3),
            ("employee_id=999".to_owned(), 0),
            (format!("register_id={register}&status=completed"), 1),
            (format!("date_from={today}&date_to={today}"), 3),
            ("date_to=2020-01-01".to_owned(), 0),
            ("date_from=2099-01-01".to_owned(), 0),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            assert_eq!(int(&answer["pagination"]["total"]), count, "{query}");
            assert_eq!(i64::try_from(answer["data"].as_array().unwrap().len()).unwrap(), count, "{query}");
        }
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 1000).await;
        let one_more = async || {
            shop.sell_cash(register, item, "1", "350.00").await;
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "id", one_more).await;
        walks(&shop, &format!("{PATH}?status=completed&register_id={register}"), "id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "status=robada", "date_from=ayer", "date_to=2026-13-40", "date_from=2026-02-30", "employee_id=x",
            "customer_id=x", "register_id=x", "page=0", "page=x", "per_page=0", "per_page=-1",
        ]).await;
        let clamped = shop.get(&format!("{PATH}?per_page=999")).await.expect(200);
        assert_eq!(clamped["pagination"]["per_page"], json!(200));
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        let register = other.open_register("0.00").await;
        let item = other.create_item("350.00", 10).await;
        other.sell_cash(register, item, "1", "350.00").await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
