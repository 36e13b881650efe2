use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, money, num, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/transfer";

fn sample(from: i64, to: i64, item: i64, quantity: &str) -> Value {
    json!({
        "from_branch_id": from, "to_branch_id": to,
        "items": [{"inventory_id": item, "quantity": num(quantity)}], "notes": "Reabasto sucursal norte"
    })
}

/// A second branch, and ten pieces of an item in the first.
async fn prepared(shop: &Shop) -> (i64, i64) {
    (shop.open_branch("Sucursal Norte").await, shop.create_item("350.00", 10).await)
}

both_engines! {
    async fn moves_stock_at_once(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(shop.branch_id, north, item, "5")).await.expect(201);
        assert_shape(&answer, &json!({
            "transfer_id": "int", "status": "completed", "items_count": 1, "message": "string"
        }));
        shop.assert_held(item, shop.branch_id, ["5", "0", "5", "0"]).await;
        shop.assert_held(item, north, ["5", "0", "5", "0"]).await;
        // From 115.01 through 115.05 to 115.01 of the other branch.
        shop.assert_moved(&before, &[]).await;
        let detail = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        assert_eq!(detail.money("stock_total"), dec("10"));
        assert_eq!(detail.money("cost"), dec("150"));
        let history = shop.get(&format!("/pos/api/inventory/items/{item}/history")).await.expect(200);
        let mut moved: Vec<_> = history["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (diario_tests::int(&row["branch_id"]), money(&row["quantity"])))
            .filter(|(_, quantity)| quantity.abs() == dec("5"))
            .collect();
        moved.sort_unstable();
        assert_eq!(moved, [(shop.branch_id, dec("-5")), (north, dec("5"))]);
    }

    async fn is_on_the_way_until_it_is_received(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let before = shop.balances().await;
        let mut body = sample(shop.branch_id, north, item, "5");
        body["mode"] = json!("in_transit");
        let answer = shop.post(PATH, body).await.expect(201);
        assert_shape(&answer, &json!({
            "transfer_id": "int", "status": "in_transit", "items_count": 1, "message": "string"
        }));
        shop.assert_held(item, shop.branch_id, ["5", "0", "5", "0"]).await;
        shop.assert_held(item, north, ["0", "0", "0", "5"]).await;
        shop.assert_moved(&before, &[("115.05", "750"), ("115.01", "-750")]).await;
    }

    async fn a_purchase_while_goods_are_on_the_way_ties(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        shop.transfer(shop.branch_id, north, item, "7", "in_transit").await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-1",
            "items": [{"inventory_id": item, "quantity": 20, "unit_cost": num("145.00")}]
        })).await.expect(201);
        shop.assert_books_tie().await;
    }

    async fn several_items_and_fractions(shop: Shop) {
        let (north, one) = prepared(&shop).await;
        let two = shop.create_item("10.00", 3).await;
        let mut body = sample(shop.branch_id, north, one, "2.5");
        body["items"].as_array_mut().unwrap().push(json!({"inventory_id": two, "quantity": 3}));
        assert_eq!(shop.post(PATH, body).await.expect(201)["items_count"], json!(2));
        shop.assert_held(one, north, ["2.5", "0", "2.5", "0"]).await;
        shop.assert_held(two, shop.branch_id, ["0", "0", "0", "0"]).await;
        shop.assert_held(two, north, ["3", "0", "3", "0"]).await;
    }

    async fn the_receiver_can_sell_what_came(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        shop.transfer(shop.branch_id, north, item, "2", "immediate").await;
        let cashier = shop.hire_with("cashier", json!({"branch_id": north})).await;
        let register = cashier.open_register("0.00").await;
        cashier.sell_cash(register, item, "2", "350.00").await;
        refuses(&cashier, Method::POST, "/pos/api/sales", shop.sale(register, item, "1", "350.00"), 400, "").await;
        shop.assert_held(item, north, ["0", "0", "0", "0"]).await;
    }

    async fn goods_on_the_way_are_not_sold(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        shop.transfer(shop.branch_id, north, item, "10", "in_transit").await;
        for employee in [shop.clone(), shop.hire_with("cashier", json!({"branch_id": north})).await] {
            let register = employee.open_register("0.00").await;
            let body = shop.sale(register, item, "1", "350.00");
            refuses(&employee, Method::POST, "/pos/api/sales", body, 400, "").await;
        }
    }

    async fn refuses_the_same_branch_twice(shop: Shop) {
        let (_, item) = prepared(&shop).await;
        let body = sample(shop.branch_id, shop.branch_id, item, "5");
        refuses(&shop, Method::POST, PATH, body, 400, "to_branch_id").await;
    }

    async fn refuses_more_than_is_available(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let home = shop.branch_id;
        refuses(&shop, Method::POST, PATH, sample(home, north, item, "10.5"), 400, "").await;
        refuses(&shop, Method::POST, PATH, sample(north, home, item, "1"), 400, "").await;
        let mut twice = sample(home, north, item, "6");
        let line = twice["items"][0].clone();
        twice["items"].as_array_mut().unwrap().push(line);
        refuses(&shop, Method::POST, PATH, twice, 400, "").await;
        // What is set aside for somebody stays where it is.
        let customer = shop.create_customer("0.00").await;
        shop.set_aside(customer, item, "6", "350.00", "0.00").await;
        refuses(&shop, Method::POST, PATH, sample(home, north, item, "5"), 400, "").await;
        shop.post(PATH, sample(home, north, item, "4")).await.expect(201);
        shop.assert_held(item, home, ["6", "6", "0", "0"]).await;
    }

    async fn a_line_that_is_short_stops_the_whole_transfer(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let empty = shop.create_item("350.00", 0).await;
        let mut body = sample(shop.branch_id, north, item, "1");
        body["items"].as_array_mut().unwrap().push(json!({"inventory_id": empty, "quantity": 1}));
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
    }

    async fn a_service_is_not_moved(shop: Shop) {
        let (north, _) = prepared(&shop).await;
        let service = shop.create_item_with(json!({"kind": "service", "initial_stock": 0})).await;
        refuses(&shop, Method::POST, PATH, sample(shop.branch_id, north, service, "1"), 400, "").await;
    }

    async fn refuses_unknown_and_foreign_branches_and_items(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let other = shop.neighbour().await;
        let mut foreign_branch = 0;
        for _ in 0..3 {
            foreign_branch = other.open_branch("Ajena").await;
        }
        let mut foreign_item = 0;
        for _ in 0..3 {
            foreign_item = other.create_item("1.00", 10).await;
        }
        for branch in [foreign_branch, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(branch, north, item, "1"), 400, "from_branch_id").await;
            refuses(&shop, Method::POST, PATH, sample(north, branch, item, "1"), 400, "to_branch_id").await;
        }
        for id in [foreign_item, 999_999] {
            let body = sample(shop.branch_id, north, id, "1");
            refuses(&shop, Method::POST, PATH, body, 400, "inventory_id").await;
        }
        assert_eq!(other.stock(foreign_item).await, dec("10"));
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let required =
            ["/from_branch_id", "/to_branch_id", "/items", "/items/0/inventory_id", "/items/0/quantity"];
        refuses_fields(&shop, Method::POST, PATH, &sample(shop.branch_id, north, item, "5"), &required, &[
            ("/from_branch_id", json!("centro")),
            ("/from_branch_id", json!(null)),
            ("/from_branch_id", json!(-1)),
            ("/to_branch_id", json!("norte")),
            ("/to_branch_id", json!(0)),
            ("/to_branch_id", num("1.5")),
            ("/items", json!([])),
            ("/items", json!({})),
            ("/items", json!(null)),
            ("/items/0", json!(7)),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/inventory_id", num("99999999999999999999999")),
            ("/items/0/quantity", json!(0)),
            ("/items/0/quantity", json!(-5)),
            ("/items/0/quantity", json!("cinco")),
            ("/items/0/quantity", json!(null)),
            ("/items/0/quantity", num("1e25")),
            ("/items/0/quantity", num("0.00000001")),
            ("/mode", json!("volando")),
            ("/mode", json!(1)),
            ("/notes", json!(5)),
            ("/notes", long_text()),
        ]).await;
    }

    async fn a_key_moves_once(shop: Shop) {
        let (north, item) = prepared(&shop).await;
        let home = shop.branch_id;
        idempotent(&shop, Method::POST, PATH, sample(home, north, item, "2"), sample(home, north, item, "3")).await;
        shop.assert_held(item, north, ["2", "0", "2", "0"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(1, 2, 1, "1"))).await;
    }
}
