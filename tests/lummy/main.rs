//! The Lummy surface against its contract.

mod auth_login;
mod coverage;
mod customers_create;
mod customers_detail;
mod customers_list;
mod customers_update;
mod printed_samples;
mod sandbox;

use std::sync::atomic::{AtomicU64, Ordering};

use diario_tests::{Answer, Shop};
use reqwest::Method;
use serde_json::{Value, json};

/// A program that speaks for an organization.
struct Client<'a> {
    shop: &'a Shop,
    token: String,
    organization: String,
    host: Option<&'static str>,
}

/// A UUID that no other request of these tests has.
fn fresh_uuid() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("9a1f0c3e-5b7d-4e2a-8c6f-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn organization(shop: &Shop) -> String {
    shop.created["organization_id"].as_str().unwrap().to_owned()
}

impl<'a> Client<'a> {
    async fn of(shop: &'a Shop) -> Self {
        Self { shop, token: shop.key("lummy", "").await, organization: organization(shop), host: None }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let key = fresh_uuid();
        self.keyed(&key, method, path, body).await
    }

    async fn keyed(&self, key: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut headers = vec![("x-organization-id", self.organization.as_str())];
        if method != Method::GET {
            headers.push(("x-idempotency", key));
        }
        headers.extend(self.host.map(|host| ("host", host)));
        self.shop.bearing(&self.token, method, path, &headers, body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(&body)).await
    }

    async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(&body)).await
    }
}

fn sample() -> Value {
    json!({
        "rfc": "ECL010101AB1", "legalName": "Empresa Cliente S.A. de C.V.", "fiscalRegime": "601",
        "fiscalZipCode": "06500", "email": "facturacion@cliente.com", "phone": "+525512345678"
    })
}

fn shape() -> Value {
    json!({
        "id": "string", "rfc": "string", "legalName": "string", "fiscalRegime": "string", "fiscalZipCode": "string",
        "email": "?string", "createdAt": "string", "updatedAt": "string"
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, letter)| match at {
            8 | 13 | 18 | 23 => letter == '-',
            _ => letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase(),
        })
}

/// What every answer says about its request.
#[track_caller]
fn enveloped(answer: &Answer, path: &str, method: &str) {
    let id = answer.header("x-request-id").unwrap();
    assert!(is_uuid(id), "{}: {id}", answer.request);
    assert_eq!(&id[14..15], "4", "{id} is no random UUID");
    assert_eq!(answer["requestId"], format!("req_{id}"), "{}", answer.request);
    assert_eq!(answer["path"], path, "{}", answer.request);
    assert_eq!(answer["method"], method, "{}", answer.request);
    let at = answer["timestamp"].as_str().unwrap();
    assert!(at.len() == "2025-01-15T10:30:00.000Z".len() && at.ends_with('Z') && &at[19..20] == ".", "{at}");
}

/// Holds an answer to being an error of this surface.
#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str, word: &str) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    assert_eq!(answer["error"]["status"], json!(status), "{}", answer.request);
    assert_eq!(answer["error"]["code"], code, "{}: {}", answer.request, answer.text());
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        !message.is_empty() && message.contains(word),
        "{} does not name {word}: {message}",
        answer.request
    );
    let mut words = answer.request.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let path = path.split('?').next().unwrap();
    enveloped(answer, path.strip_prefix("/v1").unwrap_or(path).trim_end_matches('/'), method);
}

/// What every operation on customers refuses, on both paths: no credential, other surfaces' and a neighbour's, an
/// organization that is missing, malformed or not theirs.
async fn guarded(shop: &Shop, method: Method, path: &str, body: Option<Value>) {
    let client = Client::of(shop).await;
    let neighbour = shop.neighbour().await;
    let theirs = Client::of(&neighbour).await;
    let credentials = shop.credentials().await;
    let before = (shop.events().await, neighbour.events().await);
    let text = body.as_ref().map(Value::to_string);
    for path in [path.to_owned(), format!("/v1{path}")] {
        let path = path.as_str();
        let key = fresh_uuid();
        let with = async |authorization: &str, organization: &str| {
            let mut headers = vec![("x-idempotency", key.as_str())];
            if !authorization.is_empty() {
                headers.push(("authorization", authorization));
            }
            if !organization.is_empty() {
                headers.push(("x-organization-id", organization));
            }
            shop.send(&method, path, &headers, text.clone()).await
        };
        let own = format!("Bearer {}", client.token);
        for authorization in [
            "",
            "Bearer ",
            "Bearer abc.def.ghi",
            "lm_live_x",
            &format!("Basic {}", client.token),
            &format!("{own}x"),
        ] {
            refused(&with(authorization, &client.organization).await, 401, "UnauthorizedException", "");
        }
        for (surface, token) in &credentials {
            if *surface != "lummy" {
                let answer = with(&format!("Bearer {token}"), &client.organization).await;
                refused(&answer, 401, "UnauthorizedException", "");
            }
        }
        refused(&with("", "").await, 401, "UnauthorizedException", "");
        refused(&with(&own, "").await, 400, "ValidationError", "x-organization-id");
        for wrong in ["abc", "550e8400e29b41d4a716446655440000", "{550e8400-e29b-41d4-a716-446655440000}"] {
            refused(&with(&own, wrong).await, 400, "ValidationError", "x-organization-id");
        }
        for foreign in [theirs.organization.as_str(), "550e8400-e29b-41d4-a716-446655440000"] {
            refused(&with(&own, foreign).await, 403, "ForbiddenException", "");
        }
        refused(
            &with(&format!("Bearer {}", theirs.token), &client.organization).await,
            403,
            "ForbiddenException",
            "",
        );
        refused(&client.ask(Method::DELETE, path, None).await, 405, "MethodNotAllowedException", "");
        refused(&client.get(&format!("{path}/no/existe")).await, 404, "NotFoundException", "");
        if body.is_some() {
            for broken in ["{\"a\":", "[]", "7", "nada"] {
                let headers = [
                    ("authorization", own.as_str()),
                    ("x-organization-id", &client.organization),
                    ("x-idempotency", &key),
                ];
                let answer = shop.send(&method, path, &headers, Some(broken.to_owned())).await;
                refused(&answer, 400, "ValidationError", "JSON");
            }
            let headers = [("x-organization-id", client.organization.as_str())];
            let answer = shop.bearing(&client.token, method.clone(), path, &headers, body.as_ref()).await;
            refused(&answer, 400, "ValidationError", "x-idempotency");
            let answer = client.keyed("uno", method.clone(), path, body.as_ref()).await;
            refused(&answer, 400, "ValidationError", "x-idempotency");
        }
    }
    assert_eq!(
        (shop.events().await, neighbour.events().await),
        before,
        "{path} was refused and yet changed something"
    );
    let bare = [
        ("authorization", client.token.as_str()),
        ("x-organization-id", &client.organization),
        ("x-idempotency", &fresh_uuid()),
    ];
    let answer = shop.send(&method, path, &bare, text).await;
    assert!(answer.status < 300, "a key alone opens: {}", answer.text());
}
