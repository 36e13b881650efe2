//! Every write with its documented body, one field of it spoilt at a time: never a 5xx, and what is refused
//! names the field and changes nothing.

use std::fmt::Write as _;

use diario_tests::{Answer, Shop, both_engines, fresh_pin, int, num, plus_days};
use reqwest::Method;
use serde_json::{Value, json};

/// Writes that are fuzzed elsewhere or take no JSON: a wrong PIN locks the device, a batch holds other
/// operations' bodies, an import's body is a file, and two take no body.
const LEFT_OUT: [&str; 6] =
    ["auth_login", "sync_batch", "import_items", "import_customers", "layaways_complete", "vehicles_remove"];

/// Stands for a number that is none, without quotes: the body is no JSON then.
const BARE_NAN: &str = "@@NaN@@";

struct Write {
    name: String,
    method: Method,
    path: String,
    example: Value,
}

/// Every write that the server describes, with its example.
async fn writes(shop: &Shop) -> Vec<Write> {
    let answer = shop.send(&Method::GET, "/openapi.json", &[], None).await.expect(200);
    let mut found = Vec::new();
    for (path, operations) in answer["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().trim_start_matches("nexus.").to_owned();
            if method == "get" || LEFT_OUT.contains(&name.as_str()) {
                continue;
            }
            let example = operation["requestBody"]["content"]["application/json"]["example"].clone();
            assert!(example.is_object(), "{name} describes no example of its body");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            found.push(Write { name, method, path: path.clone(), example });
        }
    }
    found
}

/// The example with ids that exist and amounts that fit, and the path that it goes to. What can be done only
/// once (a cancellation, a cut) gets something new to be done to.
async fn prepare(shop: &Shop, write: &Write) -> (String, Value) {
    let fields = json!({"price_1": 350, "price_2": 350, "price_3": 350, "initial_stock": 1_000_000});
    let item = shop.create_item_with(fields).await;
    let customer = shop.create_customer("10000000.00").await;
    let mut path = write.path.clone();
    let mut body = write.example.clone();
    let mut put = |name: &str, id: i64| path = path.replace(name, &id.to_string());
    put("{item_id}", item);
    put("{customer_id}", customer);
    let by_card =
        json!({"items": [shop.line(item, "10", "350.00")], "payment_method": "tarjeta", "sale_type": "cash"});
    let mut sale = 0;
    let mut count = 0;
    let mut purchase = 0;
    match write.name.as_str() {
        "sales_cancel" | "inventory_return" => {
            sale = shop.sell(by_card).await.int("sale_id");
            put("{sale_id}", sale);
        }
        "quotations_convert" | "quotations_cancel" => put("{quot_id}", shop.quote(item, "2", "350.00").await),
        "layaways_payment" | "layaways_cancel" => {
            put("{layaway_id}", shop.set_aside(customer, item, "20", "350.00", "500.00").await);
        }
        "customers_payment" => {
            shop.sell_on_credit(customer, item, "20", "350.00").await;
        }
        "transfers_receive" => {
            let north = shop.open_branch("Norte").await;
            let quantity = body["items"][0]["quantity"].to_string();
            let quantity = if quantity == "null" { "5" } else { &quantity };
            put("{transfer_id}", shop.transfer(shop.branch_id, north, item, quantity, "in_transit").await);
        }
        "count_approve" => {
            let counted = json!({"items": [{"inventory_id": item, "counted_quantity": 999_999}]});
            let started = shop.post("/pos/api/inventory/physical-count/start", counted).await.expect(201);
            count = started.int("count_id");
        }
        "entries_reverse" => {
            let today = shop.today().await;
            put("{entry_id}", shop.post_entry(&today, &[("102.01", "1.00"), ("306.01", "-1.00")]).await);
            body["date"] = json!(today);
        }
        // Months close once and in order: the next one, long before anything that is dated today.
        "periods_close" => {
            let periods = shop.get("/pos/api/accounting/periods").await.expect(200);
            let rows = periods["data"].as_array().unwrap();
            let closed = rows.iter().find(|row| row["status"] == "closed" && row["month"] != json!(13));
            let next = closed.map_or((2000, 1), |row| (int(&row["year"]), int(&row["month"]) + 1));
            let (year, month) = if next.1 > 12 { (next.0 + 1, 1) } else { next };
            (body["year"], body["month"]) = (json!(year), json!(month));
        }
        "supplier_payments_create" => {
            let bought = json!({
                "supplier": "X", "items": [{"inventory_id": item, "quantity": 1000, "unit_cost": 150}]
            });
            let bought = shop.post("/pos/api/inventory/purchase", bought).await.expect(201);
            purchase = bought.int("purchase_id");
        }
        _ => {}
    }
    let register = register(shop, write).await;
    let north = if write.name == "inventory_transfer" { shop.open_branch("Norte").await } else { 0 };
    let parent = if write.name == "categories_create" {
        let parent = shop.post("/pos/api/inventory/categories", json!({"name": "Todo"})).await.expect(201);
        parent.int("id")
    } else if write.name == "accounts_create" {
        shop.account("107").await
    } else {
        0
    };
    let today = shop.today().await;
    let unique = fresh_pin();
    replace(&mut body, &|name| match name {
        "inventory_id" => Some(json!(item)),
        "customer_id" => Some(json!(customer)),
        "register_id" => Some(json!(register)),
        "sale_id" => Some(json!(sale)),
        "count_id" => Some(json!(count)),
        "branch_id" | "from_branch_id" => Some(json!(shop.branch_id)),
        "to_branch_id" => Some(json!(north)),
        "parent_id" => Some(json!(parent)),
        "due_date" => Some(json!(plus_days(&today, 30))),
        "pin" => Some(json!(unique)),
        "purchase_id" => Some(json!(purchase)),
        "date" if write.name == "entries_create" => Some(json!(today)),
        "part_number" | "barcode" | "code" => Some(json!(format!("FZ-{unique}"))),
        "rfc" => Some(json!("XAXX010101000")),
        _ => None,
    });
    // An item that has stock keeps its cost (N-41).
    if write.name == "items_update" {
        body.as_object_mut().unwrap().remove("cost");
    }
    assert!(!path.contains('{'), "{path} names something that the test does not know");
    (path, body)
}

