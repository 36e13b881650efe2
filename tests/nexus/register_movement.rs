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
