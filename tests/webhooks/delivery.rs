//! What becomes of a delivery: once, again, in order, by hand, from a position.

use std::time::Duration;

use diario_tests::{Receiver, Reply, Shop, both_engines, int};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hook, customer, sale};

async fn detail(shop: &Shop, row: &Value) -> Value {
    let path = format!("/admin/v1/deliveries/{}", row["id"].as_str().unwrap());
    shop.get(&path).await.expect(200).body
}

both_engines! {
    async fn once_is_once_whatever_goes_wrong(shop: Shop) {
        let receiver = Receiver::start().await;
        receiver.reply("/500", Reply::Status(500, String::new(), "no\u{0}va".to_owned()));
        receiver.reply("/404", Reply::status(404));
        receiver.reply("/503", Reply::Status(503, "retry-after: 1\r\n".to_owned(), String::new()));
        receiver.reply("/close", Reply::Close);
        let mut hooks = Vec::new();
        for path in ["/500", "/404", "/503", "/close"] {
            hooks.push(Hook::create(&shop, &receiver.url(path), &["*"], json!({})).await);
        }
        hooks.push(Hook::create(&shop, "https://no-such-name.invalid/", &["*"], json!({})).await);
        hooks.push(Hook::create(&shop, "http://127.0.0.1:1/", &["*"], json!({})).await);
        customer(&shop, "Ana").await;
        for hook in &hooks {
            let rows = hook.settled(&shop).await;
            assert_eq!(rows.len(), 1);
            assert_eq!((rows[0]["state"].as_str(), int(&rows[0]["attempts"])), (Some("failed"), 1), "{rows:?}");
            assert!(rows[0]["next_at"].is_null() && rows[0]["finished_at"].is_string(), "{rows:?}");
        }
        assert_eq!(hooks[0].settled(&shop).await[0]["status"], 500);
        assert_eq!(hooks[0].settled(&shop).await[0]["answer"], "no\u{fffd}va");
        tokio::time::sleep(Duration::from_secs(8)).await;
        for path in ["/500", "/404", "/503", "/close"] {
            assert_eq!(receiver.count(path), 1, "{path} was tried again");
        }
    }

    async fn durable_is_tried_again_under_the_same_id(shop: Shop) {
        let receiver = Receiver::start().await;
        receiver.reply("/hook", Reply::Status(500, String::new(), "x".repeat(5_000)));
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({"delivery": "durable"})).await;
        customer(&shop, "Ana").await;
        let first = receiver.wait("/hook", 1).await.remove(0);
        receiver.reply("/hook", Reply::Status(202, String::new(), "gracias".to_owned()));
        let told = receiver.wait("/hook", 2).await;
        let pause = told[1].at - told[0].at;
        // Five seconds, and what a busy machine adds; the step after it is five minutes.
        assert!((Duration::from_millis(4_900)..Duration::from_mins(1)).contains(&pause), "{pause:?}");
        for name in ["webhook-id", "x-lunara-delivery", "x-lunara-event"] {
            assert_eq!(told[1].header(name), first.header(name));
        }
        assert_eq!(told[1].body, first.body);
        assert_ne!(told[1].header("webhook-timestamp"), first.header("webhook-timestamp"));
        let rows = hook.settled(&shop).await;
        assert_eq!((rows[0]["state"].as_str(), int(&rows[0]["attempts"])), (Some("delivered"), 2));
        let history = detail(&shop, &rows[0]).await["history"].as_array().unwrap().clone();
        assert_eq!(history.len(), 2);
        assert_eq!((history[0]["status"].clone(), history[1]["status"].clone()), (json!(500), json!(202)));
        assert_eq!(history[0]["answer"].as_str().unwrap().len(), 1_024, "an answer is kept to its first 1 kB");
        assert_eq!(history[1]["answer"], "gracias");
    }

    async fn retry_after_is_honoured(shop: Shop) {
        let receiver = Receiver::start().await;
        receiver.reply("/hook", Reply::Status(429, "Retry-After: 9\r\n".to_owned(), String::new()));
        Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({"delivery": "durable"})).await;
        customer(&shop, "Ana").await;
        receiver.wait("/hook", 1).await;
        receiver.reply("/hook", Reply::status(200));
        // What happens meanwhile waits as well: the endpoint asked to be left alone.
        customer(&shop, "Beto").await;
        let told = receiver.wait("/hook", 3).await;
        for later in &told[1..] {
            assert!(later.at - told[0].at >= Duration::from_millis(8_900), "{:?}", later.at - told[0].at);
        }
    }

    async fn a_delivery_is_resent_by_hand(shop: Shop) {
        let receiver = Receiver::start().await;
        receiver.reply("/hook", Reply::status(500));
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        customer(&shop, "Ana").await;
        let row = hook.settled(&shop).await.remove(0);
        receiver.reply("/hook", Reply::status(200));
        let path = format!("/admin/v1/deliveries/{}/resend", row["id"].as_str().unwrap());
        shop.post(&path, json!({})).await.expect(202);
        let told = receiver.wait("/hook", 2).await;
        assert_eq!(told[0].header("webhook-id"), told[1].header("webhook-id"));
        let rows = hook.settled(&shop).await;
        assert_eq!((rows[0]["state"].as_str(), int(&rows[0]["attempts"])), (Some("delivered"), 2));
    }

    async fn the_same_key_resends_once(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        customer(&shop, "Ana").await;
        let row = hook.settled(&shop).await.remove(0);
        let path = format!("/admin/v1/deliveries/{}/resend", row["id"].as_str().unwrap());
        let resend = async |key: &str| {
            shop.keyed(Method::POST, &path, None, &[("idempotency-key", key)]).await.expect(202)
        };
        let first = resend("otra-vez").await;
        assert_eq!(first.header("idempotent-replayed"), None);
        receiver.wait("/hook", 2).await;
        hook.settled(&shop).await;
        let again = resend("otra-vez").await;
        assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
        // Ten at once are one as well.
        let ten = join_all((0..10).map(|_| resend("a la vez"))).await;
        assert_eq!(ten.iter().filter(|one| one.header("idempotent-replayed").is_none()).count(), 1);
        receiver.wait("/hook", 3).await;
        hook.settled(&shop).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(receiver.count("/hook"), 3, "a key was answered twice");
        // Another key, and another person's, ask anew.
        resend("y otra").await;
        receiver.wait("/hook", 4).await;
        hook.settled(&shop).await;
        let admin = shop.hire("admin").await;
        admin.keyed(Method::POST, &path, None, &[("x-idempotency", "otra-vez")]).await.expect(202);
        receiver.wait("/hook", 5).await;
        // What cannot be resent keeps no answer; what was answered stays so when the webhook is gone.
        let unknown = format!("/admin/v1/deliveries/{}-99999/resend", hook.id);
        for _ in 0..2 {
            let answer = shop.keyed(Method::POST, &unknown, None, &[("idempotency-key", "nada")]).await;
            assert_eq!((answer.status, answer.header("idempotent-replayed")), (404, None));
        }
        hook.settled(&shop).await;
        shop.request(Method::DELETE, &hook.path(""), None).await.expect(200);
        assert_eq!(resend("otra-vez").await.text(), first.text());
    }

    async fn everything_from_a_position_is_told_again(shop: Shop) {
        let receiver = Receiver::start().await;
        customer(&shop, "Ana").await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["cliente.creado"], json!({})).await;
        customer(&shop, "Beto").await;
        receiver.wait("/hook", 1).await;
        hook.settled(&shop).await;
        shop.post(&hook.path("/replay"), json!({"from": 1})).await.expect(202);
        let told = receiver.wait("/hook", 3).await;
        hook.settled(&shop).await;
        let names: Vec<_> = told[1..].iter().map(|one| one.json()["data"]["nombre"].clone()).collect();
        assert!(names.contains(&json!("Ana")) && names.contains(&json!("Beto")), "{names:?}");
        let ids: Vec<_> = told.iter().filter(|one| one.json()["data"]["nombre"] == "Beto")
            .map(|one| one.header("webhook-id").to_owned()).collect();
        assert_eq!(ids[0], ids[1]);
        // From behind them: nothing is left to tell.
        let head = shop.events().await;
        shop.post(&hook.path("/replay"), json!({"from": head})).await.expect(202);
        customer(&shop, "Ceci").await;
        receiver.wait("/hook", 4).await;
        assert_eq!(hook.settled(&shop).await.len(), 3);
        assert_eq!(receiver.count("/hook"), 4);
    }

    async fn what_concerns_one_document_waits_for_what_came_before(shop: Shop) {
        let receiver = Receiver::start().await;
        let events = ["sale.completed", "sale.cancelled", "cliente.creado"];
        let fields = json!({"delivery": "durable", "ordered": true});
        Hook::create(&shop, &receiver.url("/hook"), &events, fields).await;
        receiver.reply("/hook", Reply::status(500));
        let register = shop.open_register("1000.00").await;
        let item = shop.create_item("350.00", 5).await;
        let sold = sale(&shop, register, item).await;
        receiver.wait("/hook", 1).await;
        receiver.reply("/hook", Reply::status(200));
        let reason = json!({"reason": "Se equivocó"});
        shop.put(&format!("/pos/api/sales/{sold}/cancel"), reason).await.expect(200);
        // Another document does not wait.
        customer(&shop, "Ana").await;
        let told = receiver.wait("/hook", 4).await;
        let names: Vec<_> = told.iter().map(|one| one.header("x-lunara-event")).collect();
        assert_eq!(names, ["sale.completed", "cliente.creado", "sale.completed", "sale.cancelled"]);
    }

    async fn a_secret_is_rotated_and_for_a_day_both_sign(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        let rotated = shop.post(&hook.path("/rotate-secret"), json!({})).await.expect(200);
        let new = rotated["secret"].as_str().unwrap().to_owned();
        assert!(new.starts_with("whsec_") && new != hook.secret);
        assert!(rotated["old_secret_until"].is_string());
        customer(&shop, "Ana").await;
        let told = receiver.wait("/hook", 1).await;
        assert_eq!(told[0].header("webhook-signature").split(' ').count(), 2);
        assert_eq!(told[0].header("x-lunara-signature").matches(",v1=").count(), 2);
        crate::notices::assert_verified(&hook.secret, &told).await;
        crate::notices::assert_verified(&new, &told).await;
        // A day later the old one signs nothing: its successor is made a day older.
        let age = format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM secrets WHERE tenant_id = {} AND kind = 'webhook'", shop.tenant_id
        );
        assert_eq!(shop.sql().integer(&age).await, 2);
        let log = String::from_utf8(shop.command(&["export", "events"]).await.stdout).unwrap();
        assert!(log.contains("webhook.secret_rotated") && !log.contains("whsec_"), "a secret is in the log");
    }

    async fn an_endpoint_that_is_gone_or_changed_is_told_accordingly(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/old"), &["*"], json!({"delivery": "durable"})).await;
        receiver.reply("/old", Reply::status(500));
        customer(&shop, "Ana").await;
        receiver.wait("/old", 1).await;
        let change = json!({"url": receiver.url("/new"), "description": "otro"});
        let changed = shop.request(Method::PATCH, &hook.path(""), Some(&change)).await.expect(200);
        assert_eq!(changed["url"], receiver.url("/new").as_str());
        // What failed at the old address is told at the new one.
        receiver.wait("/new", 1).await;
        hook.settled(&shop).await;
        shop.request(Method::DELETE, &hook.path(""), None).await.expect(200);
        customer(&shop, "Beto").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!((receiver.count("/new"), receiver.count("/old")), (1, 1));
        let left = format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM secrets WHERE tenant_id = {} AND kind = 'webhook'", shop.tenant_id
        );
        assert_eq!(shop.sql().integer(&left).await, 0, "the secret of a deleted webhook is kept");
    }
}
