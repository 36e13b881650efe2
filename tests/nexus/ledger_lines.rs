use diario_tests::{
    Past, Shop, assert_shape, both_engines, csv_of, dec, guarded, int, money, plus_days, refused,
    refuses_query, remembers,
};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/ledger";

fn net(line: &Value) -> Decimal {
    money(&line["debit"]) - money(&line["credit"])
}

/// Every line of a query, read page by page with cursors.
async fn lines(shop: &Shop, query: &str, per_page: i64) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer =
            shop.get(&format!("{PATH}?{query}&per_page={per_page}&cursor={cursor}")).await.expect(200);
        found.extend(answer["data"].as_array().unwrap().iter().cloned());
        match answer["pagination"]["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return found,
        }
    }
}

/// The same, page by page by number.
async fn numbered(shop: &Shop, query: &str, per_page: i64) -> Vec<Value> {
    let mut found = Vec::new();
    for page in 1.. {
        let answer = shop.get(&format!("{PATH}?{query}&per_page={per_page}&page={page}")).await.expect(200);
        found.extend(answer["data"].as_array().unwrap().iter().cloned());
        if i64::from(page) >= int(&answer["pagination"]["total_pages"]) {
            assert_eq!(int(&answer["pagination"]["total"]), i64::try_from(found.len()).unwrap());
            return found;
        }
    }
    unreachable!("pages end")
}

