use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{Answer, Shop, dec, int, num, plus_days, refuses_query};

const ACCOUNTING: &str = "/pos/api/accounting";

impl Shop {
    /// The id of the account of a code.
    pub async fn account(&self, code: &str) -> i64 {
        let answer = self.get(&format!("{ACCOUNTING}/accounts")).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        int(&rows.iter().find(|row| row["code"] == code).unwrap_or_else(|| panic!("no account {code}"))["id"])
    }

    /// An account of the shop's own.
    pub async fn create_account(&self, code: &str, parent: &str) -> i64 {
        let body =
            json!({"code": code, "name": format!("Cuenta {code}"), "parent_id": self.account(parent).await});
        self.post(&format!("{ACCOUNTING}/accounts"), body).await.expect(201).int("id")
    }

    /// An entry by hand: account and amount, debits positive. The body.
    pub async fn entry(&self, date: &str, lines: &[(&str, &str)]) -> Value {
        let mut written = Vec::new();
        for (code, amount) in lines {
            let size = num(amount.trim_start_matches('-'));
            let (debit, credit) =
                if amount.starts_with('-') { (num("0.00"), size) } else { (size, num("0.00")) };
            written.push(json!({"account_id": self.account(code).await, "debit": debit, "credit": credit}));
        }
        json!({"date": date, "description": "Póliza de prueba", "lines": written})
    }

    /// Posts it, and answers its id.
    pub async fn post_entry(&self, date: &str, lines: &[(&str, &str)]) -> i64 {
        let body = self.entry(date, lines).await;
        self.post(&format!("{ACCOUNTING}/entries"), body).await.expect(201).int("id")
    }

    /// Tries to close a period.
    pub async fn close(&self, year: i64, month: i64) -> Answer {
        self.post(&format!("{ACCOUNTING}/periods/close"), json!({"year": year, "month": month})).await
    }

    /// Closes every open month up to that of a day.
    pub async fn close_through(&self, day: &str) {
        let last = year_and_month(day);
        let answer = self.get(&format!("{ACCOUNTING}/periods")).await.expect(200);
        for row in answer["data"].as_array().unwrap().iter().rev() {
            let (year, month) = (int(&row["year"]), int(&row["month"]));
            if row["status"] == "open" && month < 13 && (year, month) <= last {
                self.close(year, month).await.expect(200);
            }
        }
    }
}

/// `2026-04-01` is of year 2026 and month 4.
pub fn year_and_month(day: &str) -> (i64, i64) {
    (day[..4].parse().unwrap(), day[5..7].parse().unwrap())
}

/// The first day of a month that lies so many months before that of a day.
pub fn months_before(day: &str, months: i64) -> String {
    let (year, month) = year_and_month(day);
    let count = year * 12 + month - 1 - months;
    format!("{:04}-{:02}-01", count.div_euclid(12), count.rem_euclid(12) + 1)
}

/// The last day of the month of a day.
pub fn month_end(day: &str) -> String {
    plus_days(&months_before(day, -1), -1)
}

/// A shop with a past: goods that came in four months ago, were sold on credit then and since, and cash today.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    pub register: i64,
    pub item: i64,
    pub customer: i64,
}

impl Past {
    pub async fn of(shop: &Shop) -> Self {
        let item = json!({
            "part_number": "PA-1", "name": "Balatas", "cost": 150, "price_1": 350, "initial_stock": 100
        });
        let item = int(&shop.days_ago(120, "items_create", json!({}), item).await["id"]);
        let customer = shop.create_customer("90000.00").await;
        let register = shop.open_register("1000.00").await;
        let past = Self { register, item, customer };
        for days in [100, 40] {
            past.owe(shop, days).await;
        }
        shop.sell_cash(register, item, "2", "350.00").await;
        past
    }

    /// A credit sale of 406.00 so many days ago.
    pub async fn owe(&self, shop: &Shop, days: i64) {
        let sale = shop.credit_sale(self.customer, self.item, "1", "350.00");
        shop.days_ago(days, "sales_create", json!({}), sale).await;
    }

