use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/physical-count/start";

fn sample(shop: &Shop, item: i64, counted: &str) -> Value {
    json!({
        "branch_id": shop.branch_id,
        "items": [{"inventory_id": item, "counted_quantity": num(counted)}]
    })
}

both_engines! {
    async fn notes_what_was_counted_and_changes_nothing(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(&shop, item, "8")).await.expect(201);
        assert_shape(&answer, &json!({
            "count_id": "int", "items_counted": 1, "message": "Physical count started"
        }));
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
        shop.assert_moved(&before, &[]).await;
    }

    async fn the_branch_is_the_callers_where_none_is_named(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        let warehouse = shop.hire_with("warehouse", json!({"branch_id": north})).await;
        let mut body = sample(&shop, item, "3");
        body.as_object_mut().unwrap().remove("branch_id");
        let count = warehouse.post(PATH, body).await.expect(201).int("count_id");
        let detail = shop.get(&format!("/pos/api/inventory/physical-count/{count}")).await.expect(200);
        assert_eq!(detail["branch_id"], json!(north));
        assert_eq!(diario_tests::money(&detail["items"][0]["expected"]), dec("0"));
    }

    async fn nothing_may_be_counted(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        shop.post(PATH, sample(&shop, item, "0")).await.expect(201);
    }

    async fn refuses_an_item_twice(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let mut body = sample(&shop, item, "8");
        let line = body["items"][0].clone();
        body["items"].as_array_mut().unwrap().push(line);
        refuses(&shop, Method::POST, PATH, body, 400, "inventory_id").await;
    }

    async fn a_service_is_not_counted(shop: Shop) {
        let service = shop.create_item_with(json!({"kind": "service", "initial_stock": 0})).await;
        refuses(&shop, Method::POST, PATH, sample(&shop, service, "1"), 400, "").await;
    }

    async fn refuses_unknown_and_foreign_items_and_branches(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let other = shop.neighbour().await;
        other.create_item("1.00", 10).await;
        let foreign = other.create_item("1.00", 10).await;
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(&shop, id, "1"), 400, "inventory_id").await;
        }
        let foreign_branch = other.open_branch("Ajena").await;
        for id in [foreign_branch, 999_999] {
            let mut body = sample(&shop, item, "1");
            body["branch_id"] = json!(id);
            refuses(&shop, Method::POST, PATH, body, 400, "branch_id").await;
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let required = ["/items", "/items/0/inventory_id", "/items/0/counted_quantity"];
        refuses_fields(&shop, Method::POST, PATH, &sample(&shop, item, "8"), &required, &[
            ("/branch_id", json!("centro")),
            ("/branch_id", json!(0)),
            ("/items", json!([])),
            ("/items", json!("todo")),
            ("/items", json!(null)),
            ("/items/0", json!([])),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/inventory_id", json!(null)),
            ("/items/0/counted_quantity", json!(-1)),
            ("/items/0/counted_quantity", json!("ocho")),
            ("/items/0/counted_quantity", json!(null)),
            ("/items/0/counted_quantity", num("1e25")),
            ("/items/0/counted_quantity", num("0.00000001")),
        ]).await;
    }

    async fn a_key_starts_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        idempotent(&shop, Method::POST, PATH, sample(&shop, item, "8"), sample(&shop, item, "9")).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(&shop, 1, "1"))).await;
    }
}
