use diario_tests::{
    assert_shape, both_engines, guarded, idempotent, long_text, missing_ids, num, refused, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

fn path(customer: i64) -> String {
    format!("/pos/api/customers/{customer}/vehicles")
}

fn sample() -> Value {
    json!({
        "plate": "ABC-123", "vin": "3N1AB7AP5HY300001", "brand": "Nissan", "model": "Sentra", "year": 2017,
        "engine": "1.8L", "color": "Rojo", "notes": "Trae rines"
    })
}

both_engines! {
    async fn adds_a_vehicle(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let answer = shop.post(&path(customer), sample()).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Vehicle added"}));
        let second = shop.post(&path(customer), sample()).await.expect(201);
        assert_ne!(second.int("id"), answer.int("id"));
    }

    async fn one_of_plate_vin_and_model_is_enough(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        for field in ["plate", "vin", "model"] {
            shop.post(&path(customer), json!({field: "ABC-1"})).await.expect(201);
        }
        for body in [json!({}), json!({"brand": "Nissan", "year": 2017}), json!({"plate": "", "model": " "})] {
            refuses(&shop, Method::POST, &path(customer), body, 400, "plate").await;
        }
    }

    async fn the_years_are_those_of_cars(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        for year in [1900, 2100] {
            shop.post(&path(customer), json!({"model": "Sedán", "year": year})).await.expect(201);
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        refuses_fields(&shop, Method::POST, &path(customer), &sample(), &[], &[
            ("/plate", json!(123)),
            ("/plate", long_text()),
            ("/vin", json!([])),
            ("/vin", long_text()),
            ("/brand", json!(1)),
            ("/brand", long_text()),
            ("/model", json!(1)),
            ("/model", long_text()),
            ("/year", json!(1899)),
            ("/year", json!(2101)),
            ("/year", json!("2017")),
            ("/year", num("2017.5")),
            ("/year", num("99999999999999999999")),
            ("/engine", json!(1)),
            ("/engine", long_text()),
            ("/mye_id", json!("uno")),
            ("/mye_id", json!(-1)),
            ("/color", json!(1)),
            ("/color", long_text()),
            ("/notes", json!(1)),
            ("/notes", long_text()),
        ]).await;
    }

    async fn needs_customers_edit(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let cashier = shop.hire("cashier").await;
        refused(&cashier.post(&path(customer), sample()).await, 403, "customers.edit");
    }

    async fn a_foreign_or_unknown_customer_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = other.create_customer("1.00").await;
        let missing = |id: &str| format!("/pos/api/customers/{id}/vehicles");
        missing_ids(&shop, Method::POST, missing, foreign, Some(sample())).await;
        assert_eq!(other.get(&path(foreign)).await.expect(200)["data"], json!([]));
    }

    async fn a_key_adds_once(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        idempotent(&shop, Method::POST, &path(customer), sample(), json!({"plate": "Otra"})).await;
        assert_eq!(shop.get(&path(customer)).await.expect(200)["data"].as_array().unwrap().len(), 1);
    }

    async fn is_guarded(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        guarded(&shop, Method::POST, &path(customer), Some(sample())).await;
    }
}
