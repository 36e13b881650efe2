//! The endpoints on our own surface: shapes, refusals, permissions, other shops.

use diario_tests::{Receiver, assert_shape, both_engines};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hook, WEBHOOKS, customer, problem};

fn hook() -> Value {
    json!({"url": "https://tienda.example/hook", "events": ["venta.cerrada"]})
}

/// Every operation, for a webhook and a delivery: method, path, body, whether it writes.
fn operations(webhook: &str, delivery: &str) -> Vec<(Method, String, Option<Value>)> {
    let one = |rest: &str| format!("{WEBHOOKS}/{webhook}{rest}");
    vec![
        (Method::PATCH, one(""), Some(json!({"ordered": true}))),
        (Method::DELETE, one(""), None),
        (Method::POST, one("/rotate-secret"), None),
        (Method::POST, one("/enable"), None),
        (Method::POST, one("/replay"), Some(json!({"from": 1}))),
        (Method::GET, one("/deliveries"), None),
        (Method::GET, format!("/admin/v1/deliveries/{delivery}"), None),
        (Method::POST, format!("/admin/v1/deliveries/{delivery}/resend"), None),
    ]
}

both_engines! {
    async fn answers_have_their_shapes_and_a_secret_is_shown_once(shop: Shop) {
        let receiver = Receiver::start().await;
        let body = json!({"url": receiver.url("/hook"), "events": ["*"], "description": "ERP"});
        let made = shop.post(WEBHOOKS, body).await.expect(201);
        assert_shape(&made, &json!({
            "id": "int", "url": "string", "events": ["string"], "delivery": "once", "ordered": "bool",
            "description": "ERP", "state": "active", "secret": "string"
        }));
        let secret = made["secret"].as_str().unwrap();
        assert_eq!(secret.len(), "whsec_".len() + 44);
        let listed = shop.get(WEBHOOKS).await.expect(200);
        assert_shape(&listed["data"][0], &json!({
            "id": "int", "url": "string", "events": ["string"], "delivery": "string", "ordered": "bool",
            "description": "?string", "state": "active", "reason": "?string", "since_position": "int",
            "created_at": "string"
        }));
        assert!(!listed.text().contains("whsec_"));
        let hook = Hook { id: made.int("id"), secret: secret.to_owned() };
        customer(&shop, "Ana").await;
        let rows = hook.settled(&shop).await;
        let shape = json!({
            "id": "string", "event": "cliente.creado", "position": "int", "state": "delivered", "attempts": 1,
            "status": 200, "answer": "?string", "created_at": "string", "next_at": "?string", "finished_at": "string"
        });
        assert_shape(&rows[0], &shape);
        let detail = shop.get(&format!("/admin/v1/deliveries/{}", rows[0]["id"].as_str().unwrap())).await.expect(200);
        assert_shape(&detail, &shape);
        assert_shape(&detail["history"][0], &json!({
            "at": "string", "milliseconds": "int", "outcome": "delivered", "status": 200, "answer": "?string"
        }));
        shop.post(&hook.path("/enable"), json!({})).await.expect(200);
    }

    async fn wrong_data_is_named_and_changes_nothing(shop: Shop) {
        let made = shop.post(WEBHOOKS, hook()).await.expect(201).int("id");
        let before = shop.events().await;
        for (field, value) in [
            ("url", json!("")), ("url", json!(7)), ("url", json!(null)),
            ("url", json!(format!("https://tienda.example/{}", "x".repeat(3_000)))),
            ("events", json!([])), ("events", json!("*")), ("events", json!([1])), ("events", json!(["venta.abierta"])),
            ("events", json!(null)), ("delivery", json!("twice")), ("ordered", json!("yes")),
            ("description", json!("x".repeat(501))),
        ] {
            let mut body = hook();
            body[field] = value.clone();
            let answer = shop.post(WEBHOOKS, body).await;
            assert!([400, 422].contains(&answer.status), "{}", answer.text());
            problem(&answer, answer.status, field);
            if !value.is_null() {
                let answer = shop.request(Method::PATCH, &format!("{WEBHOOKS}/{made}"), Some(&json!({field: value}))).await;
                assert!([400, 422].contains(&answer.status), "{}", answer.text());
                problem(&answer, answer.status, field);
            }
        }
        for from in [json!(0), json!(-1), json!("x"), json!(null), json!(before + 100)] {
            let answer = shop.post(&format!("{WEBHOOKS}/{made}/replay"), json!({"from": from})).await;
            assert!([400, 422].contains(&answer.status), "{}", answer.text());
            problem(&answer, answer.status, "from");
        }
        problem(&shop.get(&format!("{WEBHOOKS}/{made}/deliveries?state=lost")).await, 400, "state");
        assert_eq!(shop.events().await, before);
    }

    async fn a_scheme_is_the_same_in_capitals(shop: Shop) {
        let mut body = hook();
        body["url"] = json!("HTTPS://Tienda.Example/Hook");
        assert_eq!(shop.post(WEBHOOKS, body).await.expect(201)["url"], "HTTPS://Tienda.Example/Hook");
    }

    async fn what_is_not_there_is_not_there_and_nor_is_another_shops(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        customer(&shop, "Ana").await;
        let delivery = hook.settled(&shop).await[0]["id"].as_str().unwrap().to_owned();
        let other = shop.neighbour().await;
        let before = (shop.events().await, other.events().await);
        for (method, path, body) in operations(&hook.id.to_string(), &delivery) {
            problem(&other.request(method, &path, body.as_ref()).await, 404, "");
        }
        for (method, path, body) in operations("99", "1-99999") {
            problem(&shop.request(method, &path, body.as_ref()).await, 404, "");
        }
        problem(&shop.get("/admin/v1/deliveries/x").await, 404, "");
        assert_eq!((shop.events().await, other.events().await), before);
        assert_eq!(other.get(WEBHOOKS).await.expect(200)["data"], json!([]));
        assert_eq!(receiver.count("/hook"), 1);
        // A deleted one is not there either.
        shop.request(Method::DELETE, &hook.path(""), None).await.expect(200);
        for (method, path, body) in operations(&hook.id.to_string(), "1-99999") {
            problem(&shop.request(method, &path, body.as_ref()).await, 404, "");
        }
    }

    async fn employees_need_the_permission_and_nobody_comes_without_a_token(shop: Shop) {
        let made = shop.post(WEBHOOKS, hook()).await.expect(201).int("id");
        let cashier = shop.hire("cashier").await;
        let mut all = operations(&made.to_string(), "1-2");
        all.push((Method::GET, WEBHOOKS.to_owned(), None));
        all.push((Method::POST, WEBHOOKS.to_owned(), Some(hook())));
        for (method, path, body) in all {
            problem(&cashier.request(method.clone(), &path, body.as_ref()).await, 403, "config");
            let text = body.map(|body| body.to_string());
            problem(&shop.send(&method, &path, &[], text.clone()).await, 401, "");
            let key = shop.post("/admin/v1/keys", json!({"surface": "lunara", "name": "x", "scopes": ["*"]})).await;
            let bearer = format!("Bearer {}", key["key"].as_str().unwrap());
            problem(&shop.send(&method, &path, &[("authorization", &bearer)], text).await, 401, "");
        }
    }

    async fn the_plan_says_how_many_there_may_be(shop: Shop) {
        shop.put("/admin/v1/plan", json!({"plan": "basico"})).await.expect(200);
        let first = shop.post(WEBHOOKS, hook()).await.expect(201).int("id");
        problem(&shop.post(WEBHOOKS, hook()).await, 403, "1");
        let output = shop.command(&["webhook", "create", "--url", "https://tienda.example/", "--events", "*"]).await;
        assert!(!output.status.success());
        shop.request(Method::DELETE, &format!("{WEBHOOKS}/{first}"), None).await.expect(200);
        shop.post(WEBHOOKS, hook()).await.expect(201);
        shop.put("/admin/v1/plan", json!({"plan": "pro"})).await.expect(200);
        for _ in 0..4 {
            shop.post(WEBHOOKS, hook()).await.expect(201);
        }
        problem(&shop.post(WEBHOOKS, hook()).await, 403, "5");
        shop.put("/admin/v1/plan", json!({"plan": "enterprise"})).await.expect(200);
        shop.post(WEBHOOKS, hook()).await.expect(201);
    }

    async fn the_same_key_answers_the_same_secret(shop: Shop) {
        let key = [("idempotency-key", "hook-1")];
        let first = shop.keyed(Method::POST, WEBHOOKS, Some(&hook()), &key).await.expect(201);
        let again = shop.keyed(Method::POST, WEBHOOKS, Some(&hook()), &key).await.expect(201);
        assert_eq!(first.text(), again.text());
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(shop.get(WEBHOOKS).await["data"].as_array().unwrap().len(), 1);
    }

    async fn deliveries_are_walked_by_cursor(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        for name in ["A", "B", "C", "D", "E"] {
            customer(&shop, name).await;
        }
        receiver.wait("/hook", 5).await;
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer = shop.get(&hook.path(&format!("/deliveries?per_page=2&cursor={cursor}"))).await.expect(200);
            seen.extend(answer["data"].as_array().unwrap().iter().map(|row| row["position"].as_i64().unwrap()));
            customer(&shop, "neu").await;
            match answer["pagination"]["next_cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    }

    async fn every_operation_is_described(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi/admin.json", &[], None).await.expect(200);
        for (method, path, _) in operations("{webhook_id}", "{delivery_id}") {
            let operation = &answer["paths"][&path][method.as_str().to_lowercase()];
            assert!(operation["operationId"].is_string(), "{method} {path} is not described");
        }
    }
}
