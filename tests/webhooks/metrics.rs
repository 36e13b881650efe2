//! What `/metrics` says of webhooks.

use std::time::{Duration, Instant};

use diario_tests::{Database, Receiver, Reply, Server, Shop, each_engine};
use reqwest::Method;
use serde_json::json;

use crate::{Hook, customer};

/// The value of a line, by its name and labels as they are written; nothing where there is no such line.
async fn value(shop: &Shop, name: &str) -> Option<String> {
    let text = shop.send(&Method::GET, "/metrics", &[], None).await.expect(200).text();
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit_once(' ').map(|(_, value)| value.to_owned())
}

/// Waits until each line has its value.
async fn settles(shop: &Shop, wanted: &[(&str, &str)]) {
    let until = Instant::now() + Duration::from_secs(20);
    for (name, wanted) in wanted {
        loop {
            let found = value(shop, name).await;
            if found.as_deref() == Some(*wanted) {
                break;
            }
            assert!(Instant::now() < until, "{name} is {found:?}, not {wanted}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

const QUEUE: &str = "diario_webhook_queue_depth";
const CLOSED: &str = r#"diario_webhook_endpoints{breaker="closed"}"#;
const OPEN: &str = r#"diario_webhook_endpoints{breaker="open"}"#;
const HALF_OPEN: &str = r#"diario_webhook_endpoints{breaker="half_open"}"#;

fn deliveries(outcome: &str) -> String {
    format!("diario_webhook_deliveries_total{{outcome=\"{outcome}\"}}")
}

fn attempts(outcome: &str) -> String {
    format!("diario_webhook_attempts_total{{outcome=\"{outcome}\"}}")
}

each_engine! {
    async fn outcomes_queue_and_breakers_are_told(engine: Engine) {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        settles(&shop, &[(QUEUE, "0"), (CLOSED, "0"), (OPEN, "0"), (HALF_OPEN, "0")]).await;
        let receiver = Receiver::start().await;
        receiver.reply("/moved", Reply::Status(302, "location: /\r\n".to_owned(), String::new()));
        receiver.reply("/down", Reply::status(500));
        for path in ["/up", "/moved", "/failing"] {
            Hook::create(&shop, &receiver.url(path), &["*"], json!({})).await;
        }
        receiver.reply("/failing", Reply::status(400));
        let down = Hook::create(&shop, &receiver.url("/down"), &["*"], json!({"delivery": "durable"})).await;
        // Five rounds of failures open the breaker; each waits for the one before.
        for number in 0..5 {
            customer(&shop, &format!("C{number}")).await;
            receiver.wait("/down", number + 1).await;
            let until = Instant::now() + Duration::from_secs(10);
            loop {
                let rows = down.deliveries(&shop).await;
                if rows.iter().all(|row| row["attempts"] != 0) && rows.len() == number + 1 {
                    break;
                }
                assert!(Instant::now() < until, "{rows:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        settles(&shop, &[
            (OPEN, "1"), (HALF_OPEN, "0"), (CLOSED, "3"), (QUEUE, "5"),
            (&deliveries("delivered"), "5"), (&deliveries("refused"), "5"), (&deliveries("failed"), "5"),
            (&attempts("delivered"), "5"), (&attempts("refused"), "5"),
        ]).await;
        let failed: usize = value(&shop, &attempts("failed")).await.unwrap().parse().unwrap();
        assert_eq!(failed, 5 + receiver.count("/down"));
        assert!(value(&shop, "diario_webhook_seconds_count").await.is_some());
        assert_eq!(value(&shop, "diario_webhook_lag_seconds").await.as_deref(), Some("0"), "what is paused is not late");
        // The endpoint is forgotten, and what waited for it with it.
        shop.request(Method::DELETE, &down.path(""), None).await.expect(200);
        settles(&shop, &[(OPEN, "0"), (CLOSED, "3"), (QUEUE, "0"), (&deliveries("dropped"), "5")]).await;
        drop(server);
    }
}
