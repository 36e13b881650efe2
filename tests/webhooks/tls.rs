//! Over HTTPS: whom the server believes, and what becomes of a delivery to anybody else. `tls/README.md` says where the
//! certificates come from.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diario_tests::{Database, Receiver, Server, Shop, each_engine, int};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{Hook, customer, notices};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("webhooks/tls").join(name)
}

fn present(receiver: &Receiver, certificate: &str) {
    receiver.present(&file(certificate), &file("key.pem"));
}

async fn secure(certificate: &str) -> Receiver {
    Receiver::start_secure(&file(certificate), &file("key.pem")).await
}

/// The address of somebody who speaks no TLS: says this to whoever connects, if anything, and then nothing.
pub async fn no_tls(says: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.write_all(says).await;
                let mut rest = [0; 1_024];
                while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
            });
        }
    });
    url
}

/// A shop on a server that trusts the tests' own authority and nobody else.
async fn shop(engine: diario_tests::Engine, database: &Database) -> (Server, Shop) {
    let server = Server::start_in(database, &[("SSL_CERT_FILE", &file("ca.pem"))]);
    let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
    (server, shop)
}

/// The newest delivery, once it has been tried so often.
async fn tried(shop: &Shop, hook: &Hook, attempts: i64) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let rows = hook.deliveries(shop).await;
        if rows.first().is_some_and(|row| int(&row["attempts"]) >= attempts) {
            return rows[0].clone();
        }
        assert!(Instant::now() < until, "not tried {attempts} times: {rows:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

each_engine! {
    async fn only_whom_the_system_trusts_is_told(engine: Engine) {
        let database = Database::fresh(engine).await;
        let (server, shop) = shop(engine, &database).await;
        let good = secure("good.pem").await;
        let by_address = good.url("/address").replace("localhost", "127.0.0.1");
        let durable = json!({"delivery": "durable"});
        let hook = Hook::create(&shop, &good.url("/hook"), &["*"], durable.clone()).await;
        let address = Hook::create(&shop, &by_address, &["*"], json!({})).await;
        // Each that is not believed, twice: one promises a single attempt, the other more.
        let mut distrusted = Vec::new();
        for (certificate, word) in
            [("stranger.pem", "UnknownIssuer"), ("other-name.pem", "localhost"), ("expired.pem", "expired")]
        {
            let receiver = secure(certificate).await;
            let once = Hook::create(&shop, &receiver.url("/once"), &["*"], json!({})).await;
            let again = Hook::create(&shop, &receiver.url("/durable"), &["*"], durable.clone()).await;
            distrusted.push((receiver, once, again, word));
        }
        customer(&shop, "Ana").await;

        let told = good.wait("/hook", 1).await;
        assert_eq!(told[0].json()["evento"], "cliente.creado");
        notices::assert_verified(&hook.secret, &told).await;
        good.wait("/address", 1).await;
        for hook in [&hook, &address] {
            assert_eq!(hook.settled(&shop).await[0]["state"], "delivered");
        }
        for (receiver, once, again, word) in &distrusted {
            let row = once.settled(&shop).await.remove(0);
            assert_eq!((row["state"].as_str(), int(&row["attempts"])), (Some("failed"), 1), "{row}");
            let why = row["answer"].as_str().unwrap();
            assert!(why.starts_with("TLS: ") && why.contains("certificate") && why.contains(word), "{why}");
            assert!(row["status"].is_null() && row["next_at"].is_null(), "{row}");
            let row = tried(&shop, again, 1).await;
            assert_eq!(row["state"], "pending", "{row}");
            assert!(row["next_at"].is_string() && row["answer"].as_str().unwrap().contains(word), "{row}");
            assert_eq!(receiver.all().len(), 0, "something was said to whom nobody trusts");
        }
        // Whoever renews the certificate in time loses nothing.
        for (receiver, ..) in &distrusted {
            present(receiver, "good.pem");
        }
        for (receiver, once, again, _) in &distrusted {
            let told = receiver.wait("/durable", 1).await;
            notices::assert_verified(&again.secret, &told).await;
            let row = again.settled(&shop).await.remove(0);
            assert_eq!((row["state"].as_str(), int(&row["attempts"])), (Some("delivered"), 2), "{row}");
            let path = format!("/admin/v1/deliveries/{}", row["id"].as_str().unwrap());
            let history = shop.get(&path).await.expect(200)["history"].clone();
            let outcomes: Vec<_> = history.as_array().unwrap().iter().map(|one| one["outcome"].clone()).collect();
            assert_eq!(outcomes, ["failed", "delivered"]);
            assert_eq!((receiver.count("/once"), int(&once.settled(&shop).await[0]["attempts"])), (0, 1));
        }
        drop(server);
    }

    async fn a_handshake_that_hangs_or_makes_no_sense_delays_nobody(engine: Engine) {
        let database = Database::fresh(engine).await;
        let (server, shop) = shop(engine, &database).await;
        let good = secure("good.pem").await;
        let silent = Hook::create(&shop, &no_tls(b"").await, &["*"], json!({})).await;
        let nonsense = Hook::create(&shop, &no_tls(b"HTTP/1.1 400 Bad Request\r\n\r\n").await, &["*"], json!({})).await;
        Hook::create(&shop, &good.url("/hook"), &["*"], json!({})).await;
        // More than are under way at the same time to one endpoint.
        for number in 0..12 {
            let name = format!("C{number}");
            let began = Instant::now();
            customer(&shop, &name).await;
            good.wait_up_to("/hook", number + 1, Duration::from_secs(4)).await;
            println!("told after {:?}", began.elapsed());
        }
        let row = nonsense.settled(&shop).await.remove(0);
        assert_eq!((row["state"].as_str(), int(&row["attempts"])), (Some("failed"), 1), "{row}");
        assert!(row["answer"].as_str().unwrap().starts_with("TLS: "), "{row}");
        let rows = silent.settled(&shop).await;
        for row in &rows {
            assert_eq!((row["state"].as_str(), row["answer"].as_str()), (Some("failed"), Some("no connection within 5 s")));
        }
        assert_eq!(rows.len(), 12);
        drop(server);
    }
}
