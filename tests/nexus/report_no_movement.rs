use diario_tests::{Shop, assert_shape, both_engines, dec, guarded, int, money, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/reports/no-movement";

/// An item that came in so many days ago and has lain there since.
async fn lying(shop: &Shop, part: &str, days: i64) -> i64 {
    let created = shop
        .days_ago(
            days,
            "items_create",
            json!({}),
            json!({
                "part_number": part, "name": "Balatas", "cost": 150, "price_1": 350, "initial_stock": 10
            }),
        )
        .await;
    int(&created["id"])
}

both_engines! {
    async fn lists_what_lies_still(shop: Shop) {
        let old = lying(&shop, "NM-1", 100).await;
        let sold = lying(&shop, "NM-2", 100).await;
        lying(&shop, "NM-3", 30).await;
        let register = shop.open_register("0.00").await;
        shop.sell_cash(register, sold, "1", "350.00").await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "inventory_id": old, "part_number": "NM-1", "name": "Balatas", "stock": "number",
            "cost_value": "number", "last_movement": "string", "days_without_movement": 100
        }]}));
        let row = &answer["data"][0];
        assert_eq!(money(&row["stock"]), dec("10"));
        assert_eq!(money(&row["cost_value"]), dec("1500"));
        let moved = diario_tests::plus_days(&shop.today().await, -100);
        assert!(row["last_movement"].as_str().unwrap().starts_with(&moved), "{row}");
        for (days, count) in [(20, 2), (60, 1), (120, 0)] {
            let answer = shop.get(&format!("{PATH}?days={days}")).await.expect(200);
            assert_eq!(answer["data"].as_array().unwrap().len(), count, "{days} days");
        }
    }

    async fn what_is_gone_or_inactive_does_not_lie_there(shop: Shop) {
        let (gone, inactive) = (lying(&shop, "NM-1", 200).await, lying(&shop, "NM-2", 200).await);
        shop.days_ago(150, "inventory_adjustment", json!({}), json!({
            "inventory_id": gone, "quantity": -10, "reason": "Merma"
        })).await;
        let body = json!({"is_active": false});
        shop.put(&format!("/pos/api/inventory/items/{inactive}"), body).await.expect(200);
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn looks_at_one_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = lying(&shop, "NM-1", 100).await;
        shop.transfer(shop.branch_id, north, item, "1", "immediate").await;
        for branch in [shop.branch_id, north] {
            let answer = shop.get(&format!("{PATH}?branch_id={branch}")).await.expect(200);
            assert_eq!(answer["data"], json!([]), "it moved today in branch {branch}");
        }
        let other = lying(&shop, "NM-2", 100).await;
        let answer = shop.get(&format!("{PATH}?branch_id={}", shop.branch_id)).await.expect(200);
        assert_eq!(answer["data"][0]["inventory_id"], json!(other));
        let answer = shop.get(&format!("{PATH}?branch_id={north}")).await.expect(200);
        assert_eq!(answer["data"], json!([]), "the branch never had it");
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        lying(&shop.neighbour().await, "NM-1", 100).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "days=0", "days=-1", "days=3651", "days=x", "days=99999999999999999999", "branch_id=centro",
        ]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
