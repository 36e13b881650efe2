//! Many events, many endpoints, and one of them hangs.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use diario_tests::{Database, Receiver, Reply, Server, Shop, each_engine, setting};
use futures_util::future::join_all;
use serde_json::json;

use crate::Hook;

const ENDPOINTS: usize = 50;

each_engine! {
    async fn one_that_hangs_keeps_nobody_waiting(engine: Engine) {
        let events = usize::try_from(setting("DIARIO_WEBHOOK_EVENTS", 200)).unwrap();
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        let receiver = Receiver::start().await;
        receiver.reply("/0", Reply::Hang);
        for number in 0..ENDPOINTS {
            let url = receiver.url(&format!("/{number}"));
            Hook::create(&shop, &url, &["*"], json!({"delivery": "durable"})).await;
        }
        // Two more never get as far as a message: one says nothing to TLS, the other nonsense.
        for nonsense in [&b""[..], b"SSH-2.0-OpenSSH_9.6\r\n"] {
            let url = crate::tls::no_tls(nonsense).await;
            Hook::create(&shop, &url, &["*"], json!({"delivery": "durable"})).await;
        }
        let began = Instant::now();
        for chunk in (0..events).collect::<Vec<_>>().chunks(20) {
            join_all(chunk.iter().map(async |number| crate::customer(&shop, &format!("C{number}")).await)).await;
        }
        let written = began.elapsed();
        // Generous for a debug build on a busy machine: what counts is that nobody waits for the one that hangs, whose
        // messages alone would take its timeout of 15 s for each eight of them.
        let patience = Duration::from_mins(1) + Duration::from_millis(100) * u32::try_from(events).unwrap();
        for number in 1..ENDPOINTS {
            receiver.wait_up_to(&format!("/{number}"), events, patience).await;
        }
        let told = began.elapsed();
        println!("{events} events written in {written:?}, told to {} endpoints in {told:?}", ENDPOINTS - 1);
        let mut latest = Duration::ZERO;
        for number in 1..ENDPOINTS {
            let received = receiver.at(&format!("/{number}"));
            let ids: HashSet<_> = received.iter().map(|one| one.header("webhook-id")).collect();
            assert_eq!((received.len(), ids.len()), (events, events), "endpoint {number}");
            latest = latest.max(received.last().unwrap().at - began);
        }
        assert!(receiver.count("/0") <= 8 * (1 + usize::try_from(told.as_secs() / 15).unwrap()) + 8);
        println!("the last message arrived after {latest:?}");
    }
}
