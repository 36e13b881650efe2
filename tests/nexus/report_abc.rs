use diario_tests::{Shop, assert_shape, both_engines, dec, guarded, int, money, refuses_query};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/reports/abc";

/// An untaxed item of this price, sold once by card.
async fn sold(shop: &Shop, price: i64) -> i64 {
    let item = shop.create_item_with(json!({"price_1": price, "tax_rate": 0})).await;
    shop.sell(by_card(item)).await;
    item
}

fn by_card(item: i64) -> Value {
    json!({"items": [{"inventory_id": item, "quantity": 1}], "payment_method": "tarjeta", "sale_type": "cash"})
}

both_engines! {
    async fn classes_items_by_their_share_of_revenue(shop: Shop) {
        let unsold = shop.create_item("9.00", 1).await;
        let (small, large, middle, tiny) =
            (sold(&shop, 60).await, sold(&shop, 700).await, sold(&shop, 200).await, sold(&shop, 40).await);
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "inventory_id": "int", "part_number": "string", "name": "string", "units": "number",
            "revenue": "number", "share": "number", "cumulative": "number", "class": "string"
        }]}));
        let rows = answer["data"].as_array().unwrap();
        let classes: Vec<(i64, &str)> = rows
            .iter()
            .map(|row| (int(&row["inventory_id"]), row["class"].as_str().unwrap()))
            .collect();
        assert_eq!(classes, [(large, "A"), (middle, "B"), (small, "C"), (tiny, "C"), (unsold, "C")]);
        assert_eq!(money(&rows[0]["revenue"]), dec("700"));
        assert_eq!(money(&rows[0]["units"]), dec("1"));
        assert_eq!(money(&rows[4]["revenue"]), dec("0"));
        assert_eq!(money(&rows[4]["units"]), dec("0"));
        let mut before = dec("0");
        for row in rows {
            let (share, cumulative) = (money(&row["share"]), money(&row["cumulative"]));
            assert!((before + share - cumulative).abs() <= dec("0.01"), "{rows:#?}");
            before = cumulative;
        }
        assert!(money(&rows[0]["share"]) > money(&rows[1]["share"]));
    }

    async fn what_sells_most_is_a_even_alone(shop: Shop) {
        let (only, unsold) = (sold(&shop, 100).await, shop.create_item("9.00", 1).await);
        let answer = shop.get(PATH).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        assert_eq!((&rows[0]["inventory_id"], &rows[0]["class"]), (&json!(only), &json!("A")));
        assert_eq!((&rows[1]["inventory_id"], &rows[1]["class"]), (&json!(unsold), &json!("C")));
    }

    async fn a_bound_that_is_met_exactly_ends_its_class(shop: Shop) {
        let (a, b, c) = (sold(&shop, 80).await, sold(&shop, 15).await, sold(&shop, 5).await);
        let answer = shop.get(PATH).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        let classes: Vec<(i64, &str)> = rows
            .iter()
            .map(|row| (int(&row["inventory_id"]), row["class"].as_str().unwrap()))
            .collect();
        assert_eq!(classes, [(a, "A"), (b, "B"), (c, "C")]);
    }

    async fn looks_back_so_many_days(shop: Shop) {
        let old = shop.days_ago(120, "items_create", json!({}), json!({
            "part_number": "AB-1", "name": "Balatas", "cost": 10, "price_1": 100, "tax_rate": 0,
            "initial_stock": 5
        })).await;
        shop.days_ago(100, "sales_create", json!({}), by_card(int(&old["id"]))).await;
        for (query, units) in [("", "0"), ("?days=90", "0"), ("?days=110", "1"), ("?days=3650", "1")] {
            let answer = shop.get(&format!("{PATH}{query}")).await.expect(200);
            assert_eq!(money(&answer["data"][0]["units"]), dec(units), "{query}");
        }
    }

    async fn what_was_cancelled_or_brought_back_is_not_sold(shop: Shop) {
        let item = shop.create_item_with(json!({"price_1": 100, "tax_rate": 0})).await;
        let sale = shop.sell(by_card(item)).await.int("sale_id");
        shop.put(&format!("/pos/api/sales/{sale}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let mut three = by_card(item);
        three["items"][0]["quantity"] = json!(3);
        let sale = shop.sell(three).await.int("sale_id");
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Mala",
            "refund_method": "tarjeta"
        })).await.expect(201);
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(money(&answer["data"][0]["units"]), dec("2"));
        assert_eq!(money(&answer["data"][0]["revenue"]), dec("200"));
    }

    async fn looks_at_one_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = sold(&shop, 100).await;
        for (branch, units) in [(shop.branch_id, "1"), (north, "0")] {
            let answer = shop.get(&format!("{PATH}?branch_id={branch}")).await.expect(200);
            let rows = answer["data"].as_array().unwrap();
            let row = rows.iter().find(|row| row["inventory_id"] == json!(item));
            assert_eq!(row.map_or(dec("0"), |row| money(&row["units"])), dec(units), "branch {branch}");
        }
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "days=0", "days=-1", "days=3651", "days=x", "days=1.5", "days=99999999999999999999",
            "branch_id=centro",
        ]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
