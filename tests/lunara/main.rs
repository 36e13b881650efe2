//! The LUNARA surface against its contract, and what opticians write on our own.

mod clientes;
mod coverage;
mod inventario;
mod limits;
mod optics;
mod printed_samples;
mod recetas;

use diario_tests::{Answer, Shop};
use reqwest::Method;
use serde_json::{Value, json};

async fn get(shop: &Shop, key: &str, path: &str) -> Answer {
    shop.bearing(key, Method::GET, path, &[], None).await
}

/// Holds an answer to being an error of this surface.
#[track_caller]
fn refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    assert_eq!(answer["ok"], Value::Bool(false), "{}", answer.request);
    for field in ["error", "code"] {
        assert!(
            answer[field].as_str().is_some_and(|text| !text.is_empty()),
            "{}: {}",
            answer.request,
            answer.text()
        );
    }
    assert!(answer.header("x-request-id").is_some());
}

/// What every read refuses: no key, keys of other surfaces, of a neighbour's, revoked ones and those without the scope;
/// wrong numbers, other methods and paths below.
async fn guarded(shop: &Shop, path: &str, scope: &str, numbers: &[&str]) {
    let before = shop.events().await;
    refused(&shop.send(&Method::GET, path, &[], None).await, 401);
    let key = shop.key("lunara", scope).await;
    let padded = format!("Bearer {key}x");
    let bare = key.clone();
    let basic = format!("Basic {key}");
    for value in ["", "Bearer ", "Bearer lk_live_xxxxxxxxxxxxxxxxxxxxxxxx", &padded, &bare, &basic] {
        refused(&shop.send(&Method::GET, path, &[("authorization", value)], None).await, 401);
    }
    for (surface, token) in shop.credentials().await {
        if surface != "lunara" {
            refused(&get(shop, &token, path).await, 401);
        }
    }
    for scopes in
        ["", "read:clientes", "read:recetas", "read:inventario", "read:clientes,read:recetas,read:inventario"]
    {
        let key = shop.key("lunara", scopes).await;
        let answer = get(shop, &key, path).await;
        if scopes.split(',').any(|own| own == scope) {
            answer.expect(200);
        } else {
            refused(&answer, 403);
            assert!(answer["error"].as_str().unwrap().contains(scope), "{}", answer.text());
        }
    }
    let all = shop.key("lunara", "*").await;
    get(shop, &all, path).await.expect(200);
    get(shop, &all, &format!("{path}/")).await.expect(200);
    let listed = shop.get("/admin/v1/keys?surface=lunara").await.expect(200);
    let id = listed["data"][0]["id"].as_i64().unwrap();
    shop.request(Method::DELETE, &format!("/admin/v1/keys/{id}"), None).await.expect(200);
    refused(&get(shop, &all, path).await, 401);

    for name in numbers {
        for value in ["-1", "abc", "1.5x", "%00", "1e3x", "--", "٣"] {
            let answer = get(shop, &key, &format!("{path}?{name}={value}")).await;
            refused(&answer, 422);
            assert!(answer["error"].as_str().unwrap().contains(name), "{}", answer.text());
        }
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        refused(&shop.bearing(&key, method, path, &[], Some(&json!({}))).await, 405);
    }
    let keys = 5 + 3 + 1;
    assert_eq!(shop.events().await, before + keys + 1 + 1, "reading changed something");
}
