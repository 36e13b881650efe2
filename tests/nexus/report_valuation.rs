use diario_tests::{assert_shape, both_engines, dec, guarded, money, num, refuses_query};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/reports/valuation";

both_engines! {
    async fn is_what_the_books_say(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item_with(json!({"part_number": "VA-1", "name": "Balatas"})).await;
        shop.create_item_with(json!({"cost": num("33.333333"), "price_1": 50, "initial_stock": 7})).await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-1",
            "items": [{"inventory_id": item, "quantity": 20, "unit_cost": num("145.00")}]
        })).await.expect(201);
        shop.sell_cash(register, item, "3", "350.00").await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "total_cost_value": "number", "total_sale_value": "number", "item_count": 2,
            "items": [{
                "inventory_id": "int", "part_number": "string", "name": "string", "stock": "number",
                "cost": "number", "cost_value": "number", "price": "number", "sale_value": "number"
            }]
        }));
        assert_eq!(answer.money("total_cost_value"), shop.balances().await.of("115.01"));
        let rows = answer["items"].as_array().unwrap();
        for (field, total) in [("cost_value", "total_cost_value"), ("sale_value", "total_sale_value")] {
            let sum: Decimal = rows.iter().map(|row| money(&row[field])).sum();
            assert_eq!(sum, answer.money(total), "{field}");
        }
        let row = rows.iter().find(|row| row["part_number"] == "VA-1").unwrap();
        assert_eq!(money(&row["stock"]), dec("27"));
        assert_eq!(money(&row["cost_value"]), dec("3960"), "4,400.00 less three at 146.6667");
        assert_eq!(money(&row["price"]), dec("350"));
        assert_eq!(money(&row["sale_value"]), dec("9450"));
    }

    async fn goods_on_the_way_count_for_the_whole_and_for_no_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        shop.transfer(shop.branch_id, north, item, "2", "immediate").await;
        shop.transfer(shop.branch_id, north, item, "3", "in_transit").await;
        let all = shop.get(PATH).await.expect(200);
        assert_eq!(all.money("total_cost_value"), dec("1500"));
        let balances = shop.balances().await;
        assert_eq!(balances.of("115.01") + balances.of("115.05"), dec("1500"));
        for (branch, value) in [(shop.branch_id, "750"), (north, "300")] {
            let answer = shop.get(&format!("{PATH}?branch_id={branch}")).await.expect(200);
            assert_eq!(answer.money("total_cost_value"), dec(value), "branch {branch}");
        }
    }

    /// What goods would sell for is bound by no document, and its sum by no 64 bits.
    async fn the_sum_may_be_more_than_any_document(shop: Shop) {
        for _ in 0..10 {
            let fields = json!({"cost": 0, "price_1": 100_000_000, "initial_stock": 100_000_000});
            shop.create_item_with(fields).await;
        }
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer.money("total_sale_value"), dec("100000000000000000"));
        assert_eq!(answer.money("total_cost_value"), dec("0"));
    }

    async fn an_empty_shop_is_worth_nothing(shop: Shop) {
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer.money("total_cost_value"), dec("0"));
        assert_eq!(answer["items"], json!([]));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["branch_id=centro"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
