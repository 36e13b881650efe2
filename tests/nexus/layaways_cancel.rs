use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, missing_ids, num, refused,
    refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

fn path(layaway: i64) -> String {
    format!("/pos/api/layaways/{layaway}/cancel")
}

fn sample() -> Value {
    json!({"reason": "Cliente no completo pagos"})
}

/// Two pieces for 812.00 with 406.00 paid: customer, item, layaway.
async fn prepared(shop: &Shop) -> (i64, i64, i64) {
    let customer = shop.create_customer("0.00").await;
    let item = shop.create_item("350.00", 10).await;
    (customer, item, shop.set_aside(customer, item, "2", "350.00", "406.00").await)
}

both_engines! {
    async fn what_was_paid_becomes_store_credit(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop).await;
        let before = shop.balances().await;
        let answer = shop.put(&path(layaway), sample()).await.expect(200);
        assert_shape(&answer, &json!({
            "layaway_id": layaway, "status": "cancelled", "refunded": "number", "penalty": "number",
            "message": "string"
        }));
        assert_eq!(answer.money("refunded"), dec("406"));
        assert_eq!(answer.money("penalty"), dec("0"));
        shop.assert_moved(&before, &[("206.01", "350"), ("208.01", "56"), ("206.05", "-406")]).await;
        assert_eq!(shop.store_credit(customer).await, dec("406"));
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
        let detail = shop.get(&format!("/pos/api/layaways/{layaway}")).await.expect(200);
        assert_eq!(detail["status"], "cancelled");
    }

    async fn each_way_back_has_its_account(shop: Shop) {
        let register = shop.open_register("1000.00").await;
        for (method, account) in
            [("efectivo", "101.01"), ("transferencia", "102.01"), ("tarjeta", "107.05"), ("saldo_a_favor", "206.05")]
        {
            let (_, _, layaway) = prepared(&shop).await;
            let before = shop.balances().await;
            let mut body = sample();
            body["refund_method"] = json!(method);
            body["register_id"] = json!(register);
            shop.put(&path(layaway), body).await.expect(200);
            shop.assert_moved(&before, &[("206.01", "350"), ("208.01", "56"), (account, "-406")]).await;
        }
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("594"));
    }

    async fn a_penalty_is_kept(shop: Shop) {
        let (customer, _, layaway) = prepared(&shop).await;
        let before = shop.balances().await;
        let mut body = sample();
        body["penalty"] = num("100.50");
        let answer = shop.put(&path(layaway), body).await.expect(200);
        assert_eq!(answer.money("refunded"), dec("305.50"));
        assert_eq!(answer.money("penalty"), dec("100.50"));
        shop.assert_moved(&before, &[
            ("206.01", "350"), ("208.01", "56"), ("206.05", "-305.50"), ("403.01", "-100.50"),
        ]).await;
        assert_eq!(shop.store_credit(customer).await, dec("305.50"));
    }

    async fn all_of_it_may_be_kept_and_no_more(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let mut body = sample();
        body["penalty"] = num("406.01");
        refuses(&shop, Method::PUT, &path(layaway), body.clone(), 400, "penalty").await;
        body["penalty"] = json!(406);
        let answer = shop.put(&path(layaway), body).await.expect(200);
        assert_eq!(answer.money("refunded"), dec("0"));
    }

    async fn nothing_paid_is_nothing_back(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let layaway = shop.set_aside(customer, item, "2", "350.00", "0.00").await;
        let before = shop.balances().await;
        let answer = shop.put(&path(layaway), sample()).await.expect(200);
        assert_eq!(answer.money("refunded"), dec("0"));
        shop.assert_moved(&before, &[]).await;
        assert_eq!(shop.available(item).await, dec("10"));
    }

    async fn cash_needs_an_open_register_with_enough_in_it(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let mut body = sample();
        body["refund_method"] = json!("efectivo");
        refuses(&shop, Method::PUT, &path(layaway), body.clone(), 400, "register_id").await;
        body["register_id"] = json!(999_999);
        refuses(&shop, Method::PUT, &path(layaway), body.clone(), 400, "register_id").await;
        let register = shop.open_register("405.99").await;
        body["register_id"] = json!(register);
        refuses(&shop, Method::PUT, &path(layaway), body, 400, "").await;
    }

    async fn a_paid_one_may_still_be_cancelled(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop).await;
        let rest = json!({"amount": 406, "payment_method": "transferencia"});
        shop.post(&format!("/pos/api/layaways/{layaway}/payment"), rest).await.expect(201);
        shop.put(&path(layaway), sample()).await.expect(200);
        assert_eq!(shop.store_credit(customer).await, dec("812"));
        assert_eq!(shop.available(item).await, dec("10"));
    }

    async fn is_cancelled_once_and_never_after_it_was_completed(shop: Shop) {
        let (customer, item, layaway) = prepared(&shop).await;
        shop.put(&path(layaway), sample()).await.expect(200);
        refuses(&shop, Method::PUT, &path(layaway), sample(), 400, "").await;
        let completed = shop.set_aside(customer, item, "1", "350.00", "406.00").await;
        shop.post(&format!("/pos/api/layaways/{completed}/complete"), json!({})).await.expect(200);
        refuses(&shop, Method::PUT, &path(completed), sample(), 400, "").await;
        assert_eq!(shop.store_credit(customer).await, dec("406"));
    }

    async fn needs_pos_cancel(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        let cashier = shop.hire("cashier").await;
        refused(&cashier.put(&path(layaway), sample()).await, 403, "pos.cancel");
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (_, _, layaway) = prepared(&shop).await;
        refuses_fields(&shop, Method::PUT, &path(layaway), &sample(), &["/reason"], &[
            ("/reason", json!("")),
            ("/reason", json!("  ")),
            ("/reason", json!(5)),
            ("/reason", json!(null)),
            ("/reason", long_text()),
            ("/refund_method", json!("oro")),
            ("/refund_method", json!(1)),
            ("/penalty", json!(-1)),
            ("/penalty", json!("mucho")),
            ("/penalty", num("1e30")),
            ("/penalty", num("0.001")),
            ("/register_id", json!("uno")),
            ("/register_id", json!(-1)),
        ]).await;
    }

    async fn a_foreign_or_unknown_layaway_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let (_, item, foreign) = prepared(&other).await;
        let path = |id: &str| format!("/pos/api/layaways/{id}/cancel");
        missing_ids(&shop, Method::PUT, path, foreign, Some(sample())).await;
        assert_eq!(other.available(item).await, dec("8"));
    }

    async fn a_key_cancels_once(shop: Shop) {
        let (customer, _, layaway) = prepared(&shop).await;
        idempotent(&shop, Method::PUT, &path(layaway), sample(), json!({"reason": "Otra"})).await;
        assert_eq!(shop.store_credit(customer).await, dec("406"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::PUT, &path(1), Some(sample())).await;
    }
}
