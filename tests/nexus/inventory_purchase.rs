use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/purchase";

fn sample(item: i64) -> Value {
    json!({
        "supplier": "Distribuidora Central", "invoice_number": "FAC-001",
        "items": [{"inventory_id": item, "quantity": 20, "unit_cost": num("145.00")}],
        "notes": "Compra semanal"
    })
}

async fn item(shop: &Shop) -> i64 {
    shop.create_item("350.00", 10).await
}

both_engines! {
    async fn raises_stock_averages_cost_and_owes_the_supplier(shop: Shop) {
        let item = item(&shop).await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(item)).await.expect(201);
        assert_shape(&answer, &json!({
            "purchase_id": "int", "total": "number", "items_count": 1, "message": "string"
        }));
        assert!([dec("2900"), dec("3364")].contains(&answer.money("total")), "{:#}", *answer);
        shop.assert_moved(&before, &[("115.01", "2900"), ("119.01", "464"), ("201.01", "-3364")]).await;
        let after = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
        assert_eq!(after.money("stock"), dec("30"));
        assert_eq!(after.money("cost"), dec("146.6667"), "moving average with four decimals");
    }

    async fn what_is_paid_at_once_is_owed_to_nobody(shop: Shop) {
        let register = shop.open_register("4000.00").await;
        for (method, drawer, account) in [
            ("efectivo", false, "101.01"), ("efectivo", true, "101.01"), ("transferencia", false, "102.01"),
            ("tarjeta", false, "102.01"),
        ] {
            let mut body = sample(item(&shop).await);
            body["payment_method"] = json!(method);
            if drawer {
                body["register_id"] = json!(register);
            }
            let before = shop.balances().await;
            shop.post(PATH, body).await.expect(201);
            shop.assert_moved(&before, &[("115.01", "2900"), ("118.01", "464"), (account, "-3364")]).await;
        }
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("636"), "one of them out of the drawer");
        let mut body = sample(item(&shop).await);
        body["payment_method"] = json!("efectivo");
        body["register_id"] = json!(register);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "").await;
        body["register_id"] = json!(999_999);
        refuses(&shop, Method::POST, PATH, body, 400, "register_id").await;
    }

    async fn several_lines_are_one_purchase(shop: Shop) {
        let (one, two) = (item(&shop).await, item(&shop).await);
        let mut body = sample(one);
        body["items"].as_array_mut().unwrap()
            .push(json!({"inventory_id": two, "quantity": num("2.5"), "unit_cost": num("33.333333")}));
        let answer = shop.post(PATH, body).await.expect(201);
        assert_eq!(answer["items_count"], json!(2));
        assert_eq!(shop.stock(one).await, dec("30"));
        assert_eq!(shop.stock(two).await, dec("12.5"));
    }

    async fn a_sale_after_it_costs_the_average(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = item(&shop).await;
        shop.post(PATH, sample(item)).await.expect(201);
        let before = shop.balances().await;
        shop.sell_cash(register, item, "3", "350.00").await;
        assert_eq!(shop.balances().await.of("501.01") - before.of("501.01"), dec("440.00"));
    }

    async fn refuses_bad_fields(shop: Shop) {
        let good = sample(item(&shop).await);
        let required = ["/items", "/items/0/inventory_id", "/items/0/quantity", "/items/0/unit_cost"];
        refuses_fields(&shop, Method::POST, PATH, &good, &required, &[
            ("/items", json!([])),
            ("/items", json!("todo")),
            ("/items/0", json!(7)),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/quantity", json!(0)),
            ("/items/0/quantity", json!(-1)),
            ("/items/0/quantity", json!("veinte")),
            ("/items/0/quantity", num("1e28")),
            ("/items/0/unit_cost", json!(-145)),
            ("/items/0/unit_cost", json!(null)),
            ("/items/0/unit_cost", num("1e28")),
            ("/supplier", json!(5)),
            ("/supplier", long_text()),
            ("/payment_method", json!("oro")),
            ("/payment_method", json!("saldo_a_favor")),
            ("/payment_method", json!(1)),
            ("/register_id", json!("x")),
            ("/notes", json!({})),
            ("/notes", long_text()),
        ]).await;
    }

    async fn refuses_an_unknown_or_foreign_item(shop: Shop) {
        let other = shop.neighbour().await;
        item(&other).await;
        let foreign = item(&other).await;
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(id), [400, 404], "").await;
        }
        assert_eq!(other.stock(foreign).await, dec("10"));
    }

    async fn a_key_buys_once(shop: Shop) {
        let item = item(&shop).await;
        let mut other = sample(item);
        other["items"][0]["quantity"] = json!(21);
        idempotent(&shop, Method::POST, PATH, sample(item), other).await;
        assert_eq!(shop.stock(item).await, dec("30"));
    }

    async fn is_guarded(shop: Shop) {
        let body = sample(item(&shop).await);
        guarded(&shop, Method::POST, PATH, Some(body)).await;
    }
}
