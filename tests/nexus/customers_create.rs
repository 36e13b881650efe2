use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/customers";

fn sample() -> Value {
    json!({
        "name": "Taller Perez", "rfc": "XAXX010101000", "razon_social": "Taller Mecanico Perez SA de CV",
        "regimen_fiscal": "601", "codigo_postal": "06600", "uso_cfdi": "G03", "email": "taller@correo.com",
        "phone": "555-9876", "address": "Calle Reforma 50", "price_tier": "taller",
        "credit_limit": num("50000.00")
    })
}

both_engines! {
    async fn creates_the_documented_customer(shop: Shop) {
        let mut body = sample();
        body["branch_id"] = json!(shop.branch_id);
        let answer = shop.post("/pos/api/customers/", body).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Customer created"}));
        let detail = shop.get(&format!("{PATH}/{}", answer.int("id"))).await.expect(200);
        for (field, value) in sample().as_object().unwrap() {
            if field != "credit_limit" {
                assert_eq!(&detail[field], value, "{field}");
            }
        }
        assert_eq!(detail.money("credit_limit"), dec("50000"));
        assert_eq!(detail.money("balance"), dec("0"));
    }

    async fn needs_no_more_than_a_name(shop: Shop) {
        let answer = shop.post(PATH, json!({"name": "Juan"})).await.expect(201);
        let detail = shop.get(&format!("{PATH}/{}", answer.int("id"))).await.expect(200);
        assert_eq!(detail["price_tier"], "mostrador");
        assert_eq!(detail.money("credit_limit"), dec("0"));
    }

    async fn the_generic_rfc_may_repeat_and_no_other(shop: Shop) {
        for rfc in ["XAXX010101000", "XEXX010101000"] {
            for _ in 0..2 {
                shop.post(PATH, json!({"name": "Público", "rfc": rfc})).await.expect(201);
            }
        }
        let body = json!({"name": "Perez", "rfc": "PEGJ800101AB1"});
        shop.post(PATH, body.clone()).await.expect(201);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "rfc").await;
        shop.neighbour().await.post(PATH, body).await.expect(201);
    }

    async fn refuses_bad_fields(shop: Shop) {
        refuses_fields(&shop, Method::POST, PATH, &sample(), &["/name"], &[
            ("/name", json!("")),
            ("/name", json!(5)),
            ("/name", json!(null)),
            ("/name", long_text()),
            ("/rfc", json!(5)),
            ("/rfc", long_text()),
            ("/razon_social", long_text()),
            ("/email", json!([])),
            ("/phone", long_text()),
            ("/address", long_text()),
            ("/price_tier", json!("vip")),
            ("/price_tier", json!(2)),
            ("/credit_limit", json!(-1)),
            ("/credit_limit", json!("mucho")),
            ("/credit_limit", num("1e30")),
            ("/branch_id", json!("centro")),
        ]).await;
    }

    async fn a_key_creates_once(shop: Shop) {
        let mut other = sample();
        other["name"] = json!("Otro");
        idempotent(&shop, Method::POST, PATH, sample(), other).await;
        assert_eq!(shop.all(PATH).await.len(), 1);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample())).await;
    }
}
