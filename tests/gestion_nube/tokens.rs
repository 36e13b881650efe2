//! Tokens and what they open.

use diario_tests::{ABILITIES, PASSWORD, Shop, assert_shape, both_engines, diario, int};
use reqwest::Method;
use serde_json::{Value, json};

use crate::refused;

const TOKEN: &str = "/api/sanctum/token";

fn login(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "device_name": "integracion-tienda"})
}

async fn post(shop: &Shop, path: &str, headers: &[(&str, &str)], body: &Value) -> diario_tests::Answer {
    shop.send(&Method::POST, path, headers, Some(body.to_string())).await
}

both_engines! {
    // token_create: all three paths answer, with what was asked or the default.
    async fn three_paths_give_tokens(shop: Shop) {
        let email = shop.nube_person().await;
        for path in [TOKEN, "/sanctum/token", "/api/v1/sanctum/token"] {
            let answer = post(&shop, path, &[], &login(&email)).await.expect(200);
            assert_shape(&answer, &json!({
                "token": "string", "token_type": "Bearer", "name": "integracion-tienda", "abilities": ["prices:read"],
                "expires_at": null
            }));
            let (id, letters) = answer["token"].as_str().unwrap().split_once('|').unwrap();
            assert!(id.parse::<i64>().is_ok() && letters.len() == 40 && letters.bytes().all(|b| b.is_ascii_alphanumeric()));
        }
        let mut body = login(&email);
        body["abilities"] = json!(ABILITIES);
        let answer = post(&shop, TOKEN, &[], &body).await.expect(200);
        assert_eq!(answer["abilities"], json!(ABILITIES));
        // What is kept is no token, and nothing of it or of the password is in the log.
        let log = String::from_utf8(shop.command(&["export", "events"]).await.stdout).unwrap();
        let letters = answer["token"].as_str().unwrap().split_once('|').unwrap().1;
        assert!(log.contains("integracion-tienda") && !log.contains(letters) && !log.contains(PASSWORD));
    }

    async fn bodies_are_json_whatever_they_are_called_and_forms_are_read(shop: Shop) {
        let email = shop.nube_person().await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}{TOKEN}", shop.base);
        for kind in ["application/x-www-form-urlencoded", "text/plain", ""] {
            let mut request = http.post(&url).body(login(&email).to_string());
            if !kind.is_empty() {
                request = request.header("content-type", kind);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 200, "{kind}");
        }
        let form = format!(
            "email={}&password=muy+secreta&device_name=caja%201&abilities[]=prices%3Aread&abilities[]=inventory:read",
            email.replace('@', "%40")
        );
        let answer = http.post(&url).header("content-type", "application/x-www-form-urlencoded").body(form).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!((&answer["name"], &answer["abilities"]), (&json!("caja 1"), &json!(["prices:read", "inventory:read"])));
    }

    async fn the_token_alone_where_only_text_is_asked_for(shop: Shop) {
        let email = shop.nube_person().await;
        let answer = post(&shop, TOKEN, &[("accept", "text/plain")], &login(&email)).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        let bearer = format!("Bearer {}", answer.text());
        shop.send(&Method::GET, "/api/v1/ping", &[("authorization", &bearer)], None).await.expect(200);
        for accept in ["application/json", "*/*", "text/plain, */*", "text/html"] {
            let answer = post(&shop, TOKEN, &[("accept", accept)], &login(&email)).await.expect(200);
            assert!(answer["token"].is_string(), "{accept}");
        }
    }

    async fn wrong_logins_are_422_and_leave_nothing(shop: Shop) {
        let (ana, eva, sol) = (shop.nube_person().await, shop.nube_person().await, shop.nube_person().await);
        let customer = shop.create_customer("0.00").await;
        let buyer = json!({"email": format!("compras-{ana}"), "name": "Compras", "password": PASSWORD, "customer_id": customer});
        shop.post("/admin/v1/users", buyer).await.expect(201);
        let before = shop.events().await;
        let wrong = [
            json!({"email": ana, "password": "equivocada", "device_name": "x"}),
            json!({"email": "nadie@nada.com", "password": PASSWORD, "device_name": "x"}),
            // A customer orders elsewhere.
            json!({"email": format!("compras-{ana}"), "password": PASSWORD, "device_name": "x"}),
            json!({"email": ana, "password": PASSWORD, "device_name": "x", "company": "otra"}),
        ];
        for body in wrong {
            let answer = post(&shop, TOKEN, &[], &body).await;
            assert_eq!(answer["message"], "Las credenciales son incorrectas.", "{body}");
            refused(&answer, 422, "email");
            assert!(answer["errors"]["email"][0].is_string());
        }
        let mut faults = vec![];
        for (number, (field, value)) in [
            ("email", Value::Null), ("password", Value::Null), ("device_name", Value::Null), ("device_name", json!("")),
            ("email", json!(7)), ("abilities", json!(["todo"])), ("abilities", json!("prices:read")),
            ("abilities", json!([1])),
        ].into_iter().enumerate() {
            // A bucket takes five, and a body without an address is in that of nobody.
            let mut body = login(if number % 2 == 0 { &eva } else { &sol });
            body[field] = value;
            let answer = post(&shop, TOKEN, &[], &body).await;
            if answer.status != 422 || !answer["errors"][field][0].is_string() {
                faults.push(answer.text());
            }
        }
        assert!(faults.is_empty(), "{faults:#?}");
        refused(&post(&shop, TOKEN, &[], &json!([])).await, 400, "JSON");
        assert_eq!(shop.events().await, before);
    }

    async fn the_same_key_gives_the_same_token(shop: Shop) {
        let email = shop.nube_person().await;
        let key = [("idempotency-key", "uno")];
        let first = post(&shop, TOKEN, &key, &login(&email)).await.expect(200);
        let before = shop.events().await;
        let again = post(&shop, TOKEN, &key, &login(&email)).await.expect(200);
        assert_eq!((first.text(), again.header("idempotent-replayed")), (again.text(), Some("true")));
        assert_eq!(shop.events().await, before);
        let mut other = login(&email);
        other["device_name"] = json!("otra");
        refused(&post(&shop, TOKEN, &key, &other).await, 422, "");
    }

    async fn a_person_of_two_shops_says_which(shop: Shop) {
        let email = shop.nube_person().await;
        let other = shop.neighbour().await;
        other.post("/admin/v1/users", json!({"email": email, "name": "Ana", "password": PASSWORD})).await.expect(201);
        let mut body = login(&email);
        for one in [&other, &shop] {
            body["company"] = json!(one.slug);
            let token = post(&shop, TOKEN, &[], &body).await.expect(200)["token"].as_str().unwrap().to_owned();
            let headers = [("authorization", format!("Bearer {token}"))];
            let headers = [(headers[0].0, headers[0].1.as_str())];
            let answer = shop.send(&Method::GET, "/api/v1/usuario", &headers, None).await.expect(200);
            assert_eq!(int(&answer["active_company"]["id"]), one.tenant_id);
        }
    }

    // tokens_list: the caller's own, by id, without those that were revoked.
    // tokens_revoke: 204, once.
    // tokens_revoke_current: 204, and nothing opens any more.
    async fn tokens_are_listed_and_revoked(shop: Shop) {
        let nube = shop.nube(&ABILITIES).await;
        let second = shop.nube_of(&nube.email, &["prices:read"]).await;
        let strange = shop.nube(&ABILITIES).await;
        let id = |token: &str| token.split('|').next().unwrap().parse::<i64>().unwrap();
        let listed = nube.read("/api/v1/tokens").await.expect(200);
        assert_shape(&listed, &json!({"data": [{
            "id": "int", "name": "string", "abilities": ["string"], "last_used_at": "?string", "created_at": "string",
            "expires_at": null
        }]}));
        let ids: Vec<_> = listed["data"].as_array().unwrap().iter().map(|row| int(&row["id"])).collect();
        assert_eq!(ids, [id(&nube.token), id(&second.token)]);
        let created = listed["data"][0]["created_at"].as_str().unwrap();
        assert!(created.len() == 27 && created.ends_with('Z') && created.contains('T'), "{created}");
        assert!(listed["data"][0]["last_used_at"].is_string() && listed["data"][1]["last_used_at"].is_null());

        refused(&nube.ask(Method::DELETE, &format!("/api/v1/tokens/{}", id(&strange.token)), None).await, 404, "");
        strange.read("/api/v1/ping").await.expect(200);
        let path = format!("/api/v1/tokens/{}", id(&second.token));
        let answer = nube.ask(Method::DELETE, &path, None).await.expect(204);
        assert!(answer.bytes.is_empty());
        refused(&second.read("/api/v1/ping").await, 401, "");
        refused(&nube.ask(Method::DELETE, &path, None).await, 404, "");
        assert_eq!(nube.read("/api/v1/tokens").await["data"].as_array().unwrap().len(), 1);
        nube.ask(Method::DELETE, "/api/v1/tokens/current", None).await.expect(204);
        refused(&nube.read("/api/v1/ping").await, 401, "");
        refused(&nube.ask(Method::DELETE, "/api/v1/tokens/current", None).await, 401, "");
    }

    // user: who asks, and of which shop.
    // ping: as documented to the byte.
    // prices_demo: a message.
    async fn the_session_is_told(shop: Shop) {
        let nube = shop.nube(&["prices:read"]).await;
        let user = nube.read("/api/v1/usuario").await.expect(200);
        assert_shape(&user, &json!({
            "id": "int", "name": "Ana", "email": nube.email,
            "active_company": {"id": shop.tenant_id, "name": "string", "moneda": "string"}
        }));
        assert_eq!(nube.read("/api/v1/ping").await.expect(200).text(), r#"{"status":"ok"}"#);
        let demo = nube.read("/api/v1/precios/demo").await.expect(200);
        assert_eq!(demo["message"], "Acceso a precios correcto");
    }

    async fn people_are_made_on_the_command_line(shop: Shop) {
        let email = format!("cli-{}@tienda.com", shop.slug);
        let arguments = ["user", "create", "--tenant", &shop.slug, "--email", &email, "--password", PASSWORD, "--database", &shop.database, "--json"];
        assert!(diario(&arguments).await.status.success());
        post(&shop, TOKEN, &[], &login(&email)).await.expect(200);
        // A password that was changed is the only one.
        let users = shop.get("/admin/v1/users").await.expect(200);
        let id = int(&users["data"].as_array().unwrap().last().unwrap()["id"]);
        shop.put(&format!("/admin/v1/users/{id}/password"), json!({"password": "otra secreta"})).await.expect(200);
        refused(&post(&shop, TOKEN, &[], &login(&email)).await, 422, "credenciales");
    }
}
