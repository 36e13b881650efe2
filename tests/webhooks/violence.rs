//! The server is killed while it delivers, and another one goes on.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use diario_tests::{Database, Engine, Random, Receiver, Reply, Server, Shop, alone, each_engine, setting};
use futures_util::future::join_all;
use serde_json::json;

use crate::Hook;

const EVENTS: usize = 150;

/// Each customer is told of, under one id, however often.
fn assert_each_told(receiver: &Receiver, path: &str, names: &[String]) {
    let mut ids: HashMap<String, HashSet<String>> = HashMap::new();
    for one in receiver.at(path) {
        let name = one.json()["data"]["nombre"].as_str().unwrap().to_owned();
        ids.entry(name).or_default().insert(one.header("webhook-id").to_owned());
    }
    for name in names {
        assert_eq!(ids.get(name).map(HashSet::len), Some(1), "{name} at {path}: {:?}", ids.get(name));
    }
}

async fn all_told(receiver: &Receiver, path: &str, count: usize) {
    let until = Instant::now() + Duration::from_mins(2);
    loop {
        let told: HashSet<String> =
            receiver.at(path).iter().map(|one| one.header("webhook-id").to_owned()).collect();
        if told.len() >= count {
            return;
        }
        assert!(Instant::now() < until, "{} of {count} were told at {path}", told.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

each_engine! {
    async fn a_killed_server_loses_no_delivery_and_gives_none_another_id(engine: Engine) {
        let mut random = Random::from_environment();
        let database = Database::fresh(engine).await;
        let mut server = Server::start(&database);
        let mut shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        let receiver = Receiver::start().await;
        // One is quick, one hangs while the server dies, and one promises a single attempt.
        Hook::create(&shop, &receiver.url("/quick"), &["*"], json!({"delivery": "durable"})).await;
        Hook::create(&shop, &receiver.url("/slow"), &["*"], json!({"delivery": "durable"})).await;
        Hook::create(&shop, &receiver.url("/once"), &["*"], json!({})).await;
        let mut names = Vec::new();
        for round in 0..setting("DIARIO_KILL_ROUNDS", 3) {
            receiver.reply("/slow", Reply::Hang);
            let fresh: Vec<String> = (0..EVENTS).map(|number| format!("R{round}-{number}")).collect();
            for chunk in fresh.chunks(10) {
                join_all(chunk.iter().map(|name| crate::customer(&shop, name))).await;
            }
            names.extend(fresh);
            tokio::time::sleep(Duration::from_millis(random.between(0, 150))).await;
            tokio::task::spawn_blocking(move || server.kill_hard()).await.unwrap();
            receiver.reply("/slow", Reply::status(200));
            server = Server::start(&database);
            shop = shop.at(&server.base).await;
        }
        for path in ["/quick", "/slow", "/once"] {
            all_told(&receiver, path, names.len()).await;
            assert_each_told(&receiver, path, &names);
            println!("{path}: {} messages for {} events", receiver.count(path), names.len());
        }
    }
}

#[test]
fn two_servers_share_the_work_and_one_goes_on_for_the_other() {
    alone(Engine::Postgres, |engine| async move {
        let database = Database::fresh(engine).await;
        let (one, two) = (Server::start(&database), Server::start(&database));
        let here = Shop::create(engine, &one.base, &database.url, &[]).await;
        let there = here.at(&two.base).await;
        let receiver = Receiver::start().await;
        Hook::create(&here, &receiver.url("/hook"), &["*"], json!({"delivery": "durable"})).await;
        let mut names = Vec::new();
        for number in 0..EVENTS {
            let shop = if number % 2 == 0 { &here } else { &there };
            let name = format!("C{number}");
            crate::customer(shop, &name).await;
            names.push(name);
        }
        all_told(&receiver, "/hook", names.len()).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(receiver.count("/hook"), names.len(), "two servers told of the same");
        // The one that has the endpoint dies with messages under way; so does nothing else.
        receiver.reply("/hook", Reply::Hang);
        crate::customer(&there, "last").await;
        names.push("last".to_owned());
        receiver.wait("/hook", names.len()).await;
        let query = "SELECT owner FROM webhook_endpoints WHERE lease_until > 0";
        let owner = database.sql().rows(query).await;
        assert_eq!(owner.len(), 1, "nobody has the endpoint: {owner:?}");
        tokio::task::spawn_blocking(move || one.kill_hard()).await.unwrap();
        receiver.reply("/hook", Reply::status(200));
        crate::customer(&there, "after").await;
        names.push("after".to_owned());
        all_told(&receiver, "/hook", names.len()).await;
        assert_each_told(&receiver, "/hook", &names);
    });
}
