//! Messages never go into the house: refused where it can be seen, refused when the connection is made, never retried.

use std::time::Duration;

use diario_tests::{Database, Receiver, Reply, Server, Shop, both_engines, each_engine, int};
use serde_json::json;

use crate::{Hook, WEBHOOKS, customer, problem};

/// Addresses that lead into the house, or are none.
const INSIDE: &[&str] = &[
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0xa9fea9fe/",
    "https://2852039166/",
    "https://0251.0376.0251.0376/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://0.0.0.0/",
    "https://255.255.255.255/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:a00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[::]/",
    "http://tienda.example/",
    "ftp://tienda.example/",
    "https://ana:secreta@tienda.example/",
    "javascript:alert(1)",
    "https://",
    "tienda.example",
    "https://tien da.example/",
];

/// What also leads into the house where loopback is not allowed.
const LOOPBACK: &[&str] = &[
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://localhost/",
    "http://localhost/",
    "http://127.0.0.1:8080/",
];

both_engines! {
    async fn an_address_that_leads_into_the_house_is_not_entered(shop: Shop) {
        let before = shop.events().await;
        for url in INSIDE {
            let answer = shop.post(WEBHOOKS, json!({"url": url, "events": ["*"]})).await;
            problem(&answer, 400, "url");
            let output = shop.command(&["webhook", "create", "--url", url, "--events", "*"]).await;
            assert!(!output.status.success(), "{url}");
        }
        assert_eq!(shop.events().await, before);
    }

    async fn a_redirection_is_a_refusal_and_is_not_followed(shop: Shop) {
        let receiver = Receiver::start().await;
        for status in [301, 302, 303, 307, 308] {
            let headers = format!("location: {}\r\n", receiver.url("/inside"));
            receiver.reply(&format!("/{status}"), Reply::Status(status, headers, String::new()));
            let url = receiver.url(&format!("/{status}"));
            let hook = Hook::create(&shop, &url, &["*"], json!({"delivery": "durable"})).await;
            customer(&shop, "Ana").await;
            let rows = hook.settled(&shop).await;
            assert_eq!((rows[0]["state"].as_str(), int(&rows[0]["attempts"])), (Some("refused"), 1), "{rows:?}");
        }
        tokio::time::sleep(Duration::from_secs(7)).await;
        assert_eq!(receiver.count("/inside"), 0);
        assert_eq!(receiver.count("/302"), 4, "one for each customer since, and no retry");
    }
}

each_engine! {
    async fn a_name_that_leads_into_the_house_is_refused_at_the_connection_and_not_retried(engine: Engine) {
        let database = Database::fresh(engine).await;
        // Proxies of the environment would lead around the guard.
        let server = Server::start_with(&database, &[]);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        for url in LOOPBACK {
            problem(&shop.post(WEBHOOKS, json!({"url": url, "events": ["*"]})).await, 400, "url");
        }
        let receiver = Receiver::start().await;
        let port = receiver.base.rsplit_once(':').unwrap().1;
        // The command line does not know what the server allows; the server does.
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let mut urls = vec![
            receiver.url("/hook"),
            format!("https://127.0.0.1:{port}/hook"),
            format!("https://localhost:{port}/hook"),
            format!("https://[::1]:{port}/hook"),
        ];
        if !host.trim().is_empty() && std::net::ToSocketAddrs::to_socket_addrs(&(host.trim(), 1)).is_ok() {
            // The machine's own name: whatever it is resolved to lies inside.
            urls.push(format!("https://{}:{port}/hook", host.trim()));
        }
        for url in &urls {
            let arguments = ["webhook", "create", "--url", url, "--events", "*", "--delivery", "durable", "--json"];
            let output = shop.command(&arguments).await;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        customer(&shop, "Ana").await;
        for (id, url) in (1..).zip(&urls) {
            let hook = Hook { id, secret: String::new() };
            let rows = hook.settled(&shop).await;
            assert_eq!((rows[0]["state"].as_str(), int(&rows[0]["attempts"])), (Some("refused"), 1), "{url}: {rows:?}");
        }
        tokio::time::sleep(Duration::from_secs(7)).await;
        assert_eq!(receiver.all().len(), 0, "somebody was let in");
        for id in 1..=i64::try_from(urls.len()).unwrap() {
            let rows = Hook { id, secret: String::new() }.settled(&shop).await;
            assert_eq!(int(&rows[0]["attempts"]), 1, "a refusal was retried: {rows:?}");
        }
    }
}
