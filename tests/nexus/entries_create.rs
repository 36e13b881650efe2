use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, money, month_end, months_before,
    num, plus_days, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/entries";

/// The rent of the documented sample, dated today.
async fn sample(shop: &Shop) -> Value {
    let mut body = shop.entry(&shop.today().await, &[("601.84", "15000.00"), ("102.01", "-15000.00")]).await;
    body["description"] = json!("Pago de renta del local");
    body
}

both_engines! {
    async fn posts_what_it_says(shop: Shop) {
        let before = shop.balances().await;
        let body = sample(&shop).await;
        let answer = shop.post(PATH, body.clone()).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "reference": "P-0001", "message": "Entry created"}));
        shop.assert_moved(&before, &[("601.84", "15000"), ("102.01", "-15000")]).await;
        let detail = shop.get(&format!("{PATH}/{}", answer.int("id"))).await.expect(200);
        assert_shape(&detail, &json!({
            "id": answer.int("id"), "date": body["date"], "type": "manual", "event_type": "entry.posted",
            "reference": "P-0001", "description": "Pago de renta del local", "branch_id": shop.branch_id
        }));
        let lines = detail["lines"].as_array().unwrap();
        assert_eq!(lines.len(), 2);
        for (line, wanted) in lines.iter().zip(body["lines"].as_array().unwrap()) {
            assert_eq!(line["account_id"], wanted["account_id"]);
            assert_eq!(money(&line["debit"]), money(&wanted["debit"]));
            assert_eq!(money(&line["credit"]), money(&wanted["credit"]));
        }
        let second = shop.post(PATH, body).await.expect(201);
        assert_eq!(second["reference"], "P-0002");
        assert_eq!(shop.all(&format!("{PATH}?type=manual")).await.len(), 2);
    }

    async fn is_of_the_day_and_branch_it_names(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let day = plus_days(&months_before(&shop.today().await, 2), 14);
        let mut body = shop.entry(&day, &[("601.84", "100.00"), ("102.01", "-100.00")]).await;
        body["branch_id"] = json!(north);
        shop.post(PATH, body).await.expect(201);
        let report = |query: String| format!("/pos/api/accounting/trial-balance?{query}");
        let of = async |query: String| {
            let answer = shop.get(&report(query)).await.expect(200);
            money(&answer["totals"]["period_debit"])
        };
        assert_eq!(of(format!("date_from={day}&date_to={day}")).await, dec("100"));
        assert_eq!(of(format!("date_from={day}&date_to={day}&branch_id={north}")).await, dec("100"));
        assert_eq!(of(format!("date_from={day}&date_to={day}&branch_id={}", shop.branch_id)).await, dec("0"));
        assert_eq!(of(format!("date_from={}&date_to={}", plus_days(&day, 1), month_end(&day))).await, dec("0"));
    }

    async fn many_lines_are_one_entry(shop: Shop) {
        let today = shop.today().await;
        let before = shop.balances().await;
        let entry = shop.post_entry(&today, &[
            ("601.84", "100.01"), ("118.01", "16.00"), ("201.01", "-50.00"), ("102.01", "-66.01"),
        ]).await;
        shop.assert_moved(&before, &[
            ("601.84", "100.01"), ("118.01", "16"), ("201.01", "-50"), ("102.01", "-66.01"),
        ]).await;
        let detail = shop.get(&format!("{PATH}/{entry}")).await.expect(200);
        assert_eq!(detail["lines"].as_array().unwrap().len(), 4);
    }

    async fn refuses_what_does_not_balance(shop: Shop) {
        let good = sample(&shop).await;
        let mut off = good.clone();
        off["lines"][0]["debit"] = num("15000.01");
        refuses(&shop, Method::POST, PATH, off, 400, "lines").await;
        for (debit, credit) in [("0.00", "0.00"), ("10.00", "10.00"), ("-10.00", "0.00"), ("0.00", "-10.00")] {
            let mut body = good.clone();
            body["lines"].as_array_mut().unwrap().push(
                json!({"account_id": good["lines"][0]["account_id"], "debit": num(debit), "credit": num(credit)})
            );
            refuses(&shop, Method::POST, PATH, body, 400, "").await;
        }
        let mut one = good.clone();
        one["lines"].as_array_mut().unwrap().truncate(1);
        refuses(&shop, Method::POST, PATH, one, 400, "lines").await;
    }

    async fn refuses_groups_and_what_a_sub_ledger_keeps(shop: Shop) {
        let today = shop.today().await;
        for code in ["100", "101", "601", "105.01", "115.01", "115.05", "206.01", "206.05", "209.01"] {
            let body = shop.entry(&today, &[(code, "10.00"), ("102.01", "-10.00")]).await;
            refuses(&shop, Method::POST, PATH, body, 400, "account_id").await;
        }
        // What is told to SAT as a part of one of them is one of them.
        shop.create_account("115.01-VITRINA", "115.01").await;
        let body = shop.entry(&today, &[("115.01-VITRINA", "10.00"), ("102.01", "-10.00")]).await;
        refuses(&shop, Method::POST, PATH, body, 400, "account_id").await;
    }

    async fn refuses_the_future(shop: Shop) {
        let today = shop.today().await;
        let mut body = sample(&shop).await;
        for day in [plus_days(&today, 1), plus_days(&today, 400)] {
            body["date"] = json!(day);
            refuses(&shop, Method::POST, PATH, body.clone(), 400, "date").await;
        }
        // The thirteenth period of a year that is not over is the future too.
        body["period13"] = json!(true);
        for day in [plus_days(&today, 400), "2999-01-01".to_owned()] {
            body["date"] = json!(day);
            refuses(&shop, Method::POST, PATH, body.clone(), 400, "date").await;
        }
    }

    async fn refuses_a_year_that_no_month_could_be_closed_of(shop: Shop) {
        let mut body = sample(&shop).await;
        for day in ["0206-04-01", "1899-12-31", "0001-01-01"] {
            body["date"] = json!(day);
            refuses(&shop, Method::POST, PATH, body.clone(), 400, "date").await;
        }
        body["date"] = json!("1900-01-01");
        shop.post(PATH, body).await.expect(201);
        shop.close(1900, 1).await.expect(200);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let good = sample(&shop).await;
        let required = ["/date", "/description", "/lines", "/lines/0/account_id"];
        refuses_fields(&shop, Method::POST, PATH, &good, &required, &[
            ("/date", json!("2026-02-30")),
            ("/date", json!("01/04/2026")),
            ("/date", json!(20_260_401)),
            ("/description", json!("")),
            ("/description", json!(7)),
            ("/description", long_text()),
            ("/lines", json!([])),
            ("/lines", json!("todo")),
            ("/lines/0", json!(7)),
            ("/lines/0/account_id", json!("101.01")),
            ("/lines/0/account_id", json!(999_999)),
            ("/lines/0/account_id", json!(0)),
            ("/lines/0/debit", json!("mucho")),
            ("/lines/0/debit", num("0.001")),
            ("/lines/0/debit", num("1e30")),
            ("/lines/1/credit", json!([])),
            ("/branch_id", json!("centro")),
            ("/branch_id", json!(987_654)),
            ("/period13", json!("si")),
        ]).await;
    }

    async fn an_account_or_branch_of_another_tenant_is_none(shop: Shop) {
        let other = shop.neighbour().await;
        let account = other.create_account("601.84.01", "601.84").await;
        let branch = other.open_branch("Norte").await;
        let mut body = sample(&shop).await;
        body["lines"][0]["account_id"] = json!(account);
        refuses(&shop, Method::POST, PATH, body, 400, "account_id").await;
        let mut body = sample(&shop).await;
        body["branch_id"] = json!(branch);
        refuses(&shop, Method::POST, PATH, body, 400, "branch_id").await;
    }

    async fn a_key_posts_once(shop: Shop) {
        let body = sample(&shop).await;
        let mut other = body.clone();
        other["description"] = json!("Otra");
        let before = shop.balances().await;
        idempotent(&shop, Method::POST, PATH, body, other).await;
        shop.assert_moved(&before, &[("601.84", "15000"), ("102.01", "-15000")]).await;
    }

    async fn is_guarded(shop: Shop) {
        let body = sample(&shop).await;
        guarded(&shop, Method::POST, PATH, Some(body)).await;
    }
}