    pub async fn pay(&self, shop: &Shop, amount: &str) {
        let body = json!({"amount": num(amount), "payment_method": "transferencia"});
        shop.post(&format!("/pos/api/customers/{}/payment", self.customer), body).await.expect(201);
    }

    /// More of everything, today and in the past.
    pub async fn go_on(&self, shop: &Shop) {
        shop.sell_cash(self.register, self.item, "1", "350.00").await;
        self.owe(shop, 90).await;
        self.pay(shop, "100.01").await;
        let mut by_transfer = shop.sale(self.register, self.item, "1", "350.00");
        by_transfer["payment_method"] = json!("transferencia");
        shop.sell(by_transfer.clone()).await;
        shop.days_ago(35, "sales_create", json!({}), by_transfer).await;
    }
}

/// Now, as RFC 3339.
fn instant() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let (seconds, micros) = (now.as_secs(), now.subsec_micros());
    let day = plus_days("1970-01-01", i64::try_from(seconds / 86_400).unwrap());
    let second = seconds % 86_400;
    format!("{day}T{:02}:{:02}:{:02}.{micros:06}Z", second / 3_600, second / 60 % 60, second % 60)
}

async fn without_as_of(shop: &Shop, path: &str, as_of: &str) -> (Value, Value) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut body = shop.get(&format!("{path}{joint}as_of={as_of}")).await.expect(200).body;
    let stated = body.as_object_mut().unwrap().remove("as_of").unwrap_or(Value::Null);
    (body, stated)
}

/// Holds a report to telling, as of a position and as of an instant, what it told then, whatever was recorded
/// since, be it for days long gone. `says_so` where the answer has `as_of` with the position.
pub async fn remembers(shop: &Shop, path: &str, says_so: bool) {
    let past = Past::of(shop).await;
    let pause = Duration::from_millis(20);
    let mut then = Vec::new();
    for _ in 0..3 {
        let position = shop.events().await;
        tokio::time::sleep(pause).await;
        then.push((position, instant(), shop.get(path).await.expect(200).body));
        tokio::time::sleep(pause).await;
        past.go_on(shop).await;
    }
    let head = shop.events().await;
    then.push((head, instant(), shop.get(path).await.expect(200).body));
    for pair in then.windows(2) {
        assert_ne!(pair[0].2, pair[1].2, "{path} does not show what happened meanwhile");
    }
    for (position, instant, told) in &then {
        for as_of in [&position.to_string(), instant] {
            let (body, stated) = without_as_of(shop, path, as_of).await;
            assert_eq!(&body, told, "{path} as of {as_of}");
            let expected = if says_so { json!(position) } else { Value::Null };
            assert_eq!(stated, expected, "{path} as of {as_of}");
        }
    }
    let (nothing, _) = without_as_of(shop, path, "0").await;
    assert_ne!(nothing, then[0].2);
    let beyond = (head + 1).to_string();
    let wrong =
        ["x", "-1", "1.5", &beyond, "2999-01-01T00:00:00Z", "2999-01-01T00:00:00", "2026-13-01T00:00:00Z"];
    for as_of in wrong {
        refuses_query(shop, path.split('?').next().unwrap(), &[&with_needed(path, as_of)]).await;
    }
}

/// The query with a spoilt `as_of` at its head, which names it in the refusal.
fn with_needed(path: &str, as_of: &str) -> String {
    let rest = path.split_once('?').map(|(_, rest)| format!("&{rest}")).unwrap_or_default();
    format!("as_of={as_of}{rest}")
}

/// A report as CSV: its header, and amounts with two decimals in the columns from `amounts` on.
pub async fn csv_of(shop: &Shop, path: &str, header: &str, amounts: &[&str]) -> Vec<Vec<String>> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let answer = shop.get(&format!("{path}{joint}format=csv")).await.expect(200);
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/csv"), "{} is {kind}", answer.request);
    let mut reader = csv::Reader::from_reader(answer.bytes.as_slice());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>().join(","), header);
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect();
    for row in &rows {
        for (name, cell) in header.split(',').zip(row) {
            if amounts.contains(&name) {
                assert_eq!(dec(cell).scale(), 2, "{name} in {row:?}");
            }
        }
    }
    rows
}
