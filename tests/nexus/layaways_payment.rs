use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, int, long_text, missing_ids, num, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

fn path(layaway: i64) -> String {
    format!("/pos/api/layaways/{layaway}/payment")
}

fn by_card(amount: &str) -> Value {
    json!({"amount": num(amount), "payment_method": "tarjeta", "reference": "AUTH-1"})
}

/// A layaway of 1,160.00, 160.00 of it tax, nothing paid: customer, item, layaway.
async fn prepared(shop: &Shop) -> (i64, i64, i64) {
    let customer = shop.create_customer("0.00").await;
    let item = shop.create_item("1000.00", 10).await;
    (customer, item, shop.set_aside(customer, item, "1", "1000.00", "0.00").await)
}

both_engines! {
    async fn lowers_the_balance(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let (_, item, layaway) = prepared(&shop).await;
        let before = shop.balances().await;
        let body = json!({"amount": num("580.00"), "payment_method": "efectivo", "register_id": register});
        let answer = shop.post(&path(layaway), body).await.expect(201);
        assert_shape(&answer, &json!({"payment_id": "int", "paid": "number", "balance": "number"}));
        assert_eq!(answer.money("paid"), dec("580"));
        assert_eq!(answer.money("balance"), dec("580"));
        shop.assert_moved(&before, &[("101.01", "580"), ("206.01", "-500"), ("208.01", "-80")]).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("680"));
        shop.assert_held(item, shop.branch_id, ["10", "1", "9", "0"]).await;
    }

    async fn three_uneven_parts_collect_the_tax_exactly(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let mut paid = dec("0");
        for (amount, net, tax) in
            [("333.33", "-287.35", "-45.98"), ("500.00", "-431.04", "-68.96"), ("326.67", "-281.61", "-45.06")]
        {
            let before = shop.balances().await;
            let answer = shop.post(&path(layaway), by_card(amount)).await.expect(201);
            paid += dec(amount);
            assert_eq!(answer.money("paid"), paid);
            assert_eq!(answer.money("balance"), dec("1160") - paid);
            shop.assert_moved(&before, &[("107.05", amount), ("206.01", net), ("208.01", tax)]).await;
        }
        let detail = shop.get(&format!("/pos/api/layaways/{layaway}")).await.expect(200);
        assert_eq!(detail["status"], "active", "completing is an act of its own");
    }

    async fn many_centavos_collect_the_tax_exactly(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let item = shop.create_item("0.10", 10).await;
        let layaway = shop.set_aside(customer, item, "1", "0.10", "0.00").await;
        for _ in 0..12 {
            shop.post(&path(layaway), by_card("0.01")).await.expect(201);
        }
        let balances = shop.balances().await;
        assert_eq!(balances.of("206.01"), dec("-0.10"));
        assert_eq!(balances.of("208.01"), dec("-0.02"));
    }

    async fn store_credit_pays(shop: Shop) {
        let customer = shop.create_customer_with_credit("600.00").await;
        let item = shop.create_item("1000.00", 10).await;
        let layaway = shop.set_aside(customer, item, "1", "1000.00", "0.00").await;
        let before = shop.balances().await;
        let body = json!({"amount": 580, "payment_method": "saldo_a_favor"});
        shop.post(&path(layaway), body.clone()).await.expect(201);
        shop.assert_moved(&before, &[("206.05", "580"), ("206.01", "-500"), ("208.01", "-80")]).await;
        assert_eq!(shop.store_credit(customer).await, dec("20"));
        refuses(&shop, Method::POST, &path(layaway), body, 400, "").await;
    }

    async fn payments_are_numbered_over_all_layaways(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop).await;
        let other = shop.set_aside(customer, item, "1", "1000.00", "0.00").await;
        let mut ids = Vec::new();
        for layaway in [layaway, other, layaway] {
            ids.push(int(&shop.post(&path(layaway), by_card("1.00")).await.expect(201)["payment_id"]));
        }
        assert_eq!(ids, [ids[0], ids[0] + 1, ids[0] + 2]);
    }

    async fn refuses_more_than_is_owed(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        shop.post(&path(layaway), by_card("160.00")).await.expect(201);
        refuses(&shop, Method::POST, &path(layaway), by_card("1000.01"), 400, "amount").await;
        shop.post(&path(layaway), by_card("1000.00")).await.expect(201);
        refuses(&shop, Method::POST, &path(layaway), by_card("0.01"), 400, "").await;
    }

    async fn one_that_is_completed_or_cancelled_takes_none(shop: Shop) {
        let (customer, item, cancelled) = prepared(&shop).await;
        let body = json!({"reason": "No vino"});
        shop.put(&format!("/pos/api/layaways/{cancelled}/cancel"), body).await.expect(200);
        let completed = shop.set_aside(customer, item, "1", "1000.00", "1160.00").await;
        shop.post(&format!("/pos/api/layaways/{completed}/complete"), json!({})).await.expect(200);
        for layaway in [cancelled, completed] {
            refuses(&shop, Method::POST, &path(layaway), by_card("1.00"), 400, "").await;
        }
    }

    async fn cash_needs_an_open_register(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let mut body = by_card("1.00");
        body["payment_method"] = json!("efectivo");
        refuses(&shop, Method::POST, &path(layaway), body.clone(), 400, "register_id").await;
        body["register_id"] = json!(999_999);
        refuses(&shop, Method::POST, &path(layaway), body, 400, "register_id").await;
    }

    async fn a_register_that_is_named_must_be_open(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let cut = json!({"register_id": register, "counted_amount": 0});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        let (_, _, layaway) = prepared(&shop).await;
        let mut body = by_card("1.00");
        body["register_id"] = json!(register);
        refuses(&shop, Method::POST, &path(layaway), body, 400, "register_id").await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let required = ["/amount", "/payment_method"];
        refuses_fields(&shop, Method::POST, &path(layaway), &by_card("1.00"), &required, &[
            ("/amount", json!(0)),
            ("/amount", json!(-1)),
            ("/amount", json!("mucho")),
            ("/amount", json!(null)),
            ("/amount", num("1e30")),
            ("/amount", num("0.001")),
            ("/payment_method", json!("oro")),
            ("/payment_method", json!("mixto")),
            ("/payment_method", json!(3)),
            ("/register_id", json!("uno")),
            ("/register_id", json!(-1)),
            ("/reference", json!(5)),
            ("/reference", long_text()),
        ]).await;
    }

    async fn a_foreign_or_unknown_layaway_is_404(shop: Shop) {
        let (_, _, foreign) = prepared(&shop.neighbour().await).await;
        let path = |id: &str| format!("/pos/api/layaways/{id}/payment");
        missing_ids(&shop, Method::POST, path, foreign, Some(by_card("1.00"))).await;
    }

    async fn a_key_pays_once(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let answer = idempotent(&shop, Method::POST, &path(layaway), by_card("1.00"), by_card("2.00")).await;
        assert_eq!(answer.money("paid"), dec("1"));
        let detail = shop.get(&format!("/pos/api/layaways/{layaway}")).await.expect(200);
        assert_eq!(detail.money("paid"), dec("1"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, &path(1), Some(by_card("1.00"))).await;
    }
}
