use std::time::Duration;

use diario_tests::{Database, Random, Server, Shop, each_engine, setting};
use serde_json::Value;

use crate::Counter;

const STOCK: i64 = 1_000_000;
const WRITERS: usize = 8;

/// One request that may or may not have been answered when the server died.
struct Attempt {
    key: String,
    sale: Option<i64>,
}

async fn write_until_it_dies(shop: Shop, body: Value, prefix: String) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for number in 0.. {
        let key = format!("{prefix}-{number}");
        let Some((status, answer)) = shop.try_post("/pos/api/sales", &key, &body).await else {
            attempts.push(Attempt { key, sale: None });
            break;
        };
        assert_eq!(status, 201, "{answer}");
        attempts.push(Attempt { key, sale: answer["sale_id"].as_i64() });
    }
    attempts
}

each_engine! {
    async fn each_acknowledged_sale_survives_once_and_none_is_half_booked(engine: Engine) {
        let mut random = Random::from_environment();
        let database = Database::fresh(engine).await;
        let mut server = Server::start(&database);
        let mut shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        let counter = Counter::open(&shop, STOCK).await;
        let body = counter.sale(&shop);
        let mut sales = Vec::new();
        for round in 0..setting("DIARIO_KILL_ROUNDS", 3) {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let prefix = format!("r{round}-w{writer}");
                    tokio::spawn(write_until_it_dies(shop.clone(), body.clone(), prefix))
                })
                .collect();
            tokio::time::sleep(Duration::from_millis(random.between(20, 700))).await;
            tokio::task::spawn_blocking(move || server.kill_hard()).await.unwrap();
            let mut attempts = Vec::new();
            for writer in writers {
                attempts.extend(writer.await.unwrap());
            }

            server = Server::start(&database);
            shop = shop.at(&server.base).await;
            let acknowledged: Vec<i64> = attempts.iter().filter_map(|attempt| attempt.sale).collect();
            let listed: Vec<i64> = shop.all("/pos/api/sales").await.iter().map(crate::sale_id).collect();
            for sale in &acknowledged {
                let count = listed.iter().filter(|id| *id == sale).count();
                assert_eq!(count, 1, "round {round}: the acknowledged sale {sale} is there {count} times");
            }
            let unanswered = attempts.len() - acknowledged.len();
            assert!(listed.len() <= sales.len() + attempts.len(), "round {round}: more sales than requests");
            println!("round {round}: {} acknowledged, {unanswered} unanswered", acknowledged.len());

            // Whoever got no answer asks again with the same key: booked before or not, it is one sale.
            sales.extend(acknowledged);
            for attempt in attempts.iter().filter(|attempt| attempt.sale.is_none()) {
                let (status, answer) = shop.try_post("/pos/api/sales", &attempt.key, &body).await.unwrap();
                assert_eq!(status, 201, "{answer}");
                sales.push(answer["sale_id"].as_i64().unwrap());
            }
            counter.assert_sold(&shop, STOCK, &sales).await;
        }
    }
}
