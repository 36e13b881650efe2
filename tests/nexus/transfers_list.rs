use diario_tests::{assert_shape, both_engines, guarded, int, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/transfers";

both_engines! {
    async fn lists_and_filters(shop: Shop) {
        let (north, south) = (shop.open_branch("Norte").await, shop.open_branch("Sur").await);
        let home = shop.branch_id;
        let item = shop.create_item("350.00", 100).await;
        let first = shop.transfer(home, north, item, "5", "immediate").await;
        let second = shop.transfer(home, south, item, "5", "in_transit").await;
        let third = shop.transfer(home, north, item, "5", "in_transit").await;
        shop.post(&format!("{PATH}/{third}/receive"), json!({})).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "transfer_id": "int", "date": "date", "created_at": "time", "from_branch_id": home,
                "to_branch_id": "int", "status": "string", "items_count": 1, "notes": "?string",
                "employee_id": shop.owner_employee_id
            }],
            "pagination": {"page": 1, "per_page": 50, "total": 3, "total_pages": 1}
        }));
        for (query, expected) in [
            (String::new(), vec![third, second, first]),
            ("status=completed".to_owned(), vec![first]),
            ("status=in_transit".to_owned(), vec![second]),
            ("status=received".to_owned(), vec![third]),
            (format!("branch_id={home}"), vec![third, second, first]),
            (format!("branch_id={north}"), vec![third, first]),
            (format!("branch_id={south}&status=in_transit"), vec![second]),
            (format!("branch_id={south}&status=completed"), vec![]),
            ("per_page=2&page=2".to_owned(), vec![first]),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            let ids: Vec<i64> =
                answer["data"].as_array().unwrap().iter().map(|row| int(&row["transfer_id"])).collect();
            assert_eq!(ids, expected, "{query}");
        }
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 100).await;
        let one_more = async || {
            shop.transfer(shop.branch_id, north, item, "1", "immediate").await;
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "transfer_id", one_more).await;
        walks(&shop, &format!("{PATH}?status=completed&branch_id={north}"), "transfer_id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "status=perdida", "branch_id=centro", "page=0", "page=x", "per_page=0", "per_page=x", "cursor=x",
        ]).await;
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        let north = other.open_branch("Norte").await;
        let item = other.create_item("350.00", 10).await;
        other.transfer(other.branch_id, north, item, "1", "immediate").await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
