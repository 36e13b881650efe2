use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, missing_ids, money, num, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

fn path(transfer: i64) -> String {
    format!("/pos/api/inventory/transfers/{transfer}/receive")
}

fn part(item: i64, quantity: &str) -> Value {
    json!({
        "items": [{"inventory_id": item, "quantity": num(quantity)}], "reason": "Faltante en el camión",
        "notes": "Caja abierta"
    })
}

/// Five of ten pieces of an item on the way to a second branch: branch, item, transfer.
async fn sent(shop: &Shop) -> (i64, i64, i64) {
    let north = shop.open_branch("Norte").await;
    let item = shop.create_item("350.00", 10).await;
    (north, item, shop.transfer(shop.branch_id, north, item, "5", "in_transit").await)
}

both_engines! {
    async fn everything_arrives(shop: Shop) {
        let (north, item, transfer) = sent(&shop).await;
        let before = shop.balances().await;
        let answer = shop.post(&path(transfer), json!({})).await.expect(200);
        assert_shape(&answer, &json!({
            "transfer_id": transfer, "status": "received", "shortages": "array", "message": "string"
        }));
        assert_eq!(answer["shortages"], json!([]));
        shop.assert_moved(&before, &[("115.01", "750"), ("115.05", "-750")]).await;
        shop.assert_held(item, north, ["5", "0", "5", "0"]).await;
        shop.assert_held(item, shop.branch_id, ["5", "0", "5", "0"]).await;
    }

    async fn a_shortage_is_recorded_and_is_a_loss(shop: Shop) {
        let (north, item, transfer) = sent(&shop).await;
        let before = shop.balances().await;
        let answer = shop.post(&path(transfer), part(item, "3")).await.expect(200);
        assert_shape(&answer["shortages"], &json!([{
            "inventory_id": item, "sent": "number", "received": "number", "shortage": "number"
        }]));
        let row = &answer["shortages"][0];
        let figures = ["sent", "received", "shortage"].map(|field| money(&row[field]));
        assert_eq!(figures, [dec("5"), dec("3"), dec("2")]);
        shop.assert_moved(&before, &[("115.01", "450"), ("115.05", "-750"), ("501.08", "300")]).await;
        shop.assert_held(item, north, ["3", "0", "3", "0"]).await;
    }

    async fn items_left_out_of_a_list_did_not_come(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let (one, two) = (shop.create_item("350.00", 10).await, shop.create_item("350.00", 10).await);
        let transfer = shop.post("/pos/api/inventory/transfer", json!({
            "from_branch_id": shop.branch_id, "to_branch_id": north, "mode": "in_transit",
            "items": [{"inventory_id": one, "quantity": 4}, {"inventory_id": two, "quantity": 2}]
        })).await.expect(201).int("transfer_id");
        let answer = shop.post(&path(transfer), part(one, "4")).await.expect(200);
        let shortages = answer["shortages"].as_array().unwrap();
        assert_eq!(shortages.len(), 1, "{:#}", *answer);
        assert_eq!(shortages[0]["inventory_id"], json!(two));
        assert_eq!(money(&shortages[0]["received"]), dec("0"));
        assert_eq!(money(&shortages[0]["shortage"]), dec("2"));
        shop.assert_held(one, north, ["4", "0", "4", "0"]).await;
        shop.assert_held(two, north, ["0", "0", "0", "0"]).await;
        assert_eq!(shop.balances().await.of("501.08"), dec("300"));
    }

    async fn a_purchase_in_between_ties(shop: Shop) {
        let (_, item, transfer) = sent(&shop).await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-1",
            "items": [{"inventory_id": item, "quantity": 7, "unit_cost": num("99.99")}]
        })).await.expect(201);
        shop.post(&path(transfer), part(item, "4")).await.expect(200);
        assert_eq!(shop.balances().await.of("115.05"), dec("0"), "nothing is on the way");
    }

    async fn refuses_a_shortage_without_a_reason(shop: Shop) {
        let (_, item, transfer) = sent(&shop).await;
        for reason in [json!(null), json!(""), json!("  ")] {
            let mut body = part(item, "3");
            body["reason"] = reason;
            refuses(&shop, Method::POST, &path(transfer), body, 400, "reason").await;
        }
        let body = json!({"items": [{"inventory_id": item, "quantity": 5}]});
        shop.post(&path(transfer), body).await.expect(200);
    }

    async fn refuses_more_than_was_sent(shop: Shop) {
        let (_, item, transfer) = sent(&shop).await;
        refuses(&shop, Method::POST, &path(transfer), part(item, "5.5"), 400, "quantity").await;
        let line = json!({"inventory_id": item, "quantity": 3});
        let twice = json!({"items": [line, line], "reason": "Dos veces"});
        refuses(&shop, Method::POST, &path(transfer), twice, 400, "").await;
    }

    async fn refuses_an_item_that_was_not_sent(shop: Shop) {
        let (_, _, transfer) = sent(&shop).await;
        let unsent = shop.create_item("350.00", 10).await;
        for id in [unsent, 999_999] {
            refuses(&shop, Method::POST, &path(transfer), part(id, "1"), 400, "inventory_id").await;
        }
    }

    async fn is_received_once(shop: Shop) {
        let (north, item, transfer) = sent(&shop).await;
        shop.post(&path(transfer), json!({})).await.expect(200);
        refuses(&shop, Method::POST, &path(transfer), json!({}), 400, "").await;
        shop.assert_held(item, north, ["5", "0", "5", "0"]).await;
    }

    async fn an_immediate_one_is_not_received(shop: Shop) {
        let (north, item, _) = sent(&shop).await;
        let transfer = shop.transfer(shop.branch_id, north, item, "1", "immediate").await;
        refuses(&shop, Method::POST, &path(transfer), json!({}), 400, "").await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (_, item, transfer) = sent(&shop).await;
        let required = ["/items/0/inventory_id", "/items/0/quantity"];
        refuses_fields(&shop, Method::POST, &path(transfer), &part(item, "3"), &required, &[
            ("/items", json!("todo")),
            ("/items", json!({})),
            ("/items/0", json!("uno")),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/inventory_id", json!(null)),
            ("/items/0/quantity", json!(-1)),
            ("/items/0/quantity", json!("tres")),
            ("/items/0/quantity", json!(null)),
            ("/items/0/quantity", num("1e25")),
            ("/items/0/quantity", num("0.00000001")),
            ("/reason", json!(5)),
            ("/reason", long_text()),
            ("/notes", json!([])),
            ("/notes", long_text()),
        ]).await;
    }

    async fn a_foreign_or_unknown_transfer_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let (_, _, foreign) = sent(&other).await;
        let path = |id: &str| format!("/pos/api/inventory/transfers/{id}/receive");
        missing_ids(&shop, Method::POST, path, foreign, Some(json!({}))).await;
        let theirs = other.get(&format!("/pos/api/inventory/transfers/{foreign}")).await.expect(200);
        assert_eq!(theirs["status"], "in_transit");
    }

    async fn a_key_receives_once(shop: Shop) {
        let (north, item, transfer) = sent(&shop).await;
        idempotent(&shop, Method::POST, &path(transfer), json!({}), part(item, "3")).await;
        shop.assert_held(item, north, ["5", "0", "5", "0"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, &path(1), Some(json!({}))).await;
    }
}
