use std::collections::BTreeMap;
use std::time::Duration;

use diario_tests::{Database, Random, Server, Shop, each_engine, int, plus_days, setting};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::Counter;

const PATH: &str = "/pos/api/sync/batch";
const SALES: usize = 500;
const STOCK: i64 = 1_000;
/// Commands in one batch of the till.
const BATCH: usize = 50;

fn shuffle<T>(random: &mut Random, list: &mut [T]) {
    for at in (1..list.len()).rev() {
        list.swap(at, usize::try_from(random.between(0, at as u64 + 1)).unwrap());
    }
}

/// What a till did yesterday while it was cut off: it opened its drawer and sold one unit every minute.
fn queue(item: i64, yesterday: &str) -> Vec<Value> {
    let at = |minute: usize| format!("{yesterday}T{:02}:{:02}:00", 8 + minute / 60, minute % 60);
    let mut commands = vec![json!({
        "client_id": "apertura", "client_time": at(0), "operation": "register_open",
        "body": {"register_number": 1, "opening_amount": 0}
    })];
    commands.extend((1..=SALES).map(|number| {
        json!({
            "client_id": format!("venta-{number}"), "client_time": at(number), "operation": "sales_create",
            "body": {
                "items": [{"inventory_id": item, "quantity": 1}], "payment_method": "efectivo",
                "sale_type": "cash", "amount_paid": 500,
                "register_id": {"ref": "apertura", "field": "register_id"}
            }
        })
    }));
    commands
}

/// Answers by client id, as the till keeps them: what was answered once is answered so for ever.
#[derive(Default)]
struct Heard(BTreeMap<String, Value>);

