//! The shop that the load sells from: logged in, stocked, its register open, its requests prepared.

use std::io::Write as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bench_common::{Outcome, Random};
use serde_json::{Value, json};

use crate::http::{Client, Request, Target};

/// More than any sale here can come to: 3 lines of at most 3 units at 500.00 and 16 % tax.
const AMOUNT_PAID: &str = "6000.00";
/// Nobody sells this many of one item in a benchmark.
const INITIAL_STOCK: u32 = 1_000_000;

/// A shop that is ready to sell.
pub(crate) struct Shop {
    authority: String,
    token: String,
    /// The sale's request up to the digits of its length.
    head: Vec<u8>,
    /// Each item's line for each quantity from 1 to 3.
    lines: Vec<[Vec<u8>; 3]>,
    tail: Vec<u8>,
}

/// Logs in, receives the items and opens a register, all over the API that is measured afterwards.
pub(crate) async fn open(
    client: &mut Client,
    target: &Target,
    tenant: u64,
    pin: &str,
    items: usize,
) -> Outcome<Shop> {
    let authority = target.authority.as_str();
    let login = json!({ "tenant_id": tenant, "pin": pin, "device_id": "load" }).to_string();
    let login =
        Request { method: "POST", path: "/pos/api/auth/login", authority, token: None, body: Some(&login) };
    let answer = client.json(&login, 200).await?;
    let token = answer["token"].as_str().ok_or("the login's answer has no token")?.to_owned();

    // Part numbers differ from run to run, so that the same shop can be loaded twice.
    let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let mut lines = Vec::with_capacity(items);
    for number in 0..items {
        let price = 10 + number % 490;
        let item = format!(
            r#"{{"part_number":"L{run}-{number}","name":"Articulo de carga {number}","cost":{cost}.00,"price_1":{price}.00,"tax_rate":0.16,"initial_stock":{INITIAL_STOCK}}}"#,
            cost = 5 + price / 2
        );
        let id = create(client, authority, &token, "/pos/api/inventory/items", &item).await?["id"]
            .as_u64()
            .ok_or("the new item's answer has no id")?;
        lines.push([1, 2, 3].map(|quantity| {
            format!(
                r#"{{"inventory_id":{id},"quantity":{quantity},"unit_price":{price}.00,"discount_pct":0,"tax_rate":0.16}}"#
            )
            .into_bytes()
        }));
    }
    let register = register(client, authority, &token).await?;
    let head = format!(
        "POST /pos/api/sales HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: "
    )
    .into_bytes();
    let tail = format!(
        r#"],"customer_id":null,"payment_method":"efectivo","sale_type":"cash","register_id":{register},"amount_paid":{AMOUNT_PAID},"payment_details":[],"notes":""}}"#
    )
    .into_bytes();
    Ok(Shop { authority: authority.to_owned(), token, head, lines, tail })
}

/// Posts JSON and reads the answer of what was created.
async fn create(client: &mut Client, authority: &str, token: &str, path: &str, body: &str) -> Outcome<Value> {
    let request = Request { method: "POST", path, authority, token: Some(token), body: Some(body) };
    client.json(&request, 201).await
}

/// The employee's open register; one is opened if there is none.
async fn register(client: &mut Client, authority: &str, token: &str) -> Outcome<u64> {
    let current = Request {
        method: "GET",
        path: "/pos/api/register/current",
        authority,
        token: Some(token),
        body: None,
    };
    let body = r#"{"register_number":1,"opening_amount":2000.00}"#;
    let answer = match create(client, authority, token, "/pos/api/register/open", body).await {
        Ok(answer) => answer,
        // A shop that is loaded a second time has its register open.
        Err(refused) => client.json(&current, 200).await.map_err(|_| refused)?,
    };
    answer["register_id"].as_u64().ok_or_else(|| "the register's answer has no register_id".into())
}

const LINES_BEGIN: &[u8] = br#"{"items":["#;

impl Shop {
    /// Writes the whole request of one random sale.
    pub(crate) fn write_sale(&self, random: &mut Random, request: &mut Vec<u8>) {
        let chosen = random.three_below(self.lines.len()).map(|item| &self.lines[item][random.below(3)]);
        let lines: usize = chosen.iter().map(|line| line.len()).sum();
        let length = LINES_BEGIN.len() + lines + 2 + self.tail.len();
        request.clear();
        request.extend_from_slice(&self.head);
        // Writing to memory does not fail.
        let _ = write!(request, "{length}\r\n\r\n");
        request.extend_from_slice(LINES_BEGIN);
        for (number, line) in chosen.iter().enumerate() {
            if number > 0 {
                request.push(b',');
            }
            request.extend_from_slice(line);
        }
        request.extend_from_slice(&self.tail);
    }

    /// How many sales the server lists. A list may lag behind the answers for a moment, so it is read until it
    /// stands still.
    pub(crate) async fn sales_listed(&self, client: &mut Client) -> Outcome<usize> {
        let request = Request {
            method: "GET",
            path: "/pos/api/sales?per_page=1",
            authority: &self.authority,
            token: Some(&self.token),
            body: None,
        };
        let start = Instant::now();
        let mut last = None;
        loop {
            let answer = client.json(&request, 200).await?;
            let total =
                answer["pagination"]["total"].as_u64().ok_or("the list of sales has no pagination.total")?;
            let total = usize::try_from(total)?;
            if last == Some(total) || start.elapsed() > Duration::from_secs(10) {
                return Ok(total);
            }
            last = Some(total);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, Shop};

    #[test]
    fn a_sale_is_whole_json_of_the_length_it_says() {
        let line =
            |n: usize| [1, 2, 3].map(|q| format!(r#"{{"inventory_id":{n},"quantity":{q}}}"#).into_bytes());
        let shop = Shop {
            authority: String::new(),
            token: String::new(),
            head: b"POST / HTTP/1.1\r\nContent-Length: ".to_vec(),
            lines: (0..5).map(line).collect(),
            tail: br#"],"register_id":1}"#.to_vec(),
        };
        let mut request = Vec::new();
        let mut random = Random::seeded(7);
        for _ in 0..100 {
            shop.write_sale(&mut random, &mut request);
            let text = std::str::from_utf8(&request).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let length: usize = head.rsplit_once(' ').unwrap().1.parse().unwrap();
            assert_eq!(length, body.len());
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(body["items"].as_array().unwrap().len(), 3);
        }
    }
}
