use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, missing_ids, num, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

fn path(customer: i64) -> String {
    format!("/pos/api/customers/{customer}/payment")
}

fn sample(amount: &str) -> Value {
    json!({
        "amount": num(amount), "payment_method": "transferencia", "reference": "SPEI-20260401-001",
        "notes": "Abono parcial"
    })
}

/// A customer who owes 1,160.00 of one credit sale: net 1,000.00, IVA 160.00.
async fn debtor(shop: &Shop) -> i64 {
    let item = shop.create_item("1000.00", 10).await;
    let customer = shop.create_customer("50000.00").await;
    shop.sell_on_credit(customer, item, "1", "1000.00").await;
    customer
}

both_engines! {
    async fn lowers_the_balance_and_collects_the_tax(shop: Shop) {
        let customer = debtor(&shop).await;
        let before = shop.balances().await;
        let answer = shop.post(&path(customer), sample("580.00")).await.expect(201);
        assert_shape(&answer, &json!({"payment_id": "int", "reference": "string", "balance": "number"}));
        assert_eq!(answer.money("balance"), dec("580"));
        shop.assert_moved(&before, &[
            ("102.01", "580"), ("105.01", "-580"), ("209.01", "80"), ("208.01", "-80"),
        ]).await;
    }

    async fn three_uneven_parts_move_the_tax_exactly(shop: Shop) {
        let customer = debtor(&shop).await;
        let mut owed = dec("1160");
        for (amount, tax) in [("333.33", "45.98"), ("500.00", "68.96"), ("326.67", "45.06")] {
            let before = shop.balances().await;
            let answer = shop.post(&path(customer), sample(amount)).await.expect(201);
            owed -= dec(amount);
            assert_eq!(answer.money("balance"), owed);
            let less = |text: &str| format!("-{text}");
            shop.assert_moved(&before, &[
                ("102.01", amount), ("105.01", &less(amount)), ("209.01", tax), ("208.01", &less(tax)),
            ]).await;
        }
        let after = shop.balances().await;
        assert_eq!(after.of("209.01"), dec("0"));
        assert_eq!(after.of("208.01"), dec("-160"));
        assert_eq!(after.of("105.01"), dec("0"));
    }

    async fn the_oldest_sale_is_paid_first(shop: Shop) {
        let customer = debtor(&shop).await;
        let free = shop.create_item_with(json!({"tax_rate": 0})).await;
        let mut untaxed = shop.credit_sale(customer, free, "1", "350.00");
        untaxed["items"][0]["tax_rate"] = json!(0);
        shop.sell(untaxed).await;
        shop.post(&path(customer), sample("1160.00")).await.expect(201);
        let after = shop.balances().await;
        assert_eq!(after.of("209.01"), dec("0"), "all tax of the older sale is collected");
        assert_eq!(after.of("208.01"), dec("-160"));
    }

    async fn cash_goes_to_the_drawer(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let customer = debtor(&shop).await;
        let before = shop.balances().await;
        let mut body = sample("116.00");
        body["payment_method"] = json!("efectivo");
        body["register_id"] = json!(register);
        shop.post(&path(customer), body).await.expect(201);
        shop.assert_moved(&before, &[
            ("101.01", "116"), ("105.01", "-116"), ("209.01", "16"), ("208.01", "-16"),
        ]).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("216"), "{:#}", *cut);
    }

    async fn refuses_more_than_is_owed(shop: Shop) {
        let customer = debtor(&shop).await;
        refuses(&shop, Method::POST, &path(customer), sample("1160.01"), 400, "").await;
        let nothing_owed = shop.create_customer("0.00").await;
        refuses(&shop, Method::POST, &path(nothing_owed), sample("1.00"), 400, "").await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let customer = debtor(&shop).await;
        let required = ["/amount", "/payment_method"];
        refuses_fields(&shop, Method::POST, &path(customer), &sample("1.00"), &required, &[
            ("/amount", json!(0)),
            ("/amount", json!(-1)),
            ("/amount", json!("x")),
            ("/amount", json!(null)),
            ("/amount", num("1e30")),
            ("/amount", num("0.001")),
            ("/payment_method", json!("oro")),
            ("/payment_method", json!(3)),
            ("/reference", json!(5)),
            ("/reference", long_text()),
            ("/notes", long_text()),
        ]).await;
    }

    async fn a_foreign_or_unknown_customer_is_404(shop: Shop) {
        let foreign = debtor(&shop.neighbour().await).await;
        let path = |id: &str| format!("/pos/api/customers/{id}/payment");
        missing_ids(&shop, Method::POST, path, foreign, Some(sample("1.00"))).await;
    }

    async fn a_key_pays_once(shop: Shop) {
        let customer = debtor(&shop).await;
        idempotent(&shop, Method::POST, &path(customer), sample("100.00"), sample("101.00")).await;
        let detail = shop.get(&format!("/pos/api/customers/{customer}")).await.expect(200);
        assert_eq!(detail.money("balance"), dec("1060"));
    }

    async fn is_guarded(shop: Shop) {
        let customer = debtor(&shop).await;
        guarded(&shop, Method::POST, &path(customer), Some(sample("1.00"))).await;
    }
}
