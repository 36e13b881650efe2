use diario_tests::{assert_shape, both_engines, dec, guarded, idempotent, num, refuses, refuses_fields};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/register/open";

fn sample() -> Value {
    json!({"register_number": 1, "opening_amount": num("2000.00")})
}

both_engines! {
    async fn opens_a_session(shop: Shop) {
        let answer = shop.post(PATH, sample()).await.expect(201);
        assert_shape(&answer, &json!({
            "register_id": "int", "register_number": 1, "opened_at": "time", "opening_amount": "number"
        }));
        assert_eq!(answer.money("opening_amount"), dec("2000"));
    }

    async fn a_float_may_be_nothing(shop: Shop) {
        shop.post(PATH, json!({"register_number": 2, "opening_amount": 0})).await.expect(201);
    }

    async fn an_employee_has_one_open_register(shop: Shop) {
        shop.post(PATH, sample()).await.expect(201);
        refuses(&shop, Method::POST, PATH, sample(), 400, "").await;
        let other = json!({"register_number": 2, "opening_amount": 0});
        refuses(&shop, Method::POST, PATH, other, 400, "").await;
    }

    async fn each_session_has_an_id_of_its_own(shop: Shop) {
        let first = shop.open_register("0.00").await;
        let cut = json!({"register_id": first, "counted_amount": 0});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        assert_ne!(shop.open_register("0.00").await, first);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let required = ["/register_number", "/opening_amount"];
        refuses_fields(&shop, Method::POST, PATH, &sample(), &required, &[
            ("/register_number", json!("uno")),
            ("/register_number", json!(0)),
            ("/register_number", json!(-1)),
            ("/register_number", num("1.5")),
            ("/register_number", num("99999999999999999999")),
            ("/opening_amount", json!(-1)),
            ("/opening_amount", json!("x")),
            ("/opening_amount", json!(null)),
            ("/opening_amount", num("1e30")),
            ("/opening_amount", num("10.001")),
        ]).await;
    }

    async fn a_key_opens_once(shop: Shop) {
        let other = json!({"register_number": 1, "opening_amount": 5});
        idempotent(&shop, Method::POST, PATH, sample(), other).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample())).await;
    }
}
