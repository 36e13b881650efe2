use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/return";

fn sample(sale: i64, item: i64, quantity: &str) -> Value {
    json!({
        "sale_id": sale, "items": [{"inventory_id": item, "quantity": num(quantity)}],
        "reason": "Parte equivocada"
    })
}

both_engines! {
    async fn a_partial_return_of_a_cash_sale_gives_cash_back(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(sale, item, "1")).await.expect(201);
        assert_shape(&answer, &json!({
            "return_id": "int", "sale_id": sale, "refund_total": "number", "sale_status": "completed",
            "message": "string"
        }));
        assert_eq!(answer.money("refund_total"), dec("406.00"));
        shop.assert_moved(&before, &[
            ("402.01", "350"), ("208.01", "56"), ("101.01", "-406"), ("115.01", "150"), ("501.01", "-150"),
        ]).await;
        assert_eq!(shop.stock(item).await, dec("9"));
        let detail = shop.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
        assert_eq!(detail["status"], "completed");
        assert_eq!(detail.money("returned_total"), dec("406.00"));
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("2406.00"), "{:#}", *cut);
    }

    async fn a_full_return_makes_the_sale_returned(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        let answer = shop.post(PATH, sample(sale, item, "2")).await.expect(201);
        assert_eq!(answer["sale_status"], "returned");
        assert_eq!(answer.money("refund_total"), dec("812.00"));
        assert_eq!(shop.stock(item).await, dec("10"));
        let listed = shop.all("/pos/api/sales?status=returned").await;
        assert_eq!(listed.len(), 1);
    }

    async fn more_than_sold_in_two_halves_is_refused(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "3", "350.00").await;
        shop.post(PATH, sample(sale, item, "2")).await.expect(201);
        refuses(&shop, Method::POST, PATH, sample(sale, item, "2"), 400, "").await;
        let answer = shop.post(PATH, sample(sale, item, "1")).await.expect(201);
        assert_eq!(answer["sale_status"], "returned");
        refuses(&shop, Method::POST, PATH, sample(sale, item, "1"), 400, "").await;
    }

    async fn the_same_item_twice_in_one_return_counts_together(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "3", "350.00").await;
        let line = json!({"inventory_id": item, "quantity": 2});
        let body = json!({"sale_id": sale, "items": [line, line], "reason": "Dos veces"});
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
    }

    async fn the_parts_give_back_exactly_what_was_paid(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("33.33", 10).await;
        let before = shop.balances().await;
        let sale = shop.sell_cash(register, item, "3", "33.33").await;
        let mut refunded = dec("0");
        for _ in 0..3 {
            refunded += shop.post(PATH, sample(sale, item, "1")).await.expect(201).money("refund_total");
        }
        assert_eq!(refunded, dec("115.99"));
        let after = shop.balances().await;
        for code in ["101.01", "208.01", "115.01", "501.01"] {
            assert_eq!(after.of(code), before.of(code), "{code}");
        }
    }

    async fn a_credit_sale_lowers_what_is_owed(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let sale = shop.sell_on_credit(customer, item, "2", "350.00").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(sale, item, "1")).await.expect(201);
        assert_eq!(answer.money("refund_total"), dec("406.00"));
        shop.assert_moved(&before, &[
            ("402.01", "350"), ("209.01", "56"), ("105.01", "-406"), ("115.01", "150"), ("501.01", "-150"),
        ]).await;
        let detail = shop.get(&format!("/pos/api/customers/{customer}")).await.expect(200);
        assert_eq!(detail.money("balance"), dec("406.00"));
    }

    async fn a_customers_paid_sale_becomes_store_credit(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["customer_id"] = json!(customer);
        let sale = shop.sell(body).await.int("sale_id");
        let before = shop.balances().await;
        shop.post(PATH, sample(sale, item, "2")).await.expect(201);
        shop.assert_moved(&before, &[
            ("402.01", "700"), ("208.01", "112"), ("206.05", "-812"), ("115.01", "300"), ("501.01", "-300"),
        ]).await;
    }

    async fn the_cost_is_that_of_the_sale(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-2",
            "items": [{"inventory_id": item, "quantity": 8, "unit_cost": num("250.00")}]
        })).await.expect(201);
        let before = shop.balances().await;
        shop.post(PATH, sample(sale, item, "2")).await.expect(201);
        assert_eq!(shop.balances().await.of("501.01") - before.of("501.01"), dec("-300.00"));
    }

    async fn a_cancelled_sale_takes_no_return(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        shop.put(&format!("/pos/api/sales/{sale}/cancel"), json!({"reason": "Error"})).await.expect(200);
        refuses(&shop, Method::POST, PATH, sample(sale, item, "1"), 400, "").await;
    }

    async fn of_a_sale_that_is_half_paid_what_is_owed_goes_first(shop: Shop) {
        let item = shop.create_item("1000.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let sale = shop.sell_on_credit(customer, item, "1", "1000.00").await;
        let paid = json!({"amount": num("580.00"), "payment_method": "transferencia"});
        shop.post(&format!("/pos/api/customers/{customer}/payment"), paid).await.expect(201);
        let before = shop.balances().await;
        shop.post(PATH, sample(sale, item, "1")).await.expect(201);
        shop.assert_moved(&before, &[
            ("402.01", "1000"), ("209.01", "80"), ("208.01", "80"), ("105.01", "-580"), ("206.05", "-580"),
            ("115.01", "150"), ("501.01", "-150"),
        ]).await;
    }

    async fn of_a_sale_that_is_not_paid_no_tax_is_collected_by_a_return(shop: Shop) {
        let (food, part) = (shop.create_item("100.00", 10).await, shop.create_item("100.00", 10).await);
        let customer = shop.create_customer("50000.00").await;
        for (back, tax) in [(food, "0"), (part, "16")] {
            let sale = shop.sell(of_two_rates(customer, food, part)).await.int("sale_id");
            let before = shop.balances().await;
            shop.post(PATH, sample(sale, back, "1")).await.expect(201);
            let after = shop.balances().await;
            assert_eq!(after.of("209.01") - before.of("209.01"), dec(tax));
            assert_eq!(after.of("208.01"), before.of("208.01"));
        }
    }

    async fn what_stays_in_209_is_the_tax_of_what_is_kept_and_still_owed(shop: Shop) {
        let (food, part) = (shop.create_item("100.00", 10).await, shop.create_item("100.00", 10).await);
        let customer = shop.create_customer("50000.00").await;
        let sale = shop.sell(of_two_rates(customer, food, part)).await.int("sale_id");
        let pay = async |amount: &str| {
            let paid = json!({"amount": num(amount), "payment_method": "transferencia"});
            shop.post(&format!("/pos/api/customers/{customer}/payment"), paid).await.expect(201);
            -shop.balances().await.of("209.01")
        };
        // Half of 216.00 with 16.00 of tax in it.
        assert_eq!(pay("108.00").await, dec("8"));
        // Half of the 16 % line comes back: 50.00 of 158.00 are owed, with 8.00 of tax in them.
        shop.post(PATH, sample(sale, part, "0.5")).await.expect(201);
        assert_eq!(-shop.balances().await.of("209.01"), dec("2.53"));
        // Each payment moves its part of that, and none takes any back.
        assert_eq!(pay("10.00").await, dec("2.02"));
        assert_eq!(pay("15.00").await, dec("1.26"));
        // Without the other line 100.00 less: the rest of what was paid for it is the customer's.
        shop.post(PATH, sample(sale, food, "1")).await.expect(201);
        let balances = shop.balances().await;
        assert_eq!((balances.of("209.01"), balances.of("208.01")), (dec("0"), dec("-8")));
        assert_eq!(balances.of("105.01"), dec("0"));
        shop.assert_books_tie().await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        let required = ["/sale_id", "/items", "/items/0/inventory_id", "/items/0/quantity"];
        refuses_fields(&shop, Method::POST, PATH, &sample(sale, item, "1"), &required, &[
            ("/sale_id", json!("V-0001")),
            ("/items", json!([])),
            ("/items", json!({})),
            ("/items/0/quantity", json!(0)),
            ("/items/0/quantity", json!(-1)),
            ("/items/0/quantity", json!("uno")),
            ("/items/0/quantity", num("1e25")),
            ("/items/0/inventory_id", json!("x")),
            ("/reason", json!(5)),
            ("/reason", long_text()),
        ]).await;
    }

    async fn refuses_a_sale_or_an_item_that_it_does_not_know(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let unsold = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "2", "350.00").await;
        refuses(&shop, Method::POST, PATH, sample(sale, unsold, "1"), 400, "").await;
        refuses(&shop, Method::POST, PATH, sample(999_999, item, "1"), [400, 404], "").await;
        let other = shop.neighbour().await;
        refuses(&other, Method::POST, PATH, sample(sale, item, "1"), [400, 404], "").await;
    }

    async fn a_key_returns_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "4", "350.00").await;
        idempotent(&shop, Method::POST, PATH, sample(sale, item, "1"), sample(sale, item, "2")).await;
        assert_eq!(shop.stock(item).await, dec("7"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(1, 1, "1"))).await;
    }
}

/// 100.00 without tax and 100.00 with 16 %, all on credit.
fn of_two_rates(customer: i64, food: i64, part: i64) -> Value {
    let line = |item: i64, rate: &str| json!({"inventory_id": item, "quantity": 1, "unit_price": num("100.00"), "discount_pct": 0, "tax_rate": num(rate)});
    json!({"items": [line(food, "0"), line(part, "0.16")], "customer_id": customer, "payment_method": "efectivo",
        "sale_type": "credit"})
}
