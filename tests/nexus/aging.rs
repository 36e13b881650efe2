use diario_tests::{
    Shop, assert_shape, both_engines, csv_of, dec, guarded, int, money, num, plus_days, refuses_query,
    remembers,
};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/aging";
const BUCKETS: [&str; 5] = ["current", "days_1_30", "days_31_60", "days_61_90", "days_over_90"];

/// Goods without tax for 1.00 apiece, there for a year.
async fn item(shop: &Shop) -> i64 {
    let body = json!({
        "part_number": "AN-1", "name": "Balatas", "cost": num("0.50"), "price_1": 1, "initial_stock": 10_000,
        "tax_rate": 0
    });
    int(&shop.days_ago(300, "items_create", json!({}), body).await["id"])
}

/// Sells so much on credit so many days ago.
async fn owe(shop: &Shop, customer: i64, item: i64, days: i64, amount: i64) {
    let body = json!({
        "items": [{"inventory_id": item, "quantity": amount}], "customer_id": customer, "sale_type": "credit",
        "payment_method": "efectivo", "amount_paid": 0
    });
    shop.days_ago(days, "sales_create", json!({}), body).await;
}

async fn pay(shop: &Shop, customer: i64, amount: &str) {
    let body = json!({"amount": num(amount), "payment_method": "transferencia"});
    shop.post(&format!("/pos/api/customers/{customer}/payment"), body).await.expect(201);
}

fn buckets(row: &Value) -> [Decimal; 5] {
    let found = BUCKETS.map(|name| money(&row[name]).normalize());
    assert_eq!(found.iter().sum::<Decimal>(), money(&row["total"]), "{row:#}");
    found
}

async fn totals(shop: &Shop, query: &str) -> [Decimal; 5] {
    let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
    let mut sums = [Decimal::ZERO; 5];
    for row in answer["customers"].as_array().unwrap() {
        for (sum, amount) in sums.iter_mut().zip(buckets(row)) {
            *sum += amount;
        }
    }
    assert_eq!(buckets(&answer["totals"]), sums.map(|sum| sum.normalize()), "{:#}", *answer);
    sums.map(|sum| sum.normalize())
}

both_engines! {
    async fn sorts_what_is_owed_by_days_past_due(shop: Shop) {
        let item = item(&shop).await;
        let customer = shop.create_customer("90000.00").await;
        // 30 days of credit: due on the thirtieth day, one day late on the day after.
        let sold = [(200, 1), (121, 2), (120, 4), (91, 8), (90, 16), (61, 32), (60, 64), (31, 128), (30, 256), (0, 512)];
        for (days, amount) in sold {
            owe(&shop, customer, item, days, amount).await;
        }
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "date": shop.today().await,
            "customers": [{
                "customer_id": customer, "name": "Taller Perez", "current": "number", "days_1_30": "number",
                "days_31_60": "number", "days_61_90": "number", "days_over_90": "number", "total": "number"
            }],
            "totals": {
                "current": "number", "days_1_30": "number", "days_31_60": "number", "days_61_90": "number",
                "days_over_90": "number", "total": "number"
            }
        }));
        let expected = ["768", "192", "48", "12", "3"].map(dec);
        assert_eq!(totals(&shop, "").await, expected);
        assert_eq!(money(&answer["totals"]["total"]), shop.balances().await.of("105.01"));
    }

    async fn the_customers_days_of_credit_count(shop: Shop) {
        let item = item(&shop).await;
        let customer = shop.post("/pos/api/customers", json!({
            "name": "Flotilla", "credit_limit": 50_000, "credit_days": 45
        })).await.expect(201).int("id");
        owe(&shop, customer, item, 45, 1).await;
        owe(&shop, customer, item, 46, 2).await;
        assert_eq!(totals(&shop, "").await, ["1", "2", "0", "0", "0"].map(dec));
    }

    async fn payments_are_applied_to_the_oldest_first(shop: Shop) {
        let item = item(&shop).await;
        let customer = shop.create_customer("90000.00").await;
        for (days, amount) in [(130, 100), (100, 200), (10, 400)] {
            owe(&shop, customer, item, days, amount).await;
        }
        pay(&shop, customer, "130.50").await;
        assert_eq!(totals(&shop, "").await, ["400", "0", "0", "169.50", "0"].map(|text| dec(text).normalize()));
        // What was owed on the days before the payment is what it was.
        let yesterday = plus_days(&shop.today().await, -1);
        // The older ones were 69 and 99 days late then.
        let then = totals(&shop, &format!("date={yesterday}")).await;
        assert_eq!(then, ["400", "0", "0", "200", "100"].map(dec));
        pay(&shop, customer, "569.50").await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["customers"], json!([]), "who owes nothing is not in it");
        assert_eq!(money(&answer["totals"]["total"]), dec("0"));
    }

    async fn shows_every_debtor_at_the_end_of_a_day(shop: Shop) {
        let item = item(&shop).await;
        let first = shop.create_customer("90000.00").await;
        let second = shop.post("/pos/api/customers", json!({"name": "Ana", "credit_limit": 50_000}))
            .await.expect(201).int("id");
        shop.create_customer("90000.00").await;
        owe(&shop, first, item, 50, 7).await;
        owe(&shop, second, item, 10, 5).await;
        let answer = shop.get(PATH).await.expect(200);
        let named: Vec<_> =
            answer["customers"].as_array().unwrap().iter().map(|row| int(&row["customer_id"])).collect();
        assert_eq!(named, [second, first]);
        assert_eq!(totals(&shop, "").await, ["5", "7", "0", "0", "0"].map(dec));
        let today = shop.today().await;
        for (days, expected) in [(51, ["0", "0"]), (50, ["7", "0"]), (20, ["7", "0"]), (19, ["0", "7"])] {
            let found = totals(&shop, &format!("date={}", plus_days(&today, -days))).await;
            assert_eq!([found[0], found[1]], expected.map(dec), "{days} days ago");
        }
    }

    async fn a_return_and_a_cancellation_lower_what_is_owed(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        let customer = shop.create_customer("90000.00").await;
        let sale = shop.sell_on_credit(customer, item, "3", "100.00").await;
        let gone = shop.sell_on_credit(customer, item, "1", "100.00").await;
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Equivocada"
        })).await.expect(201);
        shop.put(&format!("/pos/api/sales/{gone}/cancel"), json!({"reason": "Error"})).await.expect(200);
        assert_eq!(totals(&shop, "").await, ["232", "0", "0", "0", "0"].map(dec));
    }

    async fn as_of_a_position_or_an_instant_it_is_what_it_was(shop: Shop) {
        remembers(&shop, PATH, true).await;
    }

    async fn as_csv(shop: Shop) {
        let item = item(&shop).await;
        let customer = shop.create_customer("90000.00").await;
        owe(&shop, customer, item, 50, 7).await;
        let header = "customer_id,name,current,days_1_30,days_31_60,days_61_90,days_over_90,total";
        let amounts: Vec<&str> = header.split(',').skip(2).collect();
        let rows = csv_of(&shop, PATH, header, &amounts).await;
        let id = customer.to_string();
        let seven = ["0.00", "7.00", "0.00", "0.00", "0.00", "7.00"];
        assert_eq!(rows, [[&[id.as_str(), "Taller Perez"], &seven[..]].concat(), [&["", "Total"], &seven[..]].concat()]);
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["date=x", "date=2026-02-30", "as_of=x", "format=doc"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
