use diario_tests::{
    Answer, Shop, assert_shape, both_engines, dec, guarded, int, missing_ids, money, refuses_query,
};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

fn path(customer: i64) -> String {
    format!("/pos/api/customers/{customer}/statement")
}

fn rows(answer: &Answer) -> Vec<(String, Decimal, Decimal)> {
    let rows = answer["transactions"].as_array().unwrap();
    rows.iter()
        .map(|row| (row["type"].as_str().unwrap().to_owned(), money(&row["amount"]), money(&row["balance"])))
        .collect()
}

fn row(kind: &str, amount: &str, balance: &str) -> (String, Decimal, Decimal) {
    (kind.to_owned(), dec(amount), dec(balance))
}

async fn pay(shop: &Shop, customer: i64, amount: i64) {
    let body = json!({"amount": amount, "payment_method": "transferencia"});
    shop.post(&format!("/pos/api/customers/{customer}/payment"), body).await.expect(201);
}

both_engines! {
    async fn runs_from_the_newest_to_the_oldest(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let first = shop.sell_on_credit(customer, item, "2", "350.00").await;
        let mut paid = shop.sale(register, item, "1", "350.00");
        paid["customer_id"] = json!(customer);
        shop.sell(paid).await;
        pay(&shop, customer, 300).await;
        let second = shop.sell_on_credit(customer, item, "1", "350.00").await;
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": first, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Mala"
        })).await.expect(201);
        shop.put(&format!("/pos/api/sales/{second}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let answer = shop.get(&path(customer)).await.expect(200);
        assert_shape(&answer, &json!({
            "customer": {
                "id": customer, "name": "Taller Perez", "credit_limit": "number", "balance": "number"
            },
            "transactions": [{
                "date": "date", "type": "string", "reference": "string", "amount": "number",
                "balance": "number"
            }]
        }));
        assert_eq!(rows(&answer), [
            row("cancellation", "-406", "106"),
            row("return", "-406", "512"),
            row("sale", "406", "918"),
            row("payment", "-300", "512"),
            row("sale", "812", "812"),
        ]);
        assert_eq!(money(&answer["customer"]["balance"]), dec("106"));
        let reference = |at: usize| answer["transactions"][at]["reference"].as_str().unwrap();
        assert_eq!(reference(4), "V-0001");
        assert!(reference(3).starts_with("PAG-"), "{}", reference(3));
        assert_eq!(reference(2), "V-0003");
        let detail = shop.get(&format!("/pos/api/customers/{customer}")).await.expect(200);
        assert_eq!(detail.money("balance"), dec("106"));
    }

    async fn part_credit_shows_what_is_owed(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["sale_type"] = json!("mixed");
        body["customer_id"] = json!(customer);
        body["amount_paid"] = json!(500);
        shop.sell(body).await;
        assert_eq!(rows(&shop.get(&path(customer)).await.expect(200)), [row("sale", "312", "312")]);
    }

    async fn store_credit_and_deposits_are_not_owed(shop: Shop) {
        let customer = shop.create_customer_with_credit("600.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.set_aside(customer, item, "1", "350.00", "100.00").await;
        assert_eq!(rows(&shop.get(&path(customer)).await.expect(200)), []);
    }

    async fn counts_what_came_before_the_days_it_shows(shop: Shop) {
        let item = shop.days_ago(60, "items_create", json!({}), json!({
            "part_number": "ST-1", "name": "Balatas", "cost": 150, "price_1": 350, "initial_stock": 10
        })).await;
        let item = int(&item["id"]);
        let customer = shop.create_customer("50000.00").await;
        let sale = shop.credit_sale(customer, item, "2", "350.00");
        shop.days_ago(40, "sales_create", json!({}), sale.clone()).await;
        shop.days_ago(20, "sales_create", json!({}), sale).await;
        pay(&shop, customer, 300).await;
        let today = shop.today().await;
        let day = |days: i64| diario_tests::plus_days(&today, -days);
        let (old, middle) = (row("sale", "812", "812"), row("sale", "812", "1624"));
        let new = row("payment", "-300", "1324");
        for (query, expected) in [
            (String::new(), vec![&new, &middle, &old]),
            (format!("date_from={today}"), vec![&new]),
            (format!("date_from={}&date_to={}", day(40), day(20)), vec![&middle, &old]),
            (format!("date_from={}&date_to={}", day(39), day(1)), vec![&middle]),
            (format!("date_to={}", day(40)), vec![&old]),
            (format!("date_to={}", day(41)), vec![]),
        ] {
            let answer = shop.get(&format!("{}?{query}", path(customer))).await.expect(200);
            assert_eq!(rows(&answer).iter().collect::<Vec<_>>(), expected, "{query}");
            assert_eq!(money(&answer["customer"]["balance"]), dec("1324"), "the balance is today's");
        }
        let answer = shop.get(&path(customer)).await.expect(200);
        assert_eq!(answer["transactions"][2]["date"], json!(day(40)), "the day it was sold on");
    }

    async fn refuses_bad_queries(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        refuses_query(&shop, &path(customer), &["date_from=x", "date_to=2026-02-30", "date_from=01/04/2026"]).await;
    }

    async fn a_foreign_or_unknown_customer_is_404(shop: Shop) {
        let foreign = shop.neighbour().await.create_customer("1.00").await;
        let path = |id: &str| format!("/pos/api/customers/{id}/statement");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        let customer = shop.create_customer("1.00").await;
        guarded(&shop, Method::GET, &path(customer), None).await;
    }
}