impl Heard {
    /// Takes the answers in; those that the till must send again later are not kept.
    fn take(&mut self, commands: &[Value], answer: &Value) {
        let results = answer["results"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
        assert_eq!(results.len(), commands.len());
        for (result, command) in results.iter().zip(commands) {
            assert_eq!(
                result["client_id"], command["client_id"],
                "answers come in the order of the commands"
            );
            let (id, status) = (result["client_id"].as_str().unwrap(), int(&result["status"]));
            if [409, 424, 503].contains(&status) {
                continue;
            }
            assert_eq!(status, 201, "{result:#}");
            if let Some(first) = self.0.get(id) {
                assert_eq!(&result["body"], first, "{id} was answered otherwise the second time");
                assert_eq!(result["replayed"], json!(true), "{id} was done twice");
            }
            self.0.insert(id.to_owned(), result["body"].clone());
        }
    }

    fn sales(&self) -> Vec<i64> {
        self.0.values().filter_map(|body| body.get("sale_id")).map(int).collect()
    }
}

/// Sends batches one after another until the server is gone; what it answered whole is heard.
async fn send_until_it_dies(shop: Shop, batches: Vec<Vec<Value>>) -> Heard {
    let mut heard = Heard::default();
    for commands in batches {
        let Some((status, answer)) = shop.try_send(PATH, &[], &json!({"commands": commands})).await else {
            return heard;
        };
        assert_eq!(status, 200, "{answer}");
        heard.take(&commands, &answer);
    }
    panic!("the till was through before the server was killed");
}

/// Sends every batch, so many of them at once.
async fn send_all(shop: &Shop, batches: &[Vec<Value>], at_once: usize, heard: &mut Heard) {
    let answers: Vec<_> = stream::iter(batches)
        .map(|commands| async move { (commands, shop.post(PATH, json!({"commands": commands})).await) })
        .buffer_unordered(at_once)
        .collect()
        .await;
    for (commands, answer) in answers {
        heard.take(commands, &answer.expect(200));
    }
}

/// The same commands in other batches, each in another order.
fn regrouped(random: &mut Random, commands: &[Value]) -> Vec<Vec<Value>> {
    let mut commands = commands.to_vec();
    shuffle(random, &mut commands);
    commands.chunks(BATCH).map(<[Value]>::to_vec).collect()
}

each_engine! {
    async fn five_hundred_sales_survive_a_server_that_dies_under_them(engine: Engine) {
        let mut random = Random::from_environment();
        let database = Database::fresh(engine).await;
        let mut server = Server::start(&database);
        let mut shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        let item = shop.create_item("350.00", STOCK).await;
        let commands = queue(item, &plus_days(&shop.today().await, -1));
        let mut heard = Heard::default();
        let mut batches: Vec<Vec<Value>> = commands.chunks(BATCH).map(<[Value]>::to_vec).collect();

        // The till begins from the start each time, for it does not know how far it came.
        let rounds = setting("DIARIO_KILL_ROUNDS", 2).clamp(1, 5);
        // Half of the sales are left over: a slow kill must not find the till through.
        let share = SALES as u64 / 2 / rounds;
        let mut sold = 0;
        for round in 0..rounds {
            let enough = shop.events().await + i64::try_from(random.between(share / 2, share)).unwrap();
            let till = tokio::spawn(send_until_it_dies(shop.clone(), batches.clone()));
            while shop.events().await < enough && !till.is_finished() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::task::spawn_blocking(move || server.kill_hard()).await.unwrap();
            let answered = till.await.unwrap();

            server = Server::start(&database);
            shop = shop.at(&server.base).await;
            let listed = shop.all("/pos/api/sales").await.len();
            println!("round {round}: {} sales heard of, {listed} booked", answered.sales().len());
            assert!(answered.sales().len() <= listed, "a sale that was acknowledged is gone");
            assert!(sold < listed && listed < SALES, "{listed} sales: the batch was not cut through");
            sold = listed;
            for (id, body) in answered.0 {
                let first = heard.0.entry(id).or_insert_with(|| body.clone());
                assert_eq!(*first, body);
            }
            // Next time in another order; what waits for the drawer's opening would only be put off.
            shuffle(&mut random, &mut batches[1..]);
        }

        // Everything again, twice: other batches, another order, two at once; at last the same batch twice at once.
        let again = regrouped(&mut random, &commands);
        send_all(&shop, &again, 2, &mut heard).await;
        let mut twice = regrouped(&mut random, &commands);
        twice = twice.into_iter().flat_map(|batch| [batch.clone(), batch]).collect();
        send_all(&shop, &twice, 2, &mut heard).await;

        // Two that met in one command may have left it to each other: whatever is unanswered comes once more.
        send_all(&shop, &again, 1, &mut heard).await;
        assert_eq!(heard.0.len(), SALES + 1, "not every command was answered");
        let register = int(&heard.0["apertura"]["register_id"]);
        let sales = heard.sales();
        assert_eq!(sales.len(), SALES);
        Counter { register, item }.assert_sold(&shop, STOCK, &sales).await;

        let before = shop.events().await;
        send_all(&shop, &again, 2, &mut heard).await;
        assert_eq!(shop.events().await, before, "what had been applied was applied again");
    }

    async fn what_refers_to_a_later_batch_waits_for_it(engine: Engine) {
        let database = Database::fresh(engine).await;
        let server = Server::start(&database);
        let shop = Shop::create(engine, &server.base, &database.url, &[]).await;
        let item = shop.create_item("350.00", STOCK).await;
        let commands = queue(item, &plus_days(&shop.today().await, -1));
        let (first, later) = (&commands[..3], &commands[3..9]);
        let quote = json!({
            "client_id": "cotiza", "operation": "quotations_create", "body": {
                "items": [{"inventory_id": item, "quantity": 1}]
            }
        });
        let convert = json!({
            "client_id": "convierte", "operation": "quotations_convert",
            "params": {"quot_id": {"ref": "cotiza", "field": "quotation_id"}}, "body": {
                "payment_method": "efectivo", "amount_paid": 406,
                "register_id": {"ref": "apertura", "field": "register_id"}
            }
        });
        let cancel = json!({
            "client_id": "cancela", "operation": "sales_cancel",
            "params": {"sale_id": {"ref": "convierte", "field": "sale_id"}}, "body": {"reason": "Error"}
        });
        let last = [quote, convert, cancel];
        let send = |commands: &[Value]| {
            let (shop, body) = (shop.clone(), json!({"commands": commands}));
            async move {
                let answer = shop.post(PATH, body).await.expect(200);
                let results = answer["results"].as_array().unwrap().clone();
                for result in &results {
                    if int(&result["status"]) == 424 {
                        assert!(result["error"].as_str().is_some_and(|error| !error.is_empty()), "{result}");
                        assert_eq!(result["replayed"], json!(false), "{result}");
                    }
                }
                results.iter().map(|result| int(&result["status"])).collect::<Vec<_>>()
            }
        };

        let before = shop.events().await;
        for _ in 0..2 {
            assert_eq!(send(later).await, [424; 6]);
        }
        assert_eq!(shop.events().await, before, "what waits changed something");
        // The quotation needs no drawer; its sale does, and the cancellation needs the sale.
        assert_eq!(send(&last).await, [201, 424, 424]);
        assert_eq!(send(&last[2..]).await, [424]);
        // A batch in the wrong order waits as well.
        assert_eq!(send(&[first[1].clone(), first[0].clone(), first[2].clone()]).await, [424, 201, 201]);
        assert_eq!(send(later).await, [201; 6]);
        assert_eq!(send(&last).await, [201, 201, 200]);
        assert_eq!(send(first).await, [201; 3]);
        let after = shop.events().await;
        for commands in [later, &last, first] {
            send(commands).await;
        }
        assert_eq!(shop.events().await, after);
        assert_eq!(shop.stock(item).await.normalize(), diario_tests::dec("992"));
        assert_eq!(shop.all("/pos/api/sales").await.len(), 9);
        shop.assert_books_tie().await;
    }
}
