use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, refuses_query};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/supplier-portal/top-parts";

fn by_card(item: i64, quantity: i64) -> Value {
    json!({
        "items": [{"inventory_id": item, "quantity": quantity}], "payment_method": "tarjeta",
        "sale_type": "cash"
    })
}

both_engines! {
    async fn the_parts_that_move_most_come_first(shop: Shop) {
        let fields = json!({"price_1": 100, "tax_rate": 0, "initial_stock": 50, "brand": "Bosch"});
        let (few, many) =
            (shop.create_item_with(fields.clone()).await, shop.create_item_with(fields).await);
        shop.create_item("10.00", 5).await;
        shop.sell(by_card(few, 3)).await;
        shop.sell(by_card(many, 4)).await;
        shop.sell(by_card(many, 1)).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "inventory_id": "int", "part_number": "string", "name": "string", "brand": "Bosch",
            "units": "number", "revenue": "number", "stock": "number"
        }]}));
        let rows: Vec<_> = answer["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let [units, revenue, stock] = ["units", "revenue", "stock"].map(|field| money(&row[field]));
                (int(&row["inventory_id"]), units, revenue, stock)
            })
            .collect();
        assert_eq!(rows, [
            (many, dec("5"), dec("500"), dec("45")), (few, dec("3"), dec("300"), dec("47")),
        ]);
    }

    async fn looks_back_so_many_days(shop: Shop) {
        let item = shop.days_ago(60, "items_create", json!({}), json!({
            "part_number": "TP-1", "name": "Balatas", "cost": 10, "price_1": 100, "initial_stock": 50
        })).await;
        let mut sale = by_card(int(&item["id"]), 2);
        sale["items"][0]["tax_rate"] = json!(0);
        shop.days_ago(40, "sales_create", json!({}), sale).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
        let answer = shop.get(&format!("{PATH}?days=50")).await.expect(200);
        assert_eq!(money(&answer["data"][0]["units"]), dec("2"));
    }

    async fn shows_fifty_at_most(shop: Shop) {
        let mut lines = Vec::new();
        for _ in 0..52 {
            lines.push(json!({"inventory_id": shop.create_item("10.00", 5).await, "quantity": 1}));
        }
        let body = json!({"items": lines, "payment_method": "tarjeta", "sale_type": "cash"});
        shop.sell(body).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"].as_array().unwrap().len(), 50);
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("10.00", 5).await;
        other.sell(by_card(item, 1)).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["days=0", "days=-1", "days=3651", "days=x"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
