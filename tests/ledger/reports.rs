//! Reports look back: what is asked as of a position or an instant is what was answered then.

use diario_tests::{Random, Shop, both_engines, num, plus_days};
use serde_json::{Value, json};

/// The reports of days that reach behind all that happens.
async fn taken(shop: &Shop, days: &str, more: &str) -> Vec<Value> {
    let mut reports = Vec::new();
    for report in ["trial-balance", "income-statement", "ledger", "entries"] {
        let account = if report == "ledger" { "&code=101.01&per_page=200" } else { "" };
        reports.push(format!("{report}?{days}{account}{more}"));
    }
    for report in ["balance-sheet", "aging"] {
        let day = days.rsplit('=').next().unwrap();
        reports.push(format!("{report}?date={day}{more}"));
    }
    let mut answers = Vec::new();
    for path in reports {
        let answer = shop.get(&format!("/pos/api/accounting/{path}")).await.expect(200);
        let mut body: Value = serde_json::from_str(&answer.text()).unwrap();
        body.as_object_mut().unwrap().remove("as_of");
        answers.push(json!({"path": path.split('?').next(), "body": body}));
    }
    answers
}

async fn step(shop: &Shop, random: &mut Random, goods: (i64, i64), customer: i64) {
    let (register, item) = goods;
    let quantity = random.between(1, 5).to_string();
    match random.between(0, 7) {
        0 => {
            shop.sell_on_credit(customer, item, &quantity, "33.33").await;
        }
        1 => {
            let body = json!({"amount": num("1.01"), "payment_method": "transferencia"});
            shop.post(&format!("/pos/api/customers/{customer}/payment"), body).await;
        }
        2 => {
            let body = json!({"item_id": item, "quantity": -1, "reason": "Rota"});
            shop.post("/pos/api/inventory/adjustment", body).await;
        }
        3 => {
            let name = format!("Cliente {}", random.draw() % 1_000);
            shop.put(&format!("/pos/api/customers/{customer}"), json!({"name": name})).await.expect(200);
        }
        4 => {
            let lines = json!([{"account_id": 6, "debit": num("10.00"), "credit": 0},
                {"account_id": 52, "debit": 0, "credit": num("10.00")}]);
            let entry = json!({"date": shop.today().await, "description": "Prueba", "lines": lines});
            shop.post("/pos/api/accounting/entries", entry).await.expect(201);
        }
        _ => {
            shop.sell_cash(register, item, &quantity, "35.01").await;
        }
    }
}

both_engines! {
    async fn as_of_a_position_or_an_instant_a_report_is_what_it_was_then(shop: Shop) {
        let register = shop.open_register("500.00").await;
        let item = shop.create_item("35.00", 10_000).await;
        let customer = shop.create_customer("900000.00").await;
        shop.sell_on_credit(customer, item, "1", "350.00").await;
        let today = shop.today().await;
        let days = format!("date_from=1970-01-01&date_to={today}");
        let mut random = Random::from_environment();
        let mut then = Vec::new();
        for _ in 0..100 {
            for _ in 0..random.between(1, 3) {
                step(&shop, &mut random, (register, item), customer).await;
            }
            then.push((shop.events().await, taken(&shop, &days, "").await));
        }
        let instants = shop
            .sql()
            .rows(&format!("SELECT CAST(position AS TEXT), CAST(recorded_at AS TEXT) FROM events WHERE tenant_id = {} ORDER BY events.position", shop.tenant_id))
            .await;
        for (number, (position, reports)) in then.iter().enumerate() {
            let asked = if number % 2 == 0 {
                position.to_string()
            } else {
                // The end of the microsecond that the position was recorded in, before the next one was.
                let index = usize::try_from(position - 1).unwrap();
                let micros: i64 = instants[index][1].as_deref().unwrap().parse().unwrap();
                let next = instants.get(index + 1).map(|row| row[1].as_deref().unwrap().parse::<i64>().unwrap());
                if next == Some(micros) { position.to_string() } else { instant(micros) }
            };
            let now = taken(&shop, &days, &format!("&as_of={asked}")).await;
            for (now, then) in now.iter().zip(reports) {
                assert_eq!(now, then, "as of {asked}, position {position}");
            }
        }
        shop.assert_books_tie().await;
    }

    async fn the_same_pair_gives_the_same_bytes_in_every_form(shop: Shop) {
        crate::mixed_history(&shop).await;
        let today = shop.today().await;
        let position = shop.events().await;
        let mut paths = Vec::new();
        for format in ["json", "csv", "xlsx", "pdf"] {
            for report in ["trial-balance", "income-statement", "ledger"] {
                let more = if report == "ledger" { "code=115.01" } else { "compare=previous_year" };
                paths.push(format!("{report}?date_from=1970-01-01&date_to={today}&{more}&format={format}"));
            }
            paths.push(format!("balance-sheet?date={today}&compare=previous_period&format={format}"));
            paths.push(format!("aging?date={today}&format={format}"));
        }
        let mut first = Vec::new();
        for path in &paths {
            first.push(bytes(&shop, &format!("{path}&as_of={position}")).await);
        }
        let item = shop.create_item("99.99", 5).await;
        let customer = shop.create_customer("5000.00").await;
        shop.sell_on_credit(customer, item, "2", "99.99").await;
        let rebuilt = shop.command(&["rebuild"]).await;
        assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
        for (path, first) in paths.iter().zip(&first) {
            let again = bytes(&shop, &format!("{path}&as_of={position}")).await;
            assert!(again == *first, "{path} changed");
        }
    }
}

async fn bytes(shop: &Shop, path: &str) -> Vec<u8> {
    let answer = shop.get(&format!("/pos/api/accounting/{path}")).await.expect(200);
    let kind = answer.header("content-type").unwrap().to_owned();
    for (format, wanted, begins) in [
        ("json", "application/json", "{"),
        ("csv", "text/csv; charset=utf-8", ""),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"),
        ("pdf", "application/pdf", "%PDF-"),
    ] {
        if path.contains(&format!("format={format}")) {
            assert_eq!(kind, wanted, "{path}");
            assert!(answer.bytes.starts_with(begins.as_bytes()), "{path}");
        }
    }
    answer.bytes
}

/// RFC 3339 in UTC, to the microsecond.
fn instant(micros: i64) -> String {
    let (seconds, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (day, of_day) = (plus_days("1970-01-01", seconds.div_euclid(86_400)), seconds.rem_euclid(86_400));
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{day}T{hour:02}:{minute:02}:{second:02}.{rest:06}Z")
}
