use diario_tests::{Shop, both_engines, samples};
use serde_json::{Value, json};

use crate::{Client, organization, sample};

const HOST: &str = "https://sandbox.lummy.io";

/// The two that the samples look for; the token and the organization of their environment.
async fn customers(shop: &Shop) -> [(&'static str, String); 2] {
    let client = Client::of(shop).await;
    client.post("/customers", sample()).await.expect(201);
    let mut other = sample();
    other["rfc"] = json!("OTR010101AB1");
    other["legalName"] = json!("Otra empresa");
    client.post("/customers", other).await.expect(201);
    [("ACCESS_TOKEN", client.token), ("LUMMY_ORG_ID", organization(shop))]
}

fn borrowed<'a>(environment: &'a [(&'static str, String); 2]) -> Vec<(&'static str, &'a str)> {
    environment.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

both_engines! {
    async fn curl(shop: Shop) {
        let environment = customers(&shop).await;
        let text = samples::sample("lummy/customers.sh", &[(HOST, &shop.base)]);
        if let Some(printed) = samples::shell(&text, &borrowed(&environment)) {
            let answer: Value = serde_json::from_str(&printed).unwrap();
            assert_eq!((&answer["meta"]["total"], &answer["total"]), (&json!(1), &json!(1)));
        }
    }

    async fn typescript(shop: Shop) {
        let environment = customers(&shop).await;
        let text = samples::sample("lummy/customers.ts", &[(HOST, &shop.base)]);
        if let Some(printed) = samples::typescript(&text, &borrowed(&environment)) {
            assert_eq!(printed.trim(), "Encontrados: 2 clientes");
        }
    }

    async fn python(shop: Shop) {
        let environment = customers(&shop).await;
        let text = samples::sample("lummy/customers.py", &[(HOST, &shop.base)]);
        if let Some(printed) = samples::python(&text, &borrowed(&environment)) {
            assert_eq!(printed.trim(), "Encontrados: 2 clientes");
        }
    }

    async fn php(shop: Shop) {
        let environment = customers(&shop).await;
        let text = samples::sample("lummy/customers.php", &[(HOST, &shop.base)]);
        if let Some(printed) = samples::php(&text, &borrowed(&environment)) {
            assert_eq!(printed.trim(), "Encontrados: 2 clientes");
        }
    }

    async fn with_a_token_of_a_login(shop: Shop) {
        let mut environment = customers(&shop).await;
        let email = format!("ana@{}.mx", shop.slug);
        let body = json!({"email": email, "name": "Ana", "password": "muy secreta"});
        shop.post("/admin/v1/users", body).await.expect(201);
        let body = json!({"email": email, "password": "muy secreta"}).to_string();
        let answer = shop.send(&reqwest::Method::POST, "/v1/auth/login", &[], Some(body)).await.expect(200);
        answer["accessToken"].as_str().unwrap().clone_into(&mut environment[0].1);
        let text = samples::sample("lummy/customers.sh", &[(HOST, &shop.base)]);
        if let Some(printed) = samples::shell(&text, &borrowed(&environment)) {
            assert_eq!(serde_json::from_str::<Value>(&printed).unwrap()["total"], json!(1));
        }
    }
}
