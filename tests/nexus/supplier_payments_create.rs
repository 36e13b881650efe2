use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/supplier-payments";

/// A purchase on credit for 3,364.00, of which 464.00 is tax.
async fn owed(shop: &Shop) -> i64 {
    let item = shop.create_item("350.00", 10).await;
    purchase(shop, item, json!({})).await
}

async fn purchase(shop: &Shop, item: i64, more: Value) -> i64 {
    let mut body = json!({
        "supplier": "Distribuidora Central", "invoice_number": "FAC-001",
        "items": [{"inventory_id": item, "quantity": 20, "unit_cost": num("145.00")}]
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    shop.post("/pos/api/inventory/purchase", body).await.expect(201).int("purchase_id")
}

fn sample(purchase: i64, amount: &str) -> Value {
    json!({
        "purchase_id": purchase, "amount": num(amount), "payment_method": "transferencia",
        "reference": "SPEI-20260401-002"
    })
}

both_engines! {
    async fn three_uneven_parts_move_the_tax_exactly(shop: Shop) {
        let purchase = owed(&shop).await;
        let mut balance = dec("3364");
        for (number, (amount, tax)) in
            [("1000.01", "137.93"), ("1111.11", "153.26"), ("1252.88", "172.81")].into_iter().enumerate()
        {
            let before = shop.balances().await;
            let answer = shop.post(PATH, sample(purchase, amount)).await.expect(201);
            assert_shape(&answer, &json!({
                "payment_id": "int", "reference": format!("PP-{:04}", number + 1), "balance": "number"
            }));
            balance -= dec(amount);
            assert_eq!(answer.money("balance"), balance);
            let less = |text: &str| format!("-{text}");
            shop.assert_moved(&before, &[
                ("201.01", amount), ("102.01", &less(amount)), ("118.01", tax), ("119.01", &less(tax)),
            ]).await;
        }
        let after = shop.balances().await;
        for (code, left) in [("201.01", "0"), ("119.01", "0"), ("118.01", "464")] {
            assert_eq!(after.of(code), dec(left), "{code}");
        }
        refuses(&shop, Method::POST, PATH, sample(purchase, "0.01"), 400, "purchase_id").await;
    }

    async fn each_purchase_is_paid_by_itself(shop: Shop) {
        let (first, second) = (owed(&shop).await, owed(&shop).await);
        shop.post(PATH, sample(second, "3364.00")).await.expect(201);
        let after = shop.balances().await;
        assert_eq!((after.of("201.01"), after.of("119.01")), (dec("-3364"), dec("464")));
        refuses(&shop, Method::POST, PATH, sample(second, "1.00"), 400, "purchase_id").await;
        shop.post(PATH, sample(first, "3364.00")).await.expect(201);
    }

    async fn cash_comes_out_of_the_drawer_or_the_safe(shop: Shop) {
        let register = shop.open_register("1000.00").await;
        let purchase = owed(&shop).await;
        let before = shop.balances().await;
        let mut body = sample(purchase, "841.00");
        body["payment_method"] = json!("efectivo");
        body["register_id"] = json!(register);
        shop.post(PATH, body.clone()).await.expect(201);
        let parts = [("201.01", "841"), ("101.01", "-841"), ("118.01", "116"), ("119.01", "-116")];
        shop.assert_moved(&before, &parts).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("159"), "{:#}", *cut);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "amount").await;
        let before = shop.balances().await;
        body.as_object_mut().unwrap().remove("register_id");
        shop.post(PATH, body).await.expect(201);
        shop.assert_moved(&before, &parts).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("expected_cash"), dec("159"), "the safe paid");
    }

    async fn a_card_is_paid_by_the_bank(shop: Shop) {
        let purchase = owed(&shop).await;
        let before = shop.balances().await;
        let mut body = sample(purchase, "1682.00");
        body["payment_method"] = json!("tarjeta");
        shop.post(PATH, body).await.expect(201);
        shop.assert_moved(&before, &[
            ("201.01", "1682"), ("102.01", "-1682"), ("118.01", "232"), ("119.01", "-232"),
        ]).await;
    }

    async fn refuses_more_than_is_owed_and_what_is_not_owed(shop: Shop) {
        let purchase = owed(&shop).await;
        refuses(&shop, Method::POST, PATH, sample(purchase, "3364.01"), 400, "amount").await;
        let item = shop.create_item("350.00", 10).await;
        let paid = self::purchase(&shop, item, json!({"payment_method": "transferencia"})).await;
        let foreign = {
            let other = shop.neighbour().await;
            for _ in 0..3 {
                owed(&other).await;
            }
            owed(&other).await
        };
        for id in [paid, foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(id, "1.00"), 400, "purchase_id").await;
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let good = sample(owed(&shop).await, "100.00");
        let required = ["/purchase_id", "/amount", "/payment_method"];
        refuses_fields(&shop, Method::POST, PATH, &good, &required, &[
            ("/purchase_id", json!("uno")),
            ("/purchase_id", json!(0)),
            ("/amount", json!(0)),
            ("/amount", json!(-1)),
            ("/amount", json!("x")),
            ("/amount", num("0.001")),
            ("/amount", num("1e30")),
            ("/payment_method", json!("oro")),
            ("/payment_method", json!("saldo_a_favor")),
            ("/payment_method", json!(3)),
            ("/register_id", json!("x")),
            ("/reference", json!(5)),
            ("/reference", long_text()),
        ]).await;
    }

    async fn refuses_a_closed_register(shop: Shop) {
        let mut body = sample(owed(&shop).await, "100.00");
        body["payment_method"] = json!("efectivo");
        body["register_id"] = json!(999_999);
        refuses(&shop, Method::POST, PATH, body, 400, "register_id").await;
    }

    async fn a_key_pays_once(shop: Shop) {
        let purchase = owed(&shop).await;
        idempotent(&shop, Method::POST, PATH, sample(purchase, "100.00"), sample(purchase, "101.00")).await;
        assert_eq!(shop.balances().await.of("201.01"), dec("-3264"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(1, "1.00"))).await;
    }
}