/// The caller's open session: one is opened where there is none, and closed for the operation that opens one.
async fn register(shop: &Shop, write: &Write) -> i64 {
    let current = shop.get("/pos/api/register/current").await;
    let open = (current.status == 200).then(|| current.int("register_id"));
    match (open, write.name.as_str()) {
        (Some(open), "register_open") => {
            let cut = json!({"register_id": open, "counted_amount": 0});
            shop.post("/pos/api/register/cut-z", cut).await.expect(200);
            open
        }
        (None, "register_open") => 0,
        (Some(open), _) => open,
        (None, _) => shop.open_register("1000000.00").await,
    }
}

/// Replaces what stands under some names, wherever they are; a null stays one.
fn replace(value: &mut Value, by: &impl Fn(&str) -> Option<Value>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                match by(name) {
                    Some(new) if !inner.is_null() => *inner = new,
                    _ => replace(inner, by),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| replace(inner, by)),
        _ => {}
    }
}

/// Every place in a body; of a list the first element.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, inner)| (format!("{at}/{name}"), inner)).collect(),
        Value::Array(list) => list.first().map(|inner| (format!("{at}/0"), inner)).into_iter().collect(),
        _ => Vec::new(),
    };
    for (place, inner) in inner {
        found.push(place.clone());
        places(inner, &place, found);
    }
}

/// What is put into each field; nothing stands for leaving it out.
fn spoilt() -> Vec<Option<Value>> {
    vec![
        None,
        Some(json!(null)),
        Some(json!("texto")),
        Some(json!(-1)),
        Some(json!(0)),
        Some(num("1e400")),
        Some(num("1e25")),
        Some(json!(123_456_789_012_345_678_i64)),
        Some(json!("NaN")),
        Some(json!(BARE_NAN)),
        Some(json!(true)),
        Some(json!([])),
        Some(json!({})),
        Some(json!("x".repeat(100_000))),
        Some(json!("日本語العربية")),
        Some(json!("\u{0}")),
        Some(json!("'; DROP TABLE events;--")),
    ]
}

/// Whether a value can never be what the example shows there.
fn is_impossible(example: &Value, spoilt: &Value) -> bool {
    if *spoilt == json!(BARE_NAN) {
        return true;
    }
    let same_kind = std::mem::discriminant(example) == std::mem::discriminant(spoilt);
    match spoilt {
        Value::Null => false,
        Value::Number(number) => !same_kind && !example.is_null() || number.to_string().contains(['e', 'E']),
        Value::String(text) => !same_kind && !example.is_null() || text.len() > 50_000,
        _ => !same_kind,
    }
}

