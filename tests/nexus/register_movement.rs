use diario_tests::{both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/register/movement";

fn sample(register: i64) -> Value {
    json!({
        "register_id": register, "type": "out", "amount": num("500.00"), "reason": "Compra de papeleria"
    })
}

both_engines! {
    async fn cash_goes_out_and_comes_in(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let before = shop.balances().await;
        shop.post(PATH, sample(register)).await.expect(201);
        let mut into = sample(register);
        into["type"] = json!("in");
        into["amount"] = num("120.50");
        shop.post(PATH, into).await.expect(201);
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("movements_out"), dec("500"));
        assert_eq!(cut.money("movements_in"), dec("120.50"));
        assert_eq!(cut.money("expected_cash"), dec("1620.50"));
        // Between the drawer and the safe: both are account 101.01.
        shop.assert_moved(&before, &[]).await;
    }

    async fn an_expense_is_paid_out_of_the_drawer(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        shop.create_account("PAPELERIA", "601.84").await;
        let before = shop.balances().await;
        let mut body = sample(register);
        body["amount"] = num("580.00");
        body["tax"] = num("80.00");
        body["account_id"] = json!(shop.account("601.75").await);
        shop.post(PATH, body).await.expect(201);
        let mut untaxed = sample(register);
        untaxed["account_id"] = json!(shop.account("PAPELERIA").await);
        untaxed["amount"] = num("12.50");
        shop.post(PATH, untaxed).await.expect(201);
        shop.assert_moved(&before, &[
            ("601.75", "500"), ("PAPELERIA", "12.50"), ("118.01", "80"), ("101.01", "-592.50"),
        ]).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("movements_out"), dec("592.50"));
        assert_eq!(cut.money("expected_cash"), dec("1407.50"));
    }

    async fn an_expense_is_of_an_account_of_expenses(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let mut body = sample(register);
        for code in ["601", "101.01", "105.01", "201.01", "401.02", "501.01", "704.23"] {
            body["account_id"] = json!(shop.account(code).await);
            refuses(&shop, Method::POST, PATH, body.clone(), 400, "account_id").await;
        }
        body["account_id"] = json!(shop.account("601.84").await);
        let foreign = shop.neighbour().await.create_account("PAPELERIA", "601.84").await;
        refuses_fields(&shop, Method::POST, PATH, &body, &[], &[
            ("/account_id", json!(foreign)),
            ("/account_id", json!("601.84")),
            ("/account_id", json!(0)),
            ("/tax", num("500.01")),
            ("/tax", json!(-1)),
            ("/tax", json!("x")),
            ("/tax", num("0.001")),
        ]).await;
        body["type"] = json!("in");
        refuses(&shop, Method::POST, PATH, body, 400, "account_id").await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let required = ["/register_id", "/type", "/amount", "/reason"];
        refuses_fields(&shop, Method::POST, PATH, &sample(register), &required, &[
            ("/register_id", json!("uno")),
            ("/type", json!("afuera")),
            ("/type", json!(1)),
            ("/amount", json!(0)),
            ("/amount", json!(-500)),
            ("/amount", json!("x")),
            ("/amount", num("1e30")),
            ("/amount", num("0.001")),
            ("/reason", json!("")),
            ("/reason", json!(7)),
            ("/reason", long_text()),
        ]).await;
    }

    async fn no_more_goes_out_than_there_is(shop: Shop) {
        let register = shop.open_register("100.00").await;
        refuses(&shop, Method::POST, PATH, sample(register), 400, "").await;
    }

    async fn refuses_a_closed_or_unknown_register(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let cut = json!({"register_id": register, "counted_amount": 0});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        let mut body = sample(register);
        body["type"] = json!("in");
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "").await;
        body["register_id"] = json!(999_999);
        refuses(&shop, Method::POST, PATH, body, [400, 404], "").await;
    }

    async fn a_key_moves_once(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let mut other = sample(register);
        other["amount"] = json!(1);
        idempotent(&shop, Method::POST, PATH, sample(register), other).await;
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("movements_out"), dec("500"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(1))).await;
    }
}
