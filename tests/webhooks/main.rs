//! Who is told of what happens, what they are told, and what becomes of it (contract 3.5).

mod admin;
mod command_line;
mod delivery;
mod many;
mod metrics;
mod notices;
mod samples;
mod ssrf;
mod tls;
mod violence;

use std::time::{Duration, Instant};

use diario_tests::{Answer, Shop, num};
use serde_json::{Value, json};

const WEBHOOKS: &str = "/admin/v1/webhooks";

/// An endpoint as the admin surface answered it.
struct Hook {
    id: i64,
    secret: String,
}

impl Hook {
    async fn create(shop: &Shop, url: &str, events: &[&str], fields: Value) -> Self {
        let mut body = json!({"url": url, "events": events});
        for (key, value) in fields.as_object().unwrap() {
            body[key] = value.clone();
        }
        let made = shop.post(WEBHOOKS, body).await.expect(201);
        Self { id: made.int("id"), secret: made["secret"].as_str().unwrap().to_owned() }
    }

    fn path(&self, rest: &str) -> String {
        format!("{WEBHOOKS}/{}{rest}", self.id)
    }

    async fn deliveries(&self, shop: &Shop) -> Vec<Value> {
        let answer = shop.get(&self.path("/deliveries?per_page=200&cursor=")).await.expect(200);
        answer["data"].as_array().unwrap().clone()
    }

    /// Waits until no delivery waits, and gives them all.
    async fn settled(&self, shop: &Shop) -> Vec<Value> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let rows = self.deliveries(shop).await;
            if !rows.is_empty() && rows.iter().all(|row| row["state"] != "pending") {
                return rows;
            }
            assert!(Instant::now() < until, "still waiting: {rows:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A customer: the cheapest thing to be told of.
async fn customer(shop: &Shop, name: &str) -> i64 {
    shop.post("/pos/api/customers", json!({"name": name, "rfc": null})).await.expect(201).int("id")
}

/// A sale for cash of one unit at 350.00 net; answers its id.
async fn sale(shop: &Shop, register: i64, item: i64) -> i64 {
    shop.sell(shop.sale(register, item, "1", "350.00")).await.int("sale_id")
}

/// A refusal in the shape of RFC 9457.
#[track_caller]
fn problem(answer: &Answer, status: u16, word: &str) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
    assert_eq!(answer.int("status"), i64::from(status));
    assert!(answer["detail"].as_str().unwrap().contains(word), "{} says nothing of {word}", answer.text());
}

/// A day's worth of zeros keeps its digits.
fn exact(text: &str) -> Value {
    num(text)
}
