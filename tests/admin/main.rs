//! Our own surface: keys, people, plan.

mod employees;

use diario_tests::{assert_shape, both_engines, diario, int};
use reqwest::Method;
use serde_json::{Value, json};

const KEYS: &str = "/admin/v1/keys";
const USERS: &str = "/admin/v1/users";
const PLAN: &str = "/admin/v1/plan";

fn key() -> Value {
    json!({"surface": "lunara", "name": "Sitio web", "scopes": ["read:clientes", "read:inventario"]})
}

fn user() -> Value {
    json!({"email": "Ana@Tienda.com", "name": "Ana", "password": "muy secreta"})
}

/// A refusal in the shape of RFC 9457 that names what is wrong.
fn problem(answer: &diario_tests::Answer, status: u16, word: &str) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
    assert_shape(answer, &json!({"type": "string", "title": "string", "status": "int", "detail": "string"}));
    assert_eq!(answer.int("status"), i64::from(status));
    assert!(answer["detail"].as_str().unwrap().contains(word), "{} says nothing of {word}", answer.text());
}

both_engines! {
    async fn a_key_is_shown_once_and_revoked_for_good(shop: Shop) {
        let made = shop.post(KEYS, key()).await.expect(201);
        let text = made["key"].as_str().unwrap();
        assert!(text.starts_with("lk_live_") && text.len() == "lk_live_".len() + 24, "{text}");
        let listed = shop.get(KEYS).await.expect(200);
        let row = &listed["data"][0];
        assert_shape(row, &json!({
            "id": "int", "surface": "string", "name": "string", "scopes": ["string"], "prefix": "string",
            "created_at": "string"
        }));
        assert!(row["revoked_at"].is_null() && row["last_used_at"].is_null());
        assert!(!listed.text().contains(text) && text.starts_with(row["prefix"].as_str().unwrap()));
        let path = format!("{KEYS}/{}", made.int("id"));
        shop.request(Method::DELETE, &path, None).await.expect(200);
        assert!(shop.get(KEYS).await["data"][0]["revoked_at"].is_string());
        problem(&shop.request(Method::DELETE, &path, None).await, 404, "llave");
        problem(&shop.request(Method::DELETE, &format!("{KEYS}/99"), None).await, 404, "99");
    }

    async fn wrong_data_is_named_and_changes_nothing(shop: Shop) {
        let before = shop.events().await;
        for (field, value) in [
            ("surface", json!("nexus")), ("surface", json!(1)), ("name", json!("")), ("name", json!("x".repeat(500))),
            ("scopes", json!("read:clientes")), ("scopes", json!(["read:everything"])), ("page_base", json!(2)),
        ] {
            let mut body = key();
            body[field] = value;
            let answer = shop.post(KEYS, body).await;
            assert!([400, 422].contains(&answer.status), "{}", answer.text());
            problem(&answer, answer.status, field);
        }
        for (field, value) in [
            ("email", json!("nobody")), ("email", json!("a b@c.de")), ("password", json!("short")), ("name", json!(7)),
            ("customer_id", json!(99)),
        ] {
            let mut body = user();
            body[field] = value;
            let answer = shop.post(USERS, body).await;
            assert!([400, 422].contains(&answer.status), "{}", answer.text());
        }
        problem(&shop.put(PLAN, json!({"plan": "gratis"})).await, 400, "plan");
        problem(&shop.put(&format!("{USERS}/99/password"), json!({"password": "otra secreta"})).await, 404, "");
        assert_eq!(shop.events().await, before);
    }

    async fn an_address_is_one_persons(shop: Shop) {
        let made = shop.post(USERS, user()).await.expect(201);
        assert_eq!(made["email"], "ana@tienda.com");
        problem(&shop.post(USERS, user()).await, 422, "ana@tienda.com");
        let rows = shop.get(USERS).await.expect(200);
        assert_eq!(rows["data"].as_array().unwrap().len(), 1);
        assert!(!rows.text().contains("secreta"));
        let path = format!("{USERS}/{}/password", made.int("id"));
        shop.put(&path, json!({"password": "otra secreta"})).await.expect(200);
        // What was written holds no password, plain or hashed.
        let exported = shop.command(&["export", "events"]).await;
        let log = String::from_utf8(exported.stdout).unwrap();
        assert!(log.contains("user.created") && !log.contains("secreta") && !log.contains("argon2"));
    }

    async fn employees_need_the_permission(shop: Shop) {
        let cashier = shop.hire("cashier").await;
        for (method, path, body) in [
            (Method::GET, KEYS.to_owned(), None), (Method::POST, KEYS.to_owned(), Some(key())),
            (Method::DELETE, format!("{KEYS}/1"), None), (Method::GET, USERS.to_owned(), None),
            (Method::POST, USERS.to_owned(), Some(user())),
            (Method::PUT, format!("{USERS}/1/password"), Some(json!({"password": "otra secreta"}))),
            (Method::GET, PLAN.to_owned(), None), (Method::PUT, PLAN.to_owned(), Some(json!({"plan": "pro"}))),
        ] {
            problem(&cashier.request(method, &path, body.as_ref()).await, 403, "config");
        }
        assert_eq!(shop.get(PLAN).await.expect(200)["plan"], "enterprise");
        let set = shop.put(PLAN, json!({"plan": "basico"})).await.expect(200);
        assert_eq!((set.int("requests_a_day"), set.int("webhooks")), (1_000, 1));
    }

    async fn another_shops_keys_are_not_there(shop: Shop) {
        let made = shop.post(KEYS, key()).await.expect(201);
        let other = shop.neighbour().await;
        problem(&other.request(Method::DELETE, &format!("{KEYS}/{}", made.int("id")), None).await, 404, "");
        assert_eq!(other.get(KEYS).await.expect(200)["data"], json!([]));
    }

    async fn the_command_line_does_the_same(shop: Shop) {
        let tenant = ["--tenant", &shop.slug, "--database", &shop.database, "--json"];
        let run = async |arguments: &[&str]| {
            let output = diario(&[arguments, &tenant].concat()).await;
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            serde_json::from_slice::<Value>(&output.stdout).unwrap()
        };
        let made = run(&["key", "create", "--scopes", "read:clientes,*"]).await;
        assert!(made["key"].as_str().unwrap().starts_with("lk_live_"));
        let id = int(&made["id"]).to_string();
        let listed = run(&["key", "list"]).await;
        assert_eq!(listed["keys"][0]["scopes"], json!(["read:clientes", "*"]));
        run(&["key", "revoke", &id]).await;
        assert!(run(&["key", "list"]).await["keys"][0]["revoked_at"].is_string());
        let user = run(&["user", "create", "--email", "b@c.de", "--password", "muy secreta"]).await;
        assert_eq!(shop.get(USERS).await.expect(200)["data"][0]["id"], user["id"]);
    }
}
