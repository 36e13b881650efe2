use diario_tests::{Answer, Shop, assert_shape, both_engines};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, organization, refused, sample};

const PATHS: [&str; 2] = ["/v1/auth/login", "/auth/login"];

async fn person(shop: &Shop, email: &str, password: &str) {
    let body = json!({"email": email, "name": "Ana", "password": password});
    shop.post("/admin/v1/users", body).await.expect(201);
}

async fn log_in(shop: &Shop, path: &str, body: Value) -> Answer {
    shop.send(&Method::POST, path, &[], Some(body.to_string())).await
}

fn of(shop: &Shop) -> String {
    format!("ana@{}.mx", shop.slug)
}

both_engines! {
    async fn a_token_ends_with_its_password(shop: Shop) {
        person(&shop, &of(&shop), "muy secreta").await;
        let body = json!({"email": of(&shop), "password": "muy secreta"});
        let token = log_in(&shop, PATHS[0], body).await.expect(200)["accessToken"].as_str().unwrap().to_owned();
        let client = Client { shop: &shop, token, organization: organization(&shop), host: None };
        client.get("/v1/customers").await.expect(200);
        let users = shop.get("/admin/v1/users").await.expect(200);
        let path = format!("/admin/v1/users/{}/password", users["data"][0]["id"]);
        shop.put(&path, json!({"password": "otra secreta"})).await.expect(200);
        refused(&client.get("/v1/customers").await, 401, "UnauthorizedException", "");
    }

    async fn gives_a_token_that_opens_this_door_only(shop: Shop) {
        person(&shop, &of(&shop), "muy secreta").await;
        for path in PATHS {
            let body = json!({"email": of(&shop).to_uppercase(), "password": "muy secreta"});
            let answer = log_in(&shop, path, body).await.expect(200);
            assert_shape(&answer, &json!({"accessToken": "string", "expiresIn": 28800, "tokenType": "Bearer"}));
            let token = answer["accessToken"].as_str().unwrap().to_owned();
            let client = Client { shop: &shop, token: token.clone(), organization: organization(&shop), host: None };
            client.get("/v1/customers").await.expect(200);
            let mut body = sample();
            body["rfc"] = json!(format!("ECL010101AB{}", path.len() % 10));
            client.post("/customers", body).await.expect(201);
            shop.bearing(&token, Method::GET, "/pos/api/customers", &[], None).await.expect(401);
            shop.bearing(&token, Method::GET, "/api/v1/clientes", &[], None).await.expect(401);
            shop.bearing(&token, Method::GET, "/admin/v1/keys", &[], None).await.expect(401);
            // Without `Bearer` a token is none (Y-6).
            let headers = [("authorization", token.as_str()), ("x-organization-id", &client.organization)];
            refused(&shop.send(&Method::GET, "/customers", &headers, None).await, 401, "UnauthorizedException", "");
        }
    }

    async fn wrong_ones_are_refused_alike_and_the_sixth_must_wait(shop: Shop) {
        person(&shop, &of(&shop), "muy secreta").await;
        for path in PATHS {
            for body in [json!({}), json!({"email": of(&shop)}), json!({"email": 5, "password": "x"})] {
                refused(&log_in(&shop, path, body).await, 400, "ValidationError", "");
            }
            let answer = shop.send(&Method::POST, path, &[], Some("{".to_owned())).await;
            refused(&answer, 400, "ValidationError", "JSON");
        }
        let mut messages = Vec::new();
        for email in [of(&shop), format!("nadie@{}.mx", shop.slug)] {
            for number in 0..5 {
                let answer = log_in(&shop, PATHS[number % 2], json!({"email": email, "password": "otra cosa"})).await;
                refused(&answer, 401, "UnauthorizedException", "");
                messages.push(answer["error"]["message"].clone());
            }
            for path in PATHS {
                let answer = log_in(&shop, path, json!({"email": email, "password": "muy secreta"})).await;
                refused(&answer, 429, "TooManyRequestsException", "");
                let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
                assert!((1..=900).contains(&wait));
            }
        }
        messages.dedup();
        assert_eq!(messages.len(), 1);
        // Another shop's people are not kept waiting.
        let neighbour = shop.neighbour().await;
        person(&neighbour, &of(&neighbour), "muy secreta").await;
        log_in(&shop, PATHS[0], json!({"email": of(&neighbour), "password": "muy secreta"})).await.expect(200);
    }

    async fn one_address_in_two_shops_is_told_apart_by_password_or_organization(shop: Shop) {
        let neighbour = shop.neighbour().await;
        let email = of(&shop);
        person(&shop, &email, "la de aquí").await;
        person(&neighbour, &email, "la de allá").await;
        for (home, password) in [(&shop, "la de aquí"), (&neighbour, "la de allá")] {
            let answer = log_in(&shop, PATHS[0], json!({"email": email, "password": password})).await.expect(200);
            let token = answer["accessToken"].as_str().unwrap().to_owned();
            let client = Client { shop: &shop, token, organization: organization(home), host: None };
            client.get("/customers").await.expect(200);
        }
        let headers = [("x-organization-id", organization(&neighbour))];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = json!({"email": email, "password": "la de aquí"}).to_string();
        refused(&shop.send(&Method::POST, PATHS[1], &headers, Some(body)).await, 401, "UnauthorizedException", "");
    }

    async fn who_orders_for_a_customer_sees_no_others(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        let body = json!({"email": of(&shop), "name": "Luis", "password": "muy secreta", "customer_id": customer});
        shop.post("/admin/v1/users", body).await.expect(201);
        let body = json!({"email": of(&shop), "password": "muy secreta"});
        refused(&log_in(&shop, PATHS[0], body).await, 401, "UnauthorizedException", "");
    }

    async fn other_spellings_and_bodies_are_not_this_surfaces(shop: Shop) {
        person(&shop, &of(&shop), "muy secreta").await;
        let good = json!({"email": of(&shop), "password": "muy secreta"});
        for path in ["/v1/Auth/Login", "/v1/AUTH/login", "/Auth/Login"] {
            let answer = log_in(&shop, path, good.clone()).await;
            assert_ne!(answer.status, 200, "{path}");
            assert!(answer["accessToken"].is_null() && answer["error"]["code"].is_null(), "{}", answer.text());
        }
        for field in ["apiKey", "username", "userName"] {
            let mut body = good.clone();
            body[field] = json!("x");
            let answer = log_in(&shop, "/v1/auth/login", body).await;
            assert_ne!(answer.status, 200);
            assert!(answer["accessToken"].is_null() && answer["error"]["code"].is_null(), "{field}: {}", answer.text());
        }
    }
}