/// What is wrong with an answer, if anything is.
fn fault(answer: &Answer, place: &str, example: &Value, spoilt: Option<&Value>) -> Option<String> {
    let field = place.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap();
    let message = answer.body.get("error").and_then(Value::as_str).unwrap_or_default();
    let impossible = spoilt.is_some_and(|spoilt| is_impossible(example, spoilt));
    if answer.status < 300 {
        return impossible.then(|| "was taken".to_owned());
    }
    if !(answer.status == 400 || [403, 404].contains(&answer.status) && !impossible) {
        return Some("is no 400".to_owned());
    }
    if message.is_empty() {
        return Some("has no message".to_owned());
    }
    // Without a price or a rate the item's own is taken, and then the total may be another than was paid.
    let follows = ["unit_price", "tax_rate", "discount_pct"].contains(&field);
    let absent = spoilt.is_none_or(Value::is_null) && !follows;
    let named = message.to_lowercase().contains(&field.to_lowercase());
    let odd_text = example.is_string() && spoilt.is_some_and(Value::is_string);
    let must_name = (absent || impossible || odd_text) && spoilt != Some(&json!(BARE_NAN));
    (must_name && !named).then(|| format!("does not name {field}"))
}

async fn spoil(shop: &Shop, write: &Write) -> String {
    let mut faults = String::new();
    let (mut path, mut good) = prepare(shop, write).await;
    let mut all = Vec::new();
    places(&good, "", &mut all);
    let mut events = shop.events().await;
    for place in all {
        let example = good.pointer(&place).unwrap().clone();
        for spoilt in spoilt() {
            let mut body = good.clone();
            let (parent, last) = place.rsplit_once('/').unwrap();
            match (body.pointer_mut(parent).unwrap(), &spoilt) {
                (Value::Object(map), None) => drop(map.remove(last)),
                (Value::Array(_), None) => continue,
                (Value::Object(map), Some(value)) => drop(map.insert(last.to_owned(), value.clone())),
                (parent, Some(value)) => parent[0] = value.clone(),
                _ => unreachable!(),
            }
            let text = body.to_string().replace(&format!("\"{BARE_NAN}\""), "NaN");
            let bearer = format!("Bearer {}", shop.token);
            let headers = [("authorization", bearer.as_str())];
            let answer = shop.send(&write.method, &path, &headers, Some(text)).await;
            let shown = spoilt
                .as_ref()
                .map_or("absent".to_owned(), |value| value.to_string().chars().take(30).collect());
            let mut note = |what: &str| {
                let answered: String = answer.text().chars().take(200).collect();
                let _ = writeln!(
                    faults,
                    "  {} {place} = {shown} {what}: {} {answered}",
                    write.name, answer.status
                );
            };
            if let Some(what) = fault(&answer, &place, &example, spoilt.as_ref()) {
                note(&what);
            }
            if answer.status < 300 {
                (path, good) = prepare(shop, write).await;
                events = shop.events().await;
            } else if shop.events().await != events {
                note("was refused and yet changed something");
                events = shop.events().await;
            }
        }
    }
    // What proves that nothing else was wrong with the body.
    let answer = shop.request(write.method.clone(), &path, Some(&good)).await;
    if answer.status >= 300 {
        let _ = writeln!(faults, "  {}: the example itself is refused: {} {good}", answer.text(), write.name);
    }
    faults
}

async fn spoil_all(shop: &Shop, prefix: &str) {
    let mut faults = String::new();
    let mut seen = 0;
    for write in writes(shop).await.iter().filter(|write| write.path.starts_with(prefix)) {
        seen += 1;
        faults += &spoil(shop, write).await;
    }
    assert!(seen > 0, "nothing is written under {prefix}");
    assert!(faults.is_empty(), "\n{faults}");
}

const GROUPS: [&str; 8] = [
    "/pos/api/config/",
    "/pos/api/inventory/",
    "/pos/api/sales",
    "/pos/api/quotations",
    "/pos/api/layaways",
    "/pos/api/customers",
    "/pos/api/register/",
    "/pos/api/accounting/",
];

both_engines! {
    async fn every_write_is_in_a_group(shop: Shop) {
        for write in writes(&shop).await {
            let grouped = GROUPS.iter().any(|prefix| write.path.starts_with(prefix));
            assert!(grouped, "{} {} is spoilt by no test", write.name, write.path);
        }
    }

    async fn config(shop: Shop) {
        spoil_all(&shop, "/pos/api/config/").await;
    }

    async fn inventory(shop: Shop) {
        spoil_all(&shop, "/pos/api/inventory/").await;
    }

    async fn sales(shop: Shop) {
        spoil_all(&shop, "/pos/api/sales").await;
    }

    async fn quotations(shop: Shop) {
        spoil_all(&shop, "/pos/api/quotations").await;
    }

    async fn layaways(shop: Shop) {
        spoil_all(&shop, "/pos/api/layaways").await;
    }

    async fn customers(shop: Shop) {
        spoil_all(&shop, "/pos/api/customers").await;
    }

    async fn accounting(shop: Shop) {
        spoil_all(&shop, "/pos/api/accounting/").await;
    }

    async fn registers(shop: Shop) {
        spoil_all(&shop, "/pos/api/register/").await;
    }
}
