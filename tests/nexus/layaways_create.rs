use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, int, long_text, num, plus_days, refuses,
    refuses_fields, without,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/layaways";

/// The documented one: a part of 5,000.00 net, 5,800.00 with tax, and 2,000.00 down in cash.
fn sample(shop: &Shop, customer: i64, item: i64, register: i64) -> Value {
    json!({
        "items": [shop.line(item, "1", "5000.00")], "customer_id": customer,
        "down_payment": num("2000.00"), "payment_method": "efectivo", "register_id": register,
        "notes": "Apartado motor de arranque"
    })
}

async fn prepared(shop: &Shop) -> (i64, i64, i64) {
    (
        shop.open_register("100.00").await,
        shop.create_item("5000.00", 10).await,
        shop.create_customer("0.00").await,
    )
}

both_engines! {
    async fn the_documented_layaway(shop: Shop) {
        let (register, item, customer) = prepared(&shop).await;
        let before = shop.balances().await;
        let mut body = sample(&shop, customer, item, register);
        body["due_date"] = json!(plus_days(&shop.today().await, 29));
        let answer = shop.post(PATH, body).await.expect(201);
        assert_shape(&answer, &json!({
            "layaway_id": "int", "folio": "A-0001", "total": "number", "paid": "number", "balance": "number",
            "status": "active", "payment_id": "int"
        }));
        assert_eq!(answer.money("total"), dec("5800"));
        assert_eq!(answer.money("paid"), dec("2000"));
        assert_eq!(answer.money("balance"), dec("3800"));
        // 800.00 of tax in 5,800.00 are 275.86 in 2,000.00.
        shop.assert_moved(&before, &[("101.01", "2000"), ("206.01", "-1724.14"), ("208.01", "-275.86")]).await;
        shop.assert_held(item, shop.branch_id, ["10", "1", "9", "0"]).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("2100"));
        assert_eq!(cut.money("total_sales"), dec("0"), "nothing is sold yet");
        let second = sample(&shop, customer, item, register);
        assert_eq!(shop.post(PATH, second).await.expect(201)["folio"], "A-0002");
    }

    async fn each_tender_has_its_account(shop: Shop) {
        let (_, item, _) = prepared(&shop).await;
        let customer = shop.create_customer_with_credit("2500.00").await;
        for (method, account) in
            [("tarjeta", "107.05"), ("transferencia", "102.01"), ("saldo_a_favor", "206.05")]
        {
            let before = shop.balances().await;
            let mut body = without(&sample(&shop, customer, item, 0), "/register_id");
            body["payment_method"] = json!(method);
            shop.post(PATH, body).await.expect(201);
            shop.assert_moved(&before, &[
                (account, "2000"), ("206.01", "-1724.14"), ("208.01", "-275.86"),
            ]).await;
        }
        assert_eq!(shop.store_credit(customer).await, dec("500"));
        let mut body = without(&sample(&shop, customer, item, 0), "/register_id");
        body["payment_method"] = json!("saldo_a_favor");
        body["down_payment"] = num("500.01");
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        assert_eq!(shop.store_credit(customer).await, dec("500"));
    }

    async fn may_begin_with_nothing(shop: Shop) {
        let (_, item, customer) = prepared(&shop).await;
        let before = shop.balances().await;
        let body = json!({
            "items": [shop.line(item, "1", "5000.00")], "customer_id": customer, "down_payment": 0
        });
        let answer = shop.post(PATH, body).await.expect(201);
        assert_shape(&answer, &json!({"payment_id": null, "status": "active"}));
        assert_eq!(answer.money("balance"), dec("5800"));
        shop.assert_moved(&before, &[]).await;
        shop.assert_held(item, shop.branch_id, ["10", "1", "9", "0"]).await;
    }

    async fn may_be_paid_whole(shop: Shop) {
        let (register, item, customer) = prepared(&shop).await;
        let before = shop.balances().await;
        let mut body = sample(&shop, customer, item, register);
        body["down_payment"] = json!(5800);
        let answer = shop.post(PATH, body.clone()).await.expect(201);
        assert_eq!(answer["status"], "active", "completing is an act of its own");
        assert_eq!(answer.money("balance"), dec("0"));
        shop.assert_moved(&before, &[("101.01", "5800"), ("206.01", "-5000"), ("208.01", "-800")]).await;
        body["down_payment"] = num("5800.01");
        refuses(&shop, Method::POST, PATH, body, 400, "down_payment").await;
    }

    async fn is_due_in_thirty_days_unless_it_says_so(shop: Shop) {
        let (_, item, customer) = prepared(&shop).await;
        let today = shop.today().await;
        let mut body = shop.layaway(customer, item, "1", "100.00", "0.00");
        for (given, due) in [
            (json!(null), plus_days(&today, 30)),
            (json!(today), today.clone()),
            (json!(plus_days(&today, 400)), plus_days(&today, 400)),
        ] {
            body["due_date"] = given;
            let id = shop.post(PATH, body.clone()).await.expect(201).int("layaway_id");
            let detail = shop.get(&format!("{PATH}/{id}")).await.expect(200);
            assert_eq!(detail["due_date"], json!(due));
        }
        body["due_date"] = json!(plus_days(&today, -1));
        refuses(&shop, Method::POST, PATH, body, 400, "due_date").await;
    }

    async fn what_is_set_aside_is_promised_to_nobody_else(shop: Shop) {
        let (register, item, customer) = prepared(&shop).await;
        shop.set_aside(customer, item, "7", "5000.00", "0.00").await;
        shop.assert_held(item, shop.branch_id, ["10", "7", "3", "0"]).await;
        assert_eq!(shop.available(item).await, dec("3"));
        let body = shop.layaway(customer, item, "4", "5000.00", "0.00");
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        let sale = shop.sale(register, item, "4", "5000.00");
        refuses(&shop, Method::POST, "/pos/api/sales", sale, 400, "").await;
        shop.sell_cash(register, item, "3", "5000.00").await;
        shop.assert_held(item, shop.branch_id, ["7", "7", "0", "0"]).await;
    }

    async fn the_same_item_twice_counts_together(shop: Shop) {
        let (_, item, customer) = prepared(&shop).await;
        let mut body = shop.layaway(customer, item, "6", "100.00", "0.00");
        let line = body["items"][0].clone();
        body["items"].as_array_mut().unwrap().push(line);
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
    }

    async fn a_service_reserves_nothing(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let service = shop.create_item_with(json!({"kind": "service", "initial_stock": 0})).await;
        let id = shop.set_aside(customer, service, "2", "100.00", "0.00").await;
        let detail = shop.get(&format!("{PATH}/{id}")).await.expect(200);
        assert_eq!(detail.money("total"), dec("232"));
    }

    async fn needs_a_customer_of_the_shop(shop: Shop) {
        let (register, item, customer) = prepared(&shop).await;
        let other = shop.neighbour().await;
        other.create_customer("0.00").await;
        let foreign = other.create_customer("0.00").await;
        for id in [json!(null), json!(foreign), json!(999_999)] {
            let mut body = sample(&shop, customer, item, register);
            body["customer_id"] = id;
            refuses(&shop, Method::POST, PATH, body, 400, "customer_id").await;
        }
    }

    async fn refuses_unknown_and_foreign_items(shop: Shop) {
        let (register, _, customer) = prepared(&shop).await;
        let other = shop.neighbour().await;
        other.create_item("1.00", 1).await;
        let foreign = other.create_item("1.00", 1).await;
        for id in [foreign, 999_999] {
            let body = sample(&shop, customer, id, register);
            refuses(&shop, Method::POST, PATH, body, 400, "inventory_id").await;
        }
        assert_eq!(other.available(foreign).await, dec("1"));
    }

    async fn cash_needs_an_open_register(shop: Shop) {
        let (register, item, customer) = prepared(&shop).await;
        let body = sample(&shop, customer, item, 999_999);
        refuses(&shop, Method::POST, PATH, body, 400, "register_id").await;
        let cut = json!({"register_id": register, "counted_amount": 100});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        let body = sample(&shop, customer, item, register);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "register_id").await;
        refuses(&shop, Method::POST, PATH, without(&body, "/register_id"), 400, "register_id").await;
    }

    async fn discounts_are_guarded_as_in_a_sale(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let cashier = shop.hire_with("cashier", json!({"max_discount_pct": 10})).await;
        let mut body = shop.layaway(customer, item, "1", "100.00", "0.00");
        body["items"][0]["discount_pct"] = json!(11);
        refuses(&cashier, Method::POST, PATH, body.clone(), 403, "").await;
        body["items"][0]["discount_pct"] = json!(10);
        let answer = cashier.post(PATH, body).await.expect(201);
        assert_eq!(answer.money("total"), dec("104.40"));
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (register, item, customer) = prepared(&shop).await;
        let good = sample(&shop, customer, item, register);
        let required = [
            "/items", "/items/0/inventory_id", "/items/0/quantity", "/customer_id", "/down_payment",
            "/payment_method",
        ];
        refuses_fields(&shop, Method::POST, PATH, &good, &required, &[
            ("/items", json!([])),
            ("/items", json!("todo")),
            ("/items/0", json!(null)),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/quantity", json!(0)),
            ("/items/0/quantity", json!(-1)),
            ("/items/0/quantity", json!("una")),
            ("/items/0/quantity", num("1e25")),
            ("/items/0/unit_price", json!(-1)),
            ("/items/0/discount_pct", json!(101)),
            ("/items/0/tax_rate", json!(16)),
            ("/customer_id", json!("Perez")),
            ("/customer_id", json!(0)),
            ("/down_payment", json!(-1)),
            ("/down_payment", json!("mucho")),
            ("/down_payment", json!(null)),
            ("/down_payment", num("1e30")),
            ("/down_payment", num("0.001")),
            ("/payment_method", json!("oro")),
            ("/payment_method", json!("mixto")),
            ("/payment_method", json!(1)),
            ("/payment_method", json!(null)),
            ("/register_id", json!("uno")),
            ("/register_id", json!(-1)),
            ("/due_date", json!("mañana")),
            ("/due_date", json!("2099-02-30")),
            ("/due_date", json!("30/04/2099")),
            ("/due_date", json!(20_990_430)),
            ("/notes", json!(5)),
            ("/notes", long_text()),
        ]).await;
    }

    async fn a_key_sets_aside_once(shop: Shop) {
        let (_, item, customer) = prepared(&shop).await;
        let body = shop.layaway(customer, item, "1", "100.00", "10.00");
        let other = shop.layaway(customer, item, "2", "100.00", "10.00");
        idempotent(&shop, Method::POST, PATH, body, other).await;
        shop.assert_held(item, shop.branch_id, ["10", "1", "9", "0"]).await;
    }

    async fn payments_are_numbered_over_all_layaways(shop: Shop) {
        let (_, item, customer) = prepared(&shop).await;
        let body = shop.layaway(customer, item, "1", "100.00", "10.00");
        let first = shop.post(PATH, body.clone()).await.expect(201);
        let second = shop.post(PATH, body).await.expect(201);
        assert_eq!(int(&second["payment_id"]), int(&first["payment_id"]) + 1);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(&shop, 1, 1, 1))).await;
    }
}
