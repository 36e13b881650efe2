use std::time::{Duration, Instant};

use diario_tests::{Database, Engine, Server, Shop, alone, dec, setting};
use futures_util::future::join_all;
use serde_json::Value;

use crate::{Counter, last_unit::LastUnit};

const STOCK: i64 = 1_000_000;

async fn write_until(shop: Shop, body: Value, prefix: String, until: Instant) -> Vec<i64> {
    let mut sales = Vec::new();
    let mut number = 0;
    while Instant::now() < until {
        let key = format!("{prefix}-{number}");
        let (status, answer) = shop.try_post("/pos/api/sales", &key, &body).await.unwrap();
        if status == 503 {
            // The queue is full: the same request comes again.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        assert_eq!(status, 201, "{answer}");
        sales.push(answer["sale_id"].as_i64().unwrap());
        number += 1;
    }
    sales
}

#[test]
fn both_sell_for_one_tenant() {
    alone(Engine::Postgres, |engine| async move {
        let database = Database::fresh(engine).await;
        let (one, two) = (Server::start(&database), Server::start(&database));
        let here = Shop::create(engine, &one.base, &database.url, &[]).await;
        let there = here.at(&two.base).await;
        let counter = Counter::open(&here, STOCK).await;
        let body = counter.sale(&here);
        // What one server has just written, the other knows.
        let first = there.sell(body.clone()).await.int("sale_id");
        let until = Instant::now() + Duration::from_secs(setting("DIARIO_SOAK_SECONDS", 5));
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let shop = if writer % 2 == 0 { &here } else { &there };
                tokio::spawn(write_until(shop.clone(), body.clone(), format!("w{writer}"), until))
            })
            .collect();
        let mut sales = vec![first];
        for writer in writers {
            sales.extend(writer.await.unwrap());
        }
        println!("{} sales", sales.len());
        for shop in [&here, &there] {
            counter.assert_sold(shop, STOCK, &sales).await;
        }
    });
}

#[test]
fn the_last_unit_is_sold_once() {
    alone(Engine::Postgres, |engine| async move {
        let database = Database::fresh(engine).await;
        let (one, two) = (Server::start(&database), Server::start(&database));
        let here = Shop::create(engine, &one.base, &database.url, &[]).await;
        let there = here.at(&two.base).await;
        let register = here.open_register("0.00").await;
        for round in 0..setting("DIARIO_STRESS_ROUNDS", 5) {
            let item = here.create_item("350.00", 1).await;
            let body = here.sale(register, item, "1", "350.00");
            let requests = (0..100).map(|number| {
                let shop = if number % 2 == 0 { &here } else { &there };
                shop.post("/pos/api/sales", body.clone())
            });
            let answers = join_all(requests).await;
            let sold = answers.iter().filter(|answer| answer.status == 201).count();
            let refused = answers.iter().filter(|answer| answer.status == 400).count();
            assert_eq!((sold, refused), (1, 99), "round {round}");
            assert_eq!(there.stock(item).await, dec("0"), "round {round}");
        }
        there.assert_books_tie().await;
    });
}

#[test]
fn the_last_unit_goes_one_way() {
    alone(Engine::Postgres, |engine| async move {
        let database = Database::fresh(engine).await;
        let (one, two) = (Server::start(&database), Server::start(&database));
        let here = Shop::create(engine, &one.base, &database.url, &[]).await;
        let there = here.at(&two.base).await;
        let mut unit = LastUnit::open(&here).await;
        for round in 0..setting("DIARIO_STRESS_ROUNDS", 5) {
            unit.race(&[&here, &there], usize::try_from(round).unwrap()).await;
        }
        there.assert_books_tie().await;
    });
}

#[test]
fn each_answers_what_the_other_wrote() {
    alone(Engine::Postgres, |engine| async move {
        let database = Database::fresh(engine).await;
        let (one, two) = (Server::start(&database), Server::start(&database));
        let here = Shop::create(engine, &one.base, &database.url, &[]).await;
        let there = here.at(&two.base).await;
        let counter = Counter::open(&here, 1000).await;
        let body = counter.sale(&here);
        let mut sales = Vec::new();
        for round in 0..20 {
            let (writer, reader) = if round % 2 == 0 { (&here, &there) } else { (&there, &here) };
            let sale = writer.sell(body.clone()).await.int("sale_id");
            let seen = reader.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
            assert_eq!(seen.money("total"), dec("406"));
            sales.push(sale);
        }
        // The same key at the other server is the same request.
        let (_, first) = here.try_post("/pos/api/sales", "la-misma", &body).await.unwrap();
        let (_, again) = there.try_post("/pos/api/sales", "la-misma", &body).await.unwrap();
        assert_eq!(first, again);
        sales.push(first["sale_id"].as_i64().unwrap());
        counter.assert_sold(&here, 1000, &sales).await;
    });
}
