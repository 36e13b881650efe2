//! Nothing is dated into a closed month, whatever the door: the refusal says what to do, and nothing changes.

use std::fmt::Write as _;

use diario_tests::{
    Answer, Past, Shop, both_engines, dec, int, money, months_before, num, plus_days, year_and_month,
};
use reqwest::Method;
use serde_json::{Value, json};

const BATCH: &str = "/pos/api/sync/batch";

/// What is wrong with an answer that should refuse a closed month, if anything is.
fn fault(answer: &Answer) -> Option<String> {
    let message = answer.body.get("error").and_then(Value::as_str).unwrap_or_default();
    let says = message.contains("cerrado") && message.contains("periodo abierto");
    (answer.status != 400 || !says).then(|| format!("{} {}", answer.status, answer.text()))
}

/// Tries each, and shows together what was let through or changed something.
async fn all_refused(shop: &Shop, tries: Vec<(&str, Method, String, Value)>) {
    let before = shop.events().await;
    let told = shop.trial_balance().await.text();
    let mut faults = String::new();
    for (what, method, path, body) in tries {
        let answer = shop.request(method, &path, Some(&body)).await;
        if let Some(fault) = fault(&answer) {
            let _ = writeln!(faults, "  {what}: {fault}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert_eq!(shop.events().await, before, "something was refused and yet changed something");
    assert_eq!(shop.trial_balance().await.text(), told);
}

async fn close_month_of(shop: &Shop, day: &str) {
    let (year, month) = year_and_month(day);
    shop.close(year, month).await.expect(200);
}

both_engines! {
    async fn nothing_is_dated_into_it_from_any_path(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let register = shop.open_register("5000.00").await;
        let item = shop.create_item("350.00", 500).await;
        let customer = shop.create_customer("90000.00").await;
        let debtor = shop.create_customer_with_credit("600.00").await;
        let sold = shop.sell_cash(register, item, "2", "350.00").await;
        let owed = shop.sell_on_credit(customer, item, "2", "350.00").await;
        let mut by_card = shop.sale(register, item, "2", "350.00");
        by_card["payment_method"] = json!("tarjeta");
        let carded = shop.sell(by_card.clone()).await.int("sale_id");
        let quoted = shop.quote(item, "1", "350.00").await;
        let open_layaway = shop.set_aside(customer, item, "1", "350.00", "100.00").await;
        let paid_layaway = shop.set_aside(customer, item, "1", "350.00", "406.00").await;
        let sent = shop.transfer(shop.branch_id, north, item, "5", "in_transit").await;
        let counted = json!({"items": [{"inventory_id": item, "counted_quantity": 3}]});
        let count =
            shop.post("/pos/api/inventory/physical-count/start", counted).await.expect(201).int("count_id");
        let bought = json!({
            "supplier": "X", "invoice_number": "F-1",
            "items": [{"inventory_id": item, "quantity": 10, "unit_cost": 150}]
        });
        let purchase =
            shop.post("/pos/api/inventory/purchase", bought.clone()).await.expect(201).int("purchase_id");
        let today = shop.today().await;
        let lines = [("102.01", "10.00"), ("306.01", "-10.00")];
        let entry = shop.post_entry(&today, &lines).await;
        let manual = shop.entry(&today, &lines).await;
        let expense = shop.account("601.84").await;
        // The running month may be closed: all that is done today falls into it.
        shop.close_through(&today).await;

        let with = |body: &Value, changes: Value| {
            let mut body = body.clone();
            for (key, value) in changes.as_object().unwrap() {
                body[key] = value.clone();
            }
            body
        };
        let sale = shop.sale(register, item, "1", "350.00");
        let credit = shop.credit_sale(customer, item, "1", "350.00");
        let by_credit =
            with(&sale, json!({"payment_method": "saldo_a_favor", "customer_id": debtor, "amount_paid": 406}));
        let mixed = with(&sale, json!({"sale_type": "mixed", "customer_id": customer, "amount_paid": 100}));
        let back = |sale: i64| json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Equivocada"
        });
        let cash = |amount: i64| json!({"amount": amount, "payment_method": "efectivo", "register_id": register});
        let card = |amount: i64| json!({"amount": amount, "payment_method": "tarjeta"});
        let moved = |kind: &str| json!({"register_id": register, "type": kind, "amount": 10, "reason": "Cambio"});
        let stock = |mode: &str| json!({
            "from_branch_id": shop.branch_id, "to_branch_id": north, "mode": mode,
            "items": [{"inventory_id": item, "quantity": 1}]
        });
        let adjusted = |quantity: i64| json!({"inventory_id": item, "quantity": quantity, "reason": "Merma"});
        let reason = json!({"reason": "Error"});
        let fresh = |part: &str| json!({
            "part_number": part, "name": "Nueva", "cost": 10, "price_1": 20, "initial_stock": 5
        });
        let pay = json!({"purchase_id": purchase, "amount": 10, "payment_method": "transferencia"});
        let api = |rest: String| format!("/pos/api/{rest}");
        let (post, put) = (Method::POST, Method::PUT);
        let tries: Vec<(&str, &Method, String, Value)> = vec![
            ("a cash sale", &post, api("sales".into()), sale.clone()),
            ("a card sale", &post, api("sales".into()), by_card.clone()),
            ("a transfer sale", &post, api("sales".into()), with(&by_card, json!({"payment_method": "transferencia"}))),
            ("a credit sale", &post, api("sales".into()), credit.clone()),
            ("a mixed sale", &post, api("sales".into()), mixed),
            ("a sale for store credit", &post, api("sales".into()), by_credit),
            ("a quotation's sale", &post, api(format!("quotations/{quoted}/convert")), json!({"payment_method": "tarjeta"})),
            ("a cash sale's cancellation", &put, api(format!("sales/{sold}/cancel")), reason.clone()),
            ("a credit sale's cancellation", &put, api(format!("sales/{owed}/cancel")), reason.clone()),
            ("a card sale's cancellation", &put, api(format!("sales/{carded}/cancel")), reason.clone()),
            ("a cash sale's return", &post, api("inventory/return".into()), back(sold)),
            ("a credit sale's return", &post, api("inventory/return".into()), back(owed)),
            ("a card sale's return", &post, api("inventory/return".into()), back(carded)),
            ("a purchase", &post, api("inventory/purchase".into()), bought.clone()),
            ("a paid purchase", &post, api("inventory/purchase".into()), with(&bought, json!({"payment_method": "efectivo"}))),
            ("a shrinkage", &post, api("inventory/adjustment".into()), adjusted(-1)),
            ("a surplus", &post, api("inventory/adjustment".into()), adjusted(1)),
            ("a transfer at once", &post, api("inventory/transfer".into()), stock("immediate")),
            ("a transfer on its way", &post, api("inventory/transfer".into()), stock("in_transit")),
            ("a transfer's arrival", &post, api(format!("inventory/transfers/{sent}/receive")), json!({})),
            ("a count's approval", &post, api("inventory/physical-count/approve".into()), json!({"count_id": count})),
            ("an item with stock", &post, api("inventory/items".into()), fresh("N-1")),
            ("a customer's payment", &post, api(format!("customers/{customer}/payment")), card(10)),
            ("a customer's payment in cash", &post, api(format!("customers/{customer}/payment")), cash(10)),
            ("a layaway's deposit", &post, api("layaways".into()), shop.layaway(customer, item, "1", "350.00", "10.00")),
            ("a layaway's payment", &post, api(format!("layaways/{open_layaway}/payment")), card(10)),
            ("a layaway's completion", &post, api(format!("layaways/{paid_layaway}/complete")), json!({})),
            ("a layaway's cancellation", &put, api(format!("layaways/{open_layaway}/cancel")), reason.clone()),
            ("cash in", &post, api("register/movement".into()), moved("in")),
            ("cash out", &post, api("register/movement".into()), moved("out")),
            ("an expense", &post, api("register/movement".into()), with(&moved("out"), json!({"account_id": expense}))),
            ("a cut that fits", &post, api("register/cut-z".into()), json!({"register_id": register, "counted_amount": num("5812.00")})),
            ("a cut that is short", &post, api("register/cut-z".into()), json!({"register_id": register, "counted_amount": 1})),
            ("an entry by hand", &post, api("accounting/entries".into()), manual.clone()),
            ("its reversal", &post, api(format!("accounting/entries/{entry}/reverse")), json!({})),
            ("a supplier's payment", &post, api("accounting/supplier-payments".into()), pay),
            ("a settlement of cards", &post, api("accounting/card-settlements".into()), json!({"amount": 100, "commission": 1})),
        ];
        let tries = tries.into_iter().map(|(what, method, path, body)| (what, method.clone(), path, body)).collect();
        all_refused(&shop, tries).await;

        // A drawer that is opened with money posts it, by another employee as well.
        let cashier = shop.hire("cashier").await;
        let body = json!({"register_number": 7, "opening_amount": 100});
        assert_eq!(fault(&cashier.post("/pos/api/register/open", body).await), None);

        // Files: with opening stock nothing of them is created, without it posts nothing and may be.
        let before = shop.events().await;
        let file = "part_number,name,cost,price_1,initial_stock\nI-1,Balata,10,20,\nI-2,Filtro,10,20,5\n";
        let answer = shop.upload("/pos/api/import/items", file, &[]).await.expect(400);
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("cerrado"), "{:#}", *answer);
        assert_eq!(int(&answer["errors"][0]["row"]), 3);
        assert_eq!(shop.events().await, before);
        let none = "part_number,name,cost,price_1\nI-1,Balata,10,20\n";
        shop.upload("/pos/api/import/items", none, &[]).await.expect(200);

        // What posts nothing goes on.
        shop.create_customer("0.00").await;
        shop.quote(item, "1", "350.00").await;
        shop.set_aside(customer, item, "1", "350.00", "0.00").await;
    }

    async fn an_old_till_is_refused_and_a_present_one_is_not(shop: Shop) {
        let past = Past::of(&shop).await;
        let today = shop.today().await;
        let month = months_before(&today, 1);
        shop.close_through(&month).await;
        let (before, balances) = (shop.events().await, shop.balances().await);
        let sale = json!({
            "items": [{"inventory_id": past.item, "quantity": 1}], "payment_method": "tarjeta", "sale_type": "cash"
        });
        let bought = json!({
            "supplier": "X", "items": [{"inventory_id": past.item, "quantity": 10, "unit_cost": 150}]
        });
        let moved = json!({"register_id": past.register, "type": "in", "amount": 10, "reason": "Cambio"});
        let paid = json!({"amount": 10, "payment_method": "tarjeta"});
        let adjusted = json!({"inventory_id": past.item, "quantity": -1, "reason": "Merma"});
        let none = json!({});
        let customer = json!({"customer_id": past.customer});
        let operations = [
            ("sales_create", &none, &sale),
            ("inventory_purchase", &none, &bought),
            ("inventory_adjustment", &none, &adjusted),
            ("register_movement", &none, &moved),
            ("customers_payment", &customer, &paid),
        ];
        let mut commands = Vec::new();
        for (day, name) in [(plus_days(&month, 27), "last"), (month.clone(), "first"), (plus_days(&today, -100), "old")] {
            for (operation, params, body) in operations {
                commands.push(json!({
                    "client_id": format!("{name}-{operation}"), "client_time": format!("{day}T12:00:00"),
                    "operation": operation, "params": params, "body": body
                }));
            }
        }
        let count = commands.len();
        commands.push(json!({"client_id": "now", "operation": "sales_create", "body": sale}));
        let answer = shop.post(BATCH, json!({"commands": commands})).await.expect(200);
        let results = answer["results"].as_array().unwrap();
        for result in &results[..count] {
            assert_eq!(result["status"], json!(400), "{result:#}");
            let message = result["error"].as_str().unwrap();
            assert!(message.contains("cerrado") && message.contains("periodo abierto"), "{message}");
        }
        assert_eq!(results[count]["status"], json!(201), "{:#}", results[count]);
        assert_eq!(shop.events().await, before + 1);
        shop.assert_moved(&balances, &[
            ("107.05", "406"), ("401.02", "-350"), ("208.01", "-56"), ("501.01", "150"), ("115.01", "-150"),
        ]).await;
        // Sent again it is refused again, and again changes nothing.
        commands.truncate(count);
        let again = shop.post(BATCH, json!({"commands": commands})).await.expect(200);
        for result in again["results"].as_array().unwrap() {
            assert_eq!((&result["status"], &result["replayed"]), (&json!(400), &json!(true)), "{result:#}");
        }
        assert_eq!(shop.events().await, before + 1);
    }

    async fn a_closed_month_keeps_its_figures_whatever_comes_after(shop: Shop) {
        let past = Past::of(&shop).await;
        let today = shop.today().await;
        let month = months_before(&today, 1);
        shop.close_through(&month).await;
        let days = format!("date_from={}&date_to={}", plus_days(&today, -150), plus_days(&months_before(&today, 0), -1));
        let mut told = Vec::new();
        for report in ["trial-balance", "income-statement", "entries"] {
            let path = format!("/pos/api/accounting/{report}?{days}");
            told.push((shop.get(&path).await.expect(200).text(), path));
        }
        // What happened then is made good today: the month stays, its correction is of today.
        shop.sell_cash(past.register, past.item, "1", "350.00").await;
        let owed = int(&shop.all("/pos/api/sales?status=completed").await.iter()
            .find(|sale| money(&sale["total"]) == dec("406")).unwrap()["id"]);
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": owed, "items": [{"inventory_id": past.item, "quantity": 1}], "reason": "Equivocada"
        })).await.expect(201);
        past.pay(&shop, "100.00").await;
        for (text, path) in &told {
            assert_eq!(&shop.get(path).await.expect(200).text(), text, "{path}");
        }
    }

    async fn a_manual_entry_of_a_closed_month_is_reversed_in_an_open_one(shop: Shop) {
        let today = shop.today().await;
        let day = plus_days(&months_before(&today, 1), 9);
        let entry = shop.post_entry(&day, &[("601.84", "10.00"), ("102.01", "-10.00")]).await;
        close_month_of(&shop, &day).await;
        let path = format!("/pos/api/accounting/entries/{entry}/reverse");
        all_refused(&shop, vec![
            ("a reversal on its day", Method::POST, path.clone(), json!({"date": day})),
            ("a reversal in its month", Method::POST, path.clone(), json!({"date": plus_days(&day, 3)})),
        ]).await;
        shop.post(&path, json!({})).await.expect(201);
        let earned = shop.get("/pos/api/accounting/income-statement").await.expect(200);
        assert_eq!(money(&earned["net_income"]), dec("10"));
    }

    async fn one_tenants_close_is_no_others(shop: Shop) {
        let today = shop.today().await;
        let other = shop.neighbour().await;
        close_month_of(&other, &today).await;
        shop.post_entry(&today, &[("102.01", "10.00"), ("306.01", "-10.00")]).await;
    }
}
