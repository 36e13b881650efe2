use diario_tests::{assert_shape, both_engines, guarded, int, refuses_query, remembers, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/accounting/entries";

both_engines! {
    async fn lists_the_entries_by_type_and_day(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let before = shop.all(&format!("{PATH}?type=adjustment")).await.len();
        shop.sell_cash(register, item, "2", "350.00").await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-1",
            "items": [{"inventory_id": item, "quantity": 1, "unit_cost": 150}]
        })).await.expect(201);
        let merma = json!({"inventory_id": item, "quantity": -1, "reason": "Merma"});
        shop.post("/pos/api/inventory/adjustment", merma).await.expect(201);

        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "id": "int", "date": "date", "type": "string", "reference": "?string",
                "description": "string"
            }],
            "pagination": {"page": 1, "per_page": 50, "total": "int", "total_pages": 1}
        }));
        let sales = shop.all(&format!("{PATH}?type=sale")).await;
        assert_eq!(sales.len(), 2, "revenue and cost: {sales:#?}");
        assert!(sales.iter().all(|row| row["reference"] == "V-0001" && row["type"] == "sale"));
        assert!(!shop.all(&format!("{PATH}?type=purchase")).await.is_empty());
        assert_eq!(shop.all(&format!("{PATH}?type=adjustment")).await.len(), before + 1);
        assert!(shop.all(&format!("{PATH}?type=manual")).await.is_empty());

        let today = sales[0]["date"].as_str().unwrap().to_owned();
        let all = int(&answer["pagination"]["total"]);
        for (query, count) in [
            (format!("date_from={today}&date_to={today}"), all),
            ("date_to=2020-01-01".to_owned(), 0),
            ("date_from=2099-01-01".to_owned(), 0),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            assert_eq!(int(&answer["pagination"]["total"]), count, "{query}");
        }
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let one_more = async || {
            let body = json!({"inventory_id": item, "quantity": 1, "reason": "Sobrante"});
            shop.post("/pos/api/inventory/adjustment", body).await.expect(201);
        };
        for _ in 0..4 {
            one_more().await;
        }
        walks(&shop, PATH, "id", one_more).await;
        walks(&shop, &format!("{PATH}?type=adjustment"), "id", one_more).await;
    }

    async fn as_of_a_position_or_an_instant_it_is_what_it_was(shop: Shop) {
        remembers(&shop, PATH, true).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "type=robo", "date_from=x", "date_to=2026-02-30", "page=0", "per_page=-1", "as_of=x",
        ]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
