use diario_tests::{assert_shape, both_engines, dec, guarded, int, missing_ids, money};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

const PATH: &str = "/pos/api/accounting/entries";

both_engines! {
    async fn shows_the_three_documented_lines_of_a_cash_sale(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let mut seen = Vec::new();
        for row in shop.all(&format!("{PATH}?type=sale")).await {
            let answer = shop.get(&format!("{PATH}/{}", int(&row["id"]))).await.expect(200);
            assert_shape(&answer, &json!({
                "id": "int", "date": "date", "type": "sale", "reference": "V-0001", "description": "string",
                "lines": [{
                    "account_id": "int", "account_code": "string", "account_name": "string",
                    "debit": "number", "credit": "number"
                }]
            }));
            let mut lines: Vec<(String, Decimal)> = answer["lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| {
                    let code = line["account_code"].as_str().unwrap().to_owned();
                    (code, money(&line["debit"]) - money(&line["credit"]))
                })
                .collect();
            lines.sort();
            seen.push(lines);
        }
        seen.sort();
        let line = |code: &str, amount: &str| (code.to_owned(), dec(amount));
        assert_eq!(seen, [
            vec![line("101.01", "812"), line("208.01", "-112"), line("401.02", "-700")],
            vec![line("115.01", "-300"), line("501.01", "300")],
        ]);
    }

    async fn every_entry_balances_and_they_add_up_to_the_trial_balance(shop: Shop) {
        let register = shop.open_register("50.00").await;
        let item = shop.create_item("33.33", 10).await;
        let customer = shop.create_customer("5000").await;
        let sale = shop.sell_cash(register, item, "3", "33.33").await;
        shop.sell_on_credit(customer, item, "1", "77.77").await;
        shop.put(&format!("/pos/api/sales/{sale}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let payment = json!({"amount": 10, "payment_method": "transferencia"});
        shop.post(&format!("/pos/api/customers/{customer}/payment"), payment).await.expect(201);
        let mut sums = std::collections::BTreeMap::<String, Decimal>::new();
        for row in shop.all(PATH).await {
            let answer = shop.get(&format!("{PATH}/{}", int(&row["id"]))).await.expect(200);
            let mut sum = Decimal::ZERO;
            for line in answer["lines"].as_array().unwrap() {
                let (debit, credit) = (money(&line["debit"]), money(&line["credit"]));
                assert!(debit >= Decimal::ZERO && credit >= Decimal::ZERO, "{line}");
                assert!(debit.is_zero() != credit.is_zero(), "{line}");
                sum += debit - credit;
                *sums.entry(line["account_code"].as_str().unwrap().to_owned()).or_default() += debit - credit;
            }
            assert!(sum.is_zero(), "{:#}", *answer);
        }
        let balances = shop.balances().await;
        for (code, sum) in sums {
            assert_eq!(balances.of(&code), sum, "{code}");
        }
    }

    async fn a_foreign_or_unknown_entry_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        for _ in 0..3 {
            other.create_item("350.00", 10).await;
        }
        let foreign = int(&other.all(PATH).await[0]["id"]);
        missing_ids(&shop, Method::GET, |id: &str| format!("{PATH}/{id}"), foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}/1"), None).await;
    }
}
