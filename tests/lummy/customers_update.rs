use diario_tests::{assert_shape, both_engines};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, enveloped, fresh_uuid, guarded, refused, sample, shape};

both_engines! {
    async fn changes_what_is_sent_and_nothing_else(shop: Shop) {
        let client = Client::of(&shop).await;
        let created = client.post("/customers", sample()).await.expect(201);
        let id = created["data"]["id"].as_str().unwrap();
        let path = format!("/v1/customers/{id}");
        let answer = client.patch(&path, json!({"email": "pagos@cliente.com", "fiscalZipCode": "44100"})).await.expect(200);
        enveloped(&answer, &format!("/customers/{id}"), "PATCH");
        assert_shape(&answer["data"], &shape());
        let mut expected = created["data"].clone();
        expected["email"] = json!("pagos@cliente.com");
        expected["fiscalZipCode"] = json!("44100");
        expected["updatedAt"] = answer["data"]["updatedAt"].clone();
        assert_eq!(answer["data"], expected);
        assert!(answer["data"]["updatedAt"].as_str() >= created["data"]["createdAt"].as_str());
        assert_eq!(client.get(&path).await.expect(200)["data"], expected);
        let emptied = client.patch(&path, json!({"email": null, "phone": null, "legalName": "Otra S.A."})).await.expect(200);
        assert_eq!((&emptied["data"]["email"], emptied["data"].get("phone")), (&Value::Null, None));
        assert_eq!(client.get("/customers?search=otra").await.expect(200).int("total"), 1);
        let before = shop.events().await;
        let same = client.patch(&path, json!({"legalName": "Otra S.A."})).await.expect(200);
        assert_eq!(same["data"], emptied["data"]);
        client.patch(&path, json!({})).await.expect(200);
        assert_eq!(shop.events().await, before, "what is as it was is no change");
    }

    async fn refuses_bad_fields_and_other_customers_rfc(shop: Shop) {
        let client = Client::of(&shop).await;
        client.post("/customers", sample()).await.expect(201);
        let mut other = sample();
        other["rfc"] = json!("OTR010101AB1");
        let created = client.post("/customers", other).await.expect(201);
        let path = format!("/customers/{}", created["data"]["id"].as_str().unwrap());
        let before = shop.events().await;
        for (field, value) in [
            ("rfc", json!(null)), ("rfc", json!("X")), ("legalName", json!("")), ("fiscalRegime", json!(601)),
            ("fiscalZipCode", json!("1")), ("email", json!("x")), ("phone", json!(1)),
        ] {
            refused(&client.patch(&path, json!({field: value})).await, 400, "ValidationError", field);
        }
        refused(&client.patch(&path, json!({"rfc": "ECL010101AB1"})).await, 409, "ConflictException", "ECL010101AB1");
        refused(
            &client.patch("/customers/550e8400-e29b-41d4-a716-446655440000", json!({})).await,
            404, "NotFoundException", "",
        );
        let neighbour = shop.neighbour().await;
        let theirs = Client::of(&neighbour).await.post("/customers", sample()).await.expect(201);
        let foreign = format!("/customers/{}", theirs["data"]["id"].as_str().unwrap());
        refused(&client.patch(&foreign, json!({"email": null})).await, 404, "NotFoundException", "");
        assert_eq!(shop.events().await, before);
    }

    async fn is_guarded_and_done_once(shop: Shop) {
        let client = Client::of(&shop).await;
        let created = client.post("/customers", sample()).await.expect(201);
        let path = format!("/customers/{}", created["data"]["id"].as_str().unwrap());
        guarded(&shop, Method::PATCH, &path, Some(json!({"email": "uno@cliente.com"}))).await;
        let (key, body) = (fresh_uuid(), json!({"email": "dos@cliente.com"}));
        let first = client.keyed(&key, Method::PATCH, &path, Some(&body)).await.expect(200);
        let after = shop.events().await;
        let again = client.keyed(&key, Method::PATCH, &path, Some(&body)).await.expect(200);
        assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
        assert_eq!(shop.events().await, after);
    }
}
