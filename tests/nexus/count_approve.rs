use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, money, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/physical-count/approve";

/// Counts one item and answers the count's id.
async fn counted(shop: &Shop, item: i64, counted: &str) -> i64 {
    let body = json!({"items": [{"inventory_id": item, "counted_quantity": num(counted)}]});
    shop.post("/pos/api/inventory/physical-count/start", body).await.expect(201).int("count_id")
}

fn sample(count: i64) -> Value {
    json!({"count_id": count})
}

both_engines! {
    async fn what_is_missing_is_a_loss(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "8").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(count)).await.expect(200);
        assert_shape(&answer, &json!({
            "count_id": count, "message": "string",
            "adjustments": [{
                "inventory_id": item, "expected": "number", "counted": "number", "difference": "number"
            }]
        }));
        let row = &answer["adjustments"][0];
        let figures = ["expected", "counted", "difference"].map(|field| money(&row[field]));
        assert_eq!(figures, [dec("10"), dec("8"), dec("-2")]);
        shop.assert_moved(&before, &[("501.08", "300"), ("115.01", "-300")]).await;
        shop.assert_held(item, shop.branch_id, ["8", "0", "8", "0"]).await;
    }

    async fn what_is_too_much_is_the_reverse(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "11.5").await;
        let before = shop.balances().await;
        shop.post(PATH, sample(count)).await.expect(200);
        shop.assert_moved(&before, &[("115.01", "225"), ("501.08", "-225")]).await;
        assert_eq!(shop.stock(item).await, dec("11.5"));
    }

    async fn what_is_right_moves_nothing(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "10").await;
        let before = shop.balances().await;
        shop.post(PATH, sample(count)).await.expect(200);
        shop.assert_moved(&before, &[]).await;
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn sales_after_the_count_survive(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "8").await;
        shop.sell_cash(register, item, "3", "350.00").await;
        let answer = shop.post(PATH, sample(count)).await.expect(200);
        assert_eq!(money(&answer["adjustments"][0]["expected"]), dec("10"), "frozen at the start");
        assert_eq!(shop.stock(item).await, dec("5"), "what was counted less what was sold since");
    }

    async fn only_the_counted_branch_moves(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        let count = shop.post("/pos/api/inventory/physical-count/start", json!({
            "branch_id": north, "items": [{"inventory_id": item, "counted_quantity": 3}]
        })).await.expect(201).int("count_id");
        shop.post(PATH, sample(count)).await.expect(200);
        shop.assert_held(item, north, ["3", "0", "3", "0"]).await;
        shop.assert_held(item, shop.branch_id, ["6", "0", "6", "0"]).await;
    }

    async fn refuses_to_take_stock_below_zero(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "0").await;
        shop.sell_cash(register, item, "3", "350.00").await;
        refuses(&shop, Method::POST, PATH, sample(count), 400, "").await;
        assert_eq!(shop.stock(item).await, dec("7"));
        let detail = shop.get(&format!("/pos/api/inventory/physical-count/{count}")).await.expect(200);
        assert_eq!(detail["status"], "open");
    }

    async fn a_count_is_approved_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "8").await;
        shop.post(PATH, sample(count)).await.expect(200);
        refuses(&shop, Method::POST, PATH, sample(count), 400, "").await;
        assert_eq!(shop.stock(item).await, dec("8"));
    }

    async fn an_unknown_or_foreign_count_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("350.00", 10).await;
        let foreign = counted(&other, item, "8").await;
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(id), 404, "").await;
        }
        assert_eq!(other.stock(item).await, dec("10"));
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let count = counted(&shop, item, "8").await;
        refuses_fields(&shop, Method::POST, PATH, &sample(count), &["/count_id"], &[
            ("/count_id", json!("uno")),
            ("/count_id", json!(null)),
            ("/count_id", json!(-1)),
            ("/count_id", json!(0)),
            ("/count_id", num("1.5")),
            ("/count_id", num("99999999999999999999999")),
            ("/count_id", json!([])),
        ]).await;
    }

    async fn a_key_approves_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let (one, two) = (counted(&shop, item, "8").await, counted(&shop, item, "8").await);
        idempotent(&shop, Method::POST, PATH, sample(one), sample(two)).await;
        assert_eq!(shop.stock(item).await, dec("8"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(1))).await;
    }
}