both_engines! {
    async fn leads_from_opening_to_closing_and_down_to_the_event(shop: Shop) {
        let past = Past::of(&shop).await;
        past.go_on(&shop).await;
        let today = shop.today().await;
        let days = format!("date_from={}&date_to={today}", plus_days(&today, -60));
        for code in ["105.01", "102.01", "101.01", "208.01", "209.01", "115.01", "401.03"] {
            let answer = shop.get(&format!("{PATH}?code={code}&{days}&per_page=200")).await.expect(200);
            assert_shape(&answer, &json!({
                "account": {"id": "int", "code": code, "name": "string"},
                "period": {"from": plus_days(&today, -60), "to": today}, "opening": "number", "closing": "number",
                "data": [{
                    "entry_id": "int", "line": "int", "date": "date", "type": "string", "event_type": "string",
                    "reference": "string", "description": "string", "debit": "number", "credit": "number",
                    "position": "int"
                }],
                "pagination": {"page": 1, "per_page": 200, "total": "int", "total_pages": 1}
            }));
            let rows = answer["data"].as_array().unwrap();
            let moved: Decimal = rows.iter().map(net).sum();
            assert_eq!(answer.money("opening") + moved, answer.money("closing"), "{code}");
            assert_eq!(answer.money("closing"), shop.balances().await.of(code), "{code}");
            let dates: Vec<&str> = rows.iter().map(|row| row["date"].as_str().unwrap()).collect();
            assert!(dates.is_sorted(), "{code}: {dates:?}");
            for row in rows {
                let entry =
                    shop.get(&format!("/pos/api/accounting/entries/{}", int(&row["entry_id"]))).await.expect(200);
                for field in ["date", "type", "event_type", "reference", "description", "position"] {
                    assert_eq!(entry[field], row[field], "{row:#}");
                }
                let of = entry["lines"].as_array().unwrap().iter().filter(|line| line["account_code"] == code);
                assert!(of.map(net).any(|amount| amount == net(row)), "{row:#} is not in {:#}", *entry);
                let event = format!(
                    "SELECT event_type FROM events WHERE tenant_id = {} AND position = {}",
                    shop.tenant_id, int(&row["position"])
                );
                assert_eq!(shop.sql().rows(&event).await[0][0].as_deref(), row["event_type"].as_str());
            }
        }
        let opened = shop.get(&format!("{PATH}?code=105.01&{days}")).await.expect(200);
        assert_eq!(opened.money("opening"), dec("812"), "what was sold 100 and 90 days ago");
    }

    async fn an_account_is_named_by_id_or_code(shop: Shop) {
        Past::of(&shop).await;
        let id = shop.account("105.01").await;
        let by_code = shop.get(&format!("{PATH}?code=105.01")).await.expect(200);
        assert_eq!(shop.get(&format!("{PATH}?account_id={id}")).await.expect(200).text(), by_code.text());
        assert_eq!(by_code["account"]["id"], json!(id));
        let own = shop.create_account("BBVA", "102.01").await;
        shop.post_entry(&shop.today().await, &[("BBVA", "10.00"), ("306.01", "-10.00")]).await;
        let answer = shop.get(&format!("{PATH}?account_id={own}")).await.expect(200);
        assert_eq!(answer.money("closing"), dec("10"));
    }

    async fn pages_leave_nothing_out_and_show_nothing_twice(shop: Shop) {
        let past = Past::of(&shop).await;
        past.go_on(&shop).await;
        let query = format!("code=105.01&date_from={}", plus_days(&shop.today().await, -200));
        let whole = lines(&shop, &query, 200).await;
        assert_eq!(whole.len(), 4, "three sales and a payment");
        assert_eq!(lines(&shop, &query, 1).await, whole);
        assert_eq!(lines(&shop, &query, 3).await, whole);
        let mut paged = Vec::new();
        for page in 1..=2 {
            let answer = shop.get(&format!("{PATH}?{query}&per_page=3&page={page}")).await.expect(200);
            assert_eq!(answer["pagination"]["total"], json!(4));
            paged.extend(answer["data"].as_array().unwrap().iter().cloned());
        }
        assert_eq!(paged, whole);
    }

    /// Sums and counts are kept by 4,096 positions of the log, and days come in any order.
    async fn pages_of_a_long_log_are_whole(shop: Shop) {
        const SALES: usize = 4_500;
        let (today, item) = (shop.today().await, shop.create_item("10.00", 9_000).await);
        let sale = |number: usize| {
            let day = plus_days(&today, -i64::try_from(number / 250 % 3).unwrap());
            json!({
                "client_id": format!("l-{number}"), "client_time": format!("{day}T00:00:00"),
                "operation": "sales_create", "body": {
                    "items": [{"inventory_id": item, "quantity": 1}], "payment_method": "transferencia", "sale_type": "cash"
                }
            })
        };
        for batch in (0..SALES).collect::<Vec<_>>().chunks(250) {
            let commands: Vec<_> = batch.iter().map(|number| sale(*number)).collect();
            let answer = shop.post("/pos/api/sync/batch", json!({"commands": commands})).await.expect(200);
            assert!(answer["results"].as_array().unwrap().iter().all(|one| one["status"] == 201), "{:#}", *answer);
        }
        let query = format!("code=401.02&date_from={}&date_to={today}", plus_days(&today, -3));
        let whole = lines(&shop, &query, 200).await;
        assert_eq!(whole.len(), SALES);
        let key = |row: &Value| (row["date"].as_str().unwrap().to_owned(), int(&row["entry_id"]));
        assert!(whole.is_sorted_by(|one, next| key(one) < key(next)), "by day and entry, none of them twice");
        assert!(whole.iter().all(|row| net(row) == net(&whole[0])));
        assert_eq!(numbered(&shop, &query, 200).await, whole);
        assert_eq!(numbered(&shop, &query, 77).await, whole);
        for position in [4_094, 4_095, 4_096, 4_300] {
            let then: Vec<_> =
                whole.iter().filter(|row| int(&row["position"]) <= position).cloned().collect();
            let query = format!("{query}&as_of={position}");
            assert_eq!(lines(&shop, &query, 200).await, then, "as of {position}");
            assert_eq!(numbered(&shop, &query, 200).await, then, "as of {position}");
        }
    }

    async fn two_lines_of_one_entry_are_two(shop: Shop) {
        let register = shop.open_register("500.00").await;
        let rows = lines(&shop, "code=101.01", 1).await;
        let amounts: Vec<Decimal> = rows.iter().map(|row| net(row).normalize()).collect();
        assert_eq!(amounts, ["500", "-500"].map(dec), "out of the safe and into drawer {register}");
        assert_eq!(rows[0]["entry_id"], rows[1]["entry_id"]);
        assert_ne!(rows[0]["line"], rows[1]["line"]);
    }

    async fn of_a_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let today = shop.today().await;
        for (branch, amount) in [(north, "11.00"), (shop.branch_id, "7.00")] {
            let mut body = shop.entry(&today, &[("102.01", amount), ("306.01", &format!("-{amount}"))]).await;
            body["branch_id"] = json!(branch);
            shop.post("/pos/api/accounting/entries", body).await.expect(201);
            let answer = shop.get(&format!("{PATH}?code=102.01&branch_id={branch}")).await.expect(200);
            assert_eq!(answer["data"].as_array().unwrap().len(), 1);
            assert_eq!(answer.money("closing"), dec(amount));
        }
    }

    async fn as_of_a_position_or_an_instant_it_is_what_it_was(shop: Shop) {
        let from = plus_days(&shop.today().await, -200);
        remembers(&shop, &format!("{PATH}?code=105.01&date_from={from}"), true).await;
    }

    async fn as_csv(shop: Shop) {
        let past = Past::of(&shop).await;
        past.pay(&shop, "100.50").await;
        let header = "date,entry_id,type,reference,description,debit,credit,balance,position";
        let rows = csv_of(&shop, &format!("{PATH}?code=102.01"), header, &[]).await;
        let line = rows.iter().find(|row| !row[1].is_empty()).unwrap_or_else(|| panic!("no line in {rows:?}"));
        assert_eq!((line[0].clone(), line[5].as_str(), line[7].as_str()), (shop.today().await, "100.50", "100.50"));
    }

    async fn an_unknown_account_is_404_and_none_is_400(shop: Shop) {
        let foreign = shop.neighbour().await.create_account("BBVA", "102.01").await;
        for query in [format!("account_id={foreign}"), "account_id=999999".to_owned(), "code=999.99".to_owned()] {
            refused(&shop.get(&format!("{PATH}?{query}")).await, 404, "");
        }
        refused(&shop.get(PATH).await, 400, "account_id");
        refuses_query(&shop, PATH, &[
            "account_id=x", "date_from=x&code=101.01", "date_to=2026-02-30&code=101.01", "branch_id=x&code=101.01",
            "as_of=x&code=101.01", "page=0&code=101.01", "per_page=-1&code=101.01", "cursor=x&code=101.01",
            "format=doc&code=101.01",
        ]).await;
        // Groups hold nothing themselves, and zeros of a branch that is none would look like one that sold nothing.
        refused(&shop.get(&format!("{PATH}?code=101")).await, 400, "code");
        let (cash, group) = (shop.account("101.01").await, shop.account("101").await);
        refused(&shop.get(&format!("{PATH}?account_id={group}")).await, 400, "account_id");
        refused(&shop.get(&format!("{PATH}?account_id={cash}&code=102.01")).await, 404, "");
        shop.get(&format!("{PATH}?account_id={cash}&code=101.01")).await.expect(200);
        for report in ["ledger?code=101.01&", "trial-balance?", "income-statement?", "balance-sheet?"] {
            let path = format!("/pos/api/accounting/{report}branch_id=99");
            refused(&shop.get(&path).await, 400, "branch_id");
        }
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}?code=101.01"), None).await;
    }
}
