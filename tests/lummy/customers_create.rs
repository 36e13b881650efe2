use diario_tests::{assert_shape, both_engines};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, enveloped, fresh_uuid, guarded, refused, sample, shape};

both_engines! {
    async fn registers_a_customer_that_every_door_knows(shop: Shop) {
        let client = Client::of(&shop).await;
        let answer = client.post("/v1/customers", sample()).await.expect(201);
        enveloped(&answer, "/customers", "POST");
        assert_shape(&answer["data"], &shape());
        let listed = client.get("/customers").await.expect(200);
        assert_eq!(listed["data"][0], answer["data"]);
        let detail = shop.get("/pos/api/customers/1").await.expect(200);
        assert_eq!((detail["rfc"].as_str(), detail["codigo_postal"].as_str()), (Some("ECL010101AB1"), Some("06500")));
        assert_eq!((detail["razon_social"].as_str(), detail["regimen_fiscal"].as_str()), (Some("Empresa Cliente S.A. de C.V."), Some("601")));
    }

    async fn an_rfc_is_one_customers_unless_it_is_generic(shop: Shop) {
        let client = Client::of(&shop).await;
        client.post("/customers", sample()).await.expect(201);
        let before = shop.events().await;
        for rfc in ["ECL010101AB1", "ecl010101ab1"] {
            let mut body = sample();
            body["rfc"] = json!(rfc);
            refused(&client.post("/v1/customers", body).await, 409, "ConflictException", "ECL010101AB1");
        }
        assert_eq!(shop.events().await, before);
        for _ in 0..2 {
            let mut body = sample();
            body["rfc"] = json!("XEXX010101000");
            client.post("/v1/customers", body).await.expect(201);
        }
        let neighbour = shop.neighbour().await;
        Client::of(&neighbour).await.post("/customers", sample()).await.expect(201);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let client = Client::of(&shop).await;
        let before = shop.events().await;
        for (field, values) in [
            ("rfc", vec![json!(null), json!(""), json!(5), json!("ABC"), json!("ABC01010AB12"), json!("ECL011301AB1"), json!("ECL010100AB1"), json!("ECL010101ABX"), json!("A".repeat(21))]),
            ("legalName", vec![json!(null), json!(" "), json!({}), json!("x".repeat(301))]),
            ("fiscalRegime", vec![json!(null), json!(601), json!("60"), json!("6O1"), json!("+601"), json!("999"), json!("602")]),
            ("fiscalZipCode", vec![json!(null), json!(6500), json!("6500"), json!("065001")]),
            ("email", vec![json!(5), json!("nadie"), json!("a b@c.mx"), json!("x".repeat(255))]),
            ("phone", vec![json!(5), json!("1".repeat(51))]),
        ] {
            for value in values {
                let mut body = sample();
                body[field] = value.clone();
                refused(&client.post("/customers", body).await, 400, "ValidationError", field);
            }
        }
        assert_eq!(shop.events().await, before);
        let mut body = sample();
        body["email"] = Value::Null;
        body.as_object_mut().unwrap().remove("phone");
        let answer = client.post("/customers", body).await.expect(201);
        assert_eq!((&answer["data"]["email"], answer["data"].get("phone")), (&Value::Null, None));
    }

    async fn the_same_key_answers_the_same_again_by_either_path(shop: Shop) {
        let client = Client::of(&shop).await;
        let key = fresh_uuid();
        let first = client.keyed(&key, Method::POST, "/v1/customers", Some(&sample())).await.expect(201);
        let after = shop.events().await;
        for path in ["/v1/customers", "/customers"] {
            let again = client.keyed(&key, Method::POST, path, Some(&sample())).await.expect(201);
            assert_eq!(again.text(), first.text());
            assert_eq!(again.header("idempotent-replayed"), Some("true"));
        }
        let mut other = sample();
        other["email"] = json!("otro@cliente.com");
        let clash = client.keyed(&key, Method::POST, "/v1/customers", Some(&other)).await;
        refused(&clash, 422, "ValidationError", "");
        assert_eq!(shop.events().await, after);
        let metadata = format!(
            "SELECT CAST(metadata AS TEXT) FROM events WHERE tenant_id = {} AND event_type = 'customer.registered'",
            shop.tenant_id
        );
        let metadata: Value = serde_json::from_str(shop.sql().rows(&metadata).await[0][0].as_ref().unwrap()).unwrap();
        assert_eq!((metadata["surface"].as_str(), metadata["principal"].as_str()), (Some("lummy"), Some("key-1")));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, "/customers", Some(sample())).await;
    }
}
