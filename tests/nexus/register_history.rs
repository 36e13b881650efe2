use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/register/history";

both_engines! {
    async fn lists_the_cuts(shop: Shop) {
        let mut today = String::new();
        for counted in ["10.00", "12.00", "9.00"] {
            let register = shop.open_register("10.00").await;
            let body = json!({"register_id": register, "counted_amount": diario_tests::num(counted)});
            let cut = shop.post("/pos/api/register/cut-z", body).await.expect(200);
            today = cut["closed_at"].as_str().unwrap()[..10].into();
        }
        let answer = shop.get(&format!("{PATH}?per_page=2")).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "register_id": "int", "expected_cash": "number", "counted_amount": "number",
                "difference": "number", "closed_at": "time"
            }],
            "pagination": {"page": 1, "per_page": 2, "total": 3, "total_pages": 2}
        }));
        let mut differences: Vec<_> =
            shop.all(PATH).await.iter().map(|row| money(&row["difference"])).collect();
        differences.sort_unstable();
        assert_eq!(differences, [dec("-1"), dec("0"), dec("2")]);
        for (query, count) in [
            (format!("date_from={today}&date_to={today}"), 3),
            ("date_to=2020-01-01".to_owned(), 0),
            ("date_from=2099-01-01".to_owned(), 0),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            assert_eq!(int(&answer["pagination"]["total"]), count, "{query}");
        }
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let one_more = async || {
            let register = shop.open_register("10.00").await;
            let body = json!({"register_id": register, "counted_amount": 10});
            shop.post("/pos/api/register/cut-z", body).await.expect(200);
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "register_id", one_more).await;
        let today = shop.today().await;
        walks(&shop, &format!("{PATH}?date_from={today}&date_to={today}"), "register_id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["date_from=x", "date_to=2026-99-01", "page=0", "per_page=x"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
