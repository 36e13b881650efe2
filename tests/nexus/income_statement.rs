use diario_tests::{
    Shop, assert_shape, both_engines, csv_of, dec, guarded, money, month_end, months_before, plus_days,
    refuses_query, remembers,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/income-statement";

/// The documented month: sales of 150,000, cost of 90,000, expenses of 25,000.
async fn month(shop: &Shop, day: &str) {
    shop.post_entry(day, &[("102.01", "150000.00"), ("401.02", "-150000.00")]).await;
    shop.post_entry(day, &[("501.01", "90000.00"), ("306.01", "-90000.00")]).await;
    shop.post_entry(day, &[("601.84", "25000.00"), ("102.01", "-25000.00")]).await;
}

fn rows(answer: &Value, part: &str) -> Vec<(String, String)> {
    let rows = answer[part].as_array().unwrap_or_else(|| panic!("no {part} in {answer:#}"));
    rows.iter()
        .map(|row| {
            assert!(row["name"].is_string(), "{row}");
            (row["code"].as_str().unwrap().to_owned(), money(&row["amount"]).normalize().to_string())
        })
        .collect()
}

fn row(code: &str, amount: &str) -> (String, String) {
    (code.to_owned(), amount.to_owned())
}

both_engines! {
    async fn the_documented_statement(shop: Shop) {
        let today = shop.today().await;
        month(&shop, &today).await;
        let answer = shop.get(PATH).await.expect(200);
        let line = json!([{"code": "string", "name": "string", "amount": "number"}]);
        assert_shape(&answer, &json!({
            "period": {"from": months_before(&today, 0), "to": month_end(&today)},
            "income": line, "cost_of_sales": line, "expenses": line, "other": "array",
            "gross_profit": "number", "operating_profit": "number", "net_income": "number"
        }));
        assert_eq!(rows(&answer, "income"), [row("401.02", "150000")]);
        assert_eq!(rows(&answer, "cost_of_sales"), [row("501.01", "90000")]);
        assert_eq!(rows(&answer, "expenses"), [row("601.84", "25000")]);
        for (name, amount) in [("gross_profit", "60000"), ("operating_profit", "35000"), ("net_income", "35000")] {
            assert_eq!(answer.money(name), dec(amount), "{name}");
        }
    }

    async fn returns_lower_income_and_other_products_count_in_the_net(shop: Shop) {
        let today = shop.today().await;
        month(&shop, &today).await;
        shop.post_entry(&today, &[
            ("402.01", "500.25"), ("704.23", "-1000.00"), ("403.01", "-90.01"), ("102.01", "589.76"),
        ]).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(
            rows(&answer, "income"),
            [row("401.02", "150000"), row("402.01", "-500.25"), row("403.01", "90.01")]
        );
        assert_eq!(rows(&answer, "other"), [row("704.23", "1000")]);
        for (name, amount) in
            [("gross_profit", "59589.76"), ("operating_profit", "34589.76"), ("net_income", "35589.76")]
        {
            assert_eq!(answer.money(name), dec(amount), "{name}");
        }
    }

    async fn a_day_at_the_counter(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let sale = shop.sell_cash(register, item, "3", "350.00").await;
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Equivocada",
            "refund_method": "efectivo", "register_id": register
        })).await.expect(201);
        let merma = json!({"inventory_id": item, "quantity": -1, "reason": "Merma"});
        shop.post("/pos/api/inventory/adjustment", merma).await.expect(201);
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(rows(&answer, "income"), [row("401.02", "1050"), row("402.01", "-350")]);
        assert_eq!(rows(&answer, "cost_of_sales"), [row("501.01", "300"), row("501.08", "150")]);
        assert_eq!(answer.money("net_income"), dec("250"));
    }

    async fn compares_with_the_period_and_the_year_before(shop: Shop) {
        let today = shop.today().await;
        let (last, year) = (months_before(&today, 1), months_before(&today, 12));
        month(&shop, &today).await;
        for (day, amount) in [(&last, "700.00"), (&year, "40.00")] {
            shop.post_entry(day, &[("102.01", amount), ("401.02", &format!("-{amount}"))]).await;
        }
        let month = format!("date_from={}&date_to={}", months_before(&today, 0), month_end(&today));
        for (compare, day, amount) in [("previous_period", &last, "700"), ("previous_year", &year, "40")] {
            let answer = shop.get(&format!("{PATH}?{month}&compare={compare}")).await.expect(200);
            assert_eq!(answer.money("net_income"), dec("35000"));
            let beside = &answer["comparison"];
            let alone = shop.get(&format!("{PATH}?date_from={day}&date_to={}", month_end(day))).await.expect(200);
            assert_eq!(beside, &alone.body, "{compare}");
            assert_eq!(money(&beside["net_income"]), dec(amount), "{compare}");
        }
        assert!(shop.get(PATH).await.expect(200).body.get("comparison").is_none());
    }

    async fn of_a_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let today = shop.today().await;
        month(&shop, &today).await;
        let mut there = shop.entry(&today, &[("102.01", "11.00"), ("401.02", "-11.00")]).await;
        there["branch_id"] = json!(north);
        shop.post("/pos/api/accounting/entries", there).await.expect(201);
        for (branch, net) in [(north, "11"), (shop.branch_id, "35000")] {
            let answer = shop.get(&format!("{PATH}?branch_id={branch}")).await.expect(200);
            assert_eq!(answer.money("net_income"), dec(net));
        }
        assert_eq!(shop.get(PATH).await.expect(200).money("net_income"), dec("35011"));
    }

    async fn as_of_a_position_or_an_instant_it_is_what_it_was(shop: Shop) {
        let from = plus_days(&shop.today().await, -200);
        remembers(&shop, &format!("{PATH}?date_from={from}"), true).await;
    }

    async fn as_csv(shop: Shop) {
        month(&shop, &shop.today().await).await;
        let rows = csv_of(&shop, PATH, "section,code,name,amount", &["amount"]).await;
        let found: Vec<(&str, &str, &str)> =
            rows.iter().map(|row| (row[0].as_str(), row[1].as_str(), row[3].as_str())).collect();
        assert_eq!(found, [
            ("income", "401.02", "150000.00"), ("cost_of_sales", "501.01", "90000.00"),
            ("gross_profit", "", "60000.00"), ("expenses", "601.84", "25000.00"),
            ("operating_profit", "", "35000.00"), ("net_income", "", "35000.00"),
        ]);
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "date_from=x", "date_to=2026-02-30", "branch_id=x", "as_of=ayer", "compare=last", "format=doc",
        ]).await;
        shop.get(&format!("{PATH}?date_from=2026-02-01&date_to=2026-01-01")).await.expect(400).error();
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
