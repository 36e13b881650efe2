use std::fmt::Write as _;

use diario_tests::{
    Answer, Past, Shop, assert_shape, both_engines, dec, guarded, idempotent, int, money, months_before,
    plus_days, refused, refuses, refuses_fields, year_and_month,
};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PATH: &str = "/pos/api/accounting/periods/close";
const ENTRIES: &str = "/pos/api/accounting/entries";

/// Tries to close the month of a day.
async fn close(shop: &Shop, day: &str) -> Answer {
    let (year, month) = year_and_month(day);
    shop.close(year, month).await
}

/// An entry of a day by which the shop earned so much.
async fn earned(shop: &Shop, day: &str, amount: &str) -> i64 {
    shop.post_entry(day, &[("102.01", amount), ("401.02", &format!("-{amount}"))]).await
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '|' => out.push_str("\\|"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out
}

/// The digest of some entries by the recipe of `docs/periods.md`, from what the API tells of them.
async fn digest_over_http(shop: &Shop, query: &str, period: &str) -> (String, usize) {
    let mut rows = shop.all(&format!("{ENTRIES}?{query}")).await;
    rows.retain(|row| row["period"] == period && row["event_type"] != "period.closed");
    rows.sort_by_key(|row| int(&row["id"]));
    let mut text = String::new();
    for row in &rows {
        let entry = shop.get(&format!("{ENTRIES}/{}", int(&row["id"]))).await.expect(200);
        let of = |field: &str| entry[field].as_str().unwrap().to_owned();
        let lines: Vec<String> = entry["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| {
                let centavos = (money(&line["debit"]) - money(&line["credit"])) * dec("100");
                format!("[{},{},{}]", line["account_id"], centavos.normalize(), line["register_id"])
            })
            .collect();
        let _ = writeln!(
            text,
            "{}|{}|{}|{}|{}|{}|{}|[{}]",
            entry["id"],
            of("date"),
            entry["branch_id"],
            of("type"),
            of("event_type"),
            escaped(&of("reference")),
            escaped(&of("description")),
            lines.join(",")
        );
    }
    (sha256(&text), rows.len())
}

/// The same from the database.
async fn digest_from_sql(shop: &Shop, period: i64) -> (String, usize) {
    let rows = shop
        .sql()
        .rows(&format!(
            "SELECT CAST(entry_id AS TEXT), CAST(day AS TEXT), CAST(branch_id AS TEXT), type, event_type, reference, \
             description, lines FROM journal_entries WHERE tenant_id = {} AND period = {period} AND phase < 2 \
             ORDER BY journal_entries.entry_id",
            shop.tenant_id
        ))
        .await;
    let mut text = String::new();
    for row in &rows {
        let cell = |at: usize| row[at].clone().unwrap();
        let day = plus_days("1970-01-01", cell(1).parse().unwrap());
        let _ = writeln!(
            text,
            "{}|{day}|{}|{}|{}|{}|{}|{}",
            cell(0),
            cell(2),
            cell(3),
            cell(4),
            escaped(&cell(5)),
            escaped(&cell(6)),
            cell(7)
        );
    }
    (sha256(&text), rows.len())
}

/// Balances of the accounts of results.
async fn results(shop: &Shop) -> Vec<(String, rust_decimal::Decimal)> {
    let balances = shop.balances().await;
    balances
        .0
        .into_iter()
        .filter(|(code, sum)| code.starts_with(['4', '5', '6', '7']) && !sum.is_zero())
        .collect()
}

both_engines! {
    async fn closes_a_month_for_good(shop: Shop) {
        let day = months_before(&shop.today().await, 2);
        earned(&shop, &day, "100.00").await;
        let (year, month) = year_and_month(&day);
        let answer = shop.post(PATH, json!({"year": year, "month": month})).await.expect(200);
        assert_shape(&answer, &json!({
            "year": year, "month": month, "status": "closed", "digest": "string", "entries": 1,
            "message": "Period closed"
        }));
        let body = json!({"year": year, "month": month});
        refuses(&shop, Method::POST, PATH, body, 400, "cerrado").await;
        let late = shop.entry(&day, &[("102.01", "1.00"), ("306.01", "-1.00")]).await;
        refuses(&shop, Method::POST, ENTRIES, late, 400, "cerrado").await;
    }

    async fn months_close_in_order(shop: Shop) {
        let today = shop.today().await;
        let months: Vec<String> = (0..4).map(|months| months_before(&today, 3 - months)).collect();
        for day in [&months[0], &months[2]] {
            earned(&shop, day, "10.00").await;
        }
        for day in &months[1..] {
            let (year, month) = year_and_month(day);
            let body = json!({"year": year, "month": month});
            let answer = refuses(&shop, Method::POST, PATH, body, 400, "month").await;
            let (year, month) = year_and_month(&months[0]);
            let first = format!("{year:04}-{month:02}");
            assert!(answer.error().contains(&first), "does not say that {first} is first: {}", answer.error());
        }
        // A month in which nothing happened closes as well, and so does the running one.
        for (day, entries) in months.iter().zip([1, 0, 1, 0]) {
            assert_eq!(close(&shop, day).await.expect(200).int("entries"), entries);
        }
        let (year, month) = year_and_month(&months_before(&today, -1));
        refuses(&shop, Method::POST, PATH, json!({"year": year, "month": month}), 400, "month").await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (year, month) = year_and_month(&shop.today().await);
        let good = json!({"year": year, "month": month});
        refuses_fields(&shop, Method::POST, PATH, &good, &["/year", "/month"], &[
            ("/year", json!("este")),
            ("/year", json!(0)),
            ("/year", json!(-1)),
            ("/year", json!(99_999_999_999_i64)),
            ("/month", json!(0)),
            ("/month", json!(14)),
            ("/month", json!(-1)),
            ("/month", json!("enero")),
            ("/month", json!(null)),
            ("/month", json!(13)),
        ]).await;
        refuses(&shop, Method::POST, PATH, json!({"year": year + 1, "month": 1}), 400, "month").await;
    }

    async fn the_digest_is_that_of_the_recipe(shop: Shop) {
        let past = Past::of(&shop).await;
        past.go_on(&shop).await;
        let today = shop.today().await;
        let mut odd = shop.entry(&months_before(&today, 1), &[("102.01", "10.00"), ("306.01", "-10.00")]).await;
        odd["description"] = json!("Uno|dos \\ tres\ncuatro");
        shop.post(ENTRIES, odd).await.expect(201);
        let item = json!({
            "part_number": "A|B\\C", "name": "Raro", "cost": 10, "price_1": 20, "initial_stock": 1
        });
        shop.days_ago(110, "items_create", json!({}), item).await;
        let (mut seen, mut digests) = (0, std::collections::BTreeSet::new());
        for months in (0..=4).rev() {
            let day = months_before(&today, months);
            let last = diario_tests::month_end(&day);
            let answer = close(&shop, &day).await;
            if answer.status == 400 {
                // Before the first posting nothing needs closing.
                assert!(seen == 0 && months == 4, "{}", answer.text());
                continue;
            }
            let answer = answer.expect(200);
            let (year, month) = year_and_month(&day);
            let stated = (answer["digest"].as_str().unwrap().to_owned(), usize::try_from(answer.int("entries")).unwrap());
            let over_http = digest_over_http(&shop, &format!("date_from={day}&date_to={last}"), &day[..7]).await;
            assert_eq!(stated, over_http, "{day} over HTTP");
            assert_eq!(stated, digest_from_sql(&shop, year * 100 + month).await, "{day} from the database");
            seen += stated.1;
            digests.insert(stated.0);
        }
        assert_eq!(seen, shop.all(ENTRIES).await.len(), "every entry is in a digest");
        assert!(digests.len() > 2);
    }

    async fn what_comes_while_a_month_closes_is_in_the_digest_or_refused(shop: Shop) {
        let item = shop.create_item("350.00", 100).await;
        let today = shop.today().await;
        let sale = json!({
            "items": [{"inventory_id": item, "quantity": 1}], "payment_method": "tarjeta", "sale_type": "cash"
        });
        let sell = async |number: u64| {
            let mut sold = 0;
            for _ in 0..8 {
                tokio::time::sleep(std::time::Duration::from_millis(number)).await;
                let answer = shop.post("/pos/api/sales", sale.clone()).await;
                match answer.status {
                    201 => sold += 1,
                    _ => refused(&answer, 400, "cerrado"),
                }
            }
            sold
        };
        let closing = async {
            tokio::time::sleep(std::time::Duration::from_millis(40)).await;
            for _ in 0..200 {
                let answer = close(&shop, &today).await;
                if answer.status == 200 {
                    return answer;
                }
                refused(&answer, 400, "intente de nuevo");
            }
            panic!("the month does not close while it is sold in");
        };
        let (answer, one, two, three) = tokio::join!(closing, sell(3), sell(5), sell(7));
        let sold = one + two + three;
        assert_eq!(shop.stock(item).await, rust_decimal::Decimal::from(100 - sold));
        let (year, month) = year_and_month(&today);
        let stated = (answer["digest"].as_str().unwrap().to_owned(), usize::try_from(answer.int("entries")).unwrap());
        assert_eq!(stated, digest_from_sql(&shop, year * 100 + month).await);
        refused(&shop.post("/pos/api/sales", sale.clone()).await, 400, "cerrado");
    }

    async fn december_and_the_year_close_apart(shop: Shop) {
        let year = year_and_month(&shop.today().await).0 - 1;
        let december = format!("{year}-12-20");
        earned(&shop, &december, "1000.00").await;
        shop.post_entry(&december, &[("501.01", "400.00"), ("306.01", "-400.00")]).await;
        shop.post_entry(&december, &[("601.84", "150.25"), ("102.01", "-150.25")]).await;
        shop.post_entry(&december, &[("102.01", "10.00"), ("704.23", "-10.00")]).await;
        let thirteenth = json!({"year": year, "month": 13});
        let answer = refuses(&shop, Method::POST, PATH, thirteenth.clone(), 400, "month").await;
        assert!(answer.error().contains(&format!("{year}-12")), "{}", answer.error());
        let closed = shop.close(year, 12).await.expect(200);

        // What the accountant adds belongs to the thirteenth period: December is closed to it.
        let mut adjusting = shop.entry(&format!("{year}-12-31"), &[("601.84", "59.75"), ("102.01", "-59.75")]).await;
        refuses(&shop, Method::POST, ENTRIES, adjusting.clone(), 400, "cerrado").await;
        adjusting["period13"] = json!(true);
        let added = shop.post(ENTRIES, adjusting.clone()).await.expect(201).int("id");
        assert_eq!(shop.get(&format!("{ENTRIES}/{added}")).await.expect(200)["date"], json!(format!("{year}-12-31")));

        let statement =
            format!("/pos/api/accounting/income-statement?date_from={year}-01-01&date_to={year}-12-31");
        let told = shop.get(&statement).await.expect(200);
        assert_eq!(told.money("net_income"), dec("400"), "{:#}", *told);
        let sheet = format!("/pos/api/accounting/balance-sheet?date={year}-12-31");
        let assets = shop.get(&sheet).await.expect(200).money("total_assets");
        let before = shop.balances().await;
        let answer = shop.post(PATH, thirteenth.clone()).await.expect(200);
        assert_shape(&answer, &json!({
            "year": year, "month": 13, "status": "closed", "digest": "string", "entries": 1, "message": "Period closed"
        }));
        let stated = (answer["digest"].as_str().unwrap().to_owned(), 1);
        assert_eq!(stated, digest_from_sql(&shop, year * 100 + 13).await);
        let year_end = format!("date_from={year}-12-01&date_to={year}-12-31");
        assert_eq!(stated, digest_over_http(&shop, &year_end, &format!("{year}-13")).await);
        let in_december = (closed["digest"].as_str().unwrap().to_owned(), 4);
        assert_eq!(in_december, digest_over_http(&shop, &year_end, &format!("{year}-12")).await);
        shop.assert_moved(&before, &[
            ("305.01", "-400"), ("401.02", "1000"), ("501.01", "-400"), ("601.84", "-210"), ("704.23", "10"),
        ]).await;
        assert_eq!(results(&shop).await, []);
        // The transfer is no income and no expense, and the sheet is the same, its result in its account.
        assert_eq!(shop.get(&statement).await.expect(200).text(), told.text());
        let after = shop.get(&sheet).await.expect(200);
        assert_eq!(after.money("total_assets"), assets);
        assert_eq!(after.money("total_liabilities_equity"), assets);
        assert!(after.text().contains("305.01"), "{:#}", *after);

        // For good, and the year after begins at nothing.
        refuses(&shop, Method::POST, PATH, thirteenth, 400, "cerrado").await;
        refuses(&shop, Method::POST, ENTRIES, adjusting, 400, "cerrado").await;
        earned(&shop, &shop.today().await, "5.00").await;
        assert_eq!(results(&shop).await, [("401.02".to_owned(), dec("-5"))]);
        let closing = shop.all(&format!("{ENTRIES}?date_from={year}-12-31&date_to={year}-12-31")).await;
        let closing = closing.iter().find(|row| row["event_type"] == "period.closed").unwrap();
        assert_eq!(closing["type"], "manual");
        let reverse = format!("{ENTRIES}/{}/reverse", int(&closing["id"]));
        refuses(&shop, Method::POST, &reverse, json!({}), 404, "").await;
    }

    async fn days_across_a_years_end_close_as_the_next_years_do(shop: Shop) {
        let (this_year, _) = year_and_month(&shop.today().await);
        let year = this_year - 1;
        earned(&shop, &format!("{year}-12-20"), "1000.00").await;
        earned(&shop, &format!("{this_year}-01-01"), "7.00").await;
        let mut adjusting = shop.entry(&format!("{year}-12-31"), &[("601.84", "59.75"), ("102.01", "-59.75")]).await;
        adjusting["period13"] = json!(true);
        shop.post(ENTRIES, adjusting).await.expect(201);
        let closing = async |from: &str, more: &str| {
            let path = format!("/pos/api/accounting/trial-balance?date_from={from}&date_to={this_year}-01-01{more}");
            let answer = shop.get(&path).await.expect(200);
            let rows = answer["accounts"].as_array().unwrap().clone().into_iter();
            rows.map(|row| (row["code"].clone(), money(&row["closing_debit"]) - money(&row["closing_credit"])))
                .filter(|(_, balance)| !balance.is_zero())
                .collect::<Vec<_>>()
        };
        for close_first in [false, true] {
            if close_first {
                shop.close(year, 12).await.expect(200);
                shop.close(year, 13).await.expect(200);
            }
            let expected = closing(&format!("{this_year}-01-01"), "").await;
            for from in [format!("{year}-12-31"), format!("{year}-06-01")] {
                for more in ["", "&thirteenth=true"] {
                    assert_eq!(closing(&from, more).await, expected, "from {from}{more}, closed: {close_first}");
                }
            }
        }
    }

    async fn each_branch_closes_with_its_own_result(shop: Shop) {
        let (this_year, _) = year_and_month(&shop.today().await);
        let (year, north) = (this_year - 1, shop.open_branch("Norte").await);
        let day = format!("{year}-12-20");
        earned(&shop, &day, "1000.00").await;
        let mut there = shop.entry(&day, &[("601.84", "70.07"), ("102.01", "-70.07")]).await;
        there["branch_id"] = json!(north);
        shop.post(ENTRIES, there).await.expect(201);
        shop.close(year, 12).await.expect(200);
        let before = shop.balances().await;
        shop.close(year, 13).await.expect(200);
        // One result, as the year as a whole is a profit.
        shop.assert_moved(&before, &[("305.01", "-929.93"), ("401.02", "1000"), ("601.84", "-70.07")]).await;
        for (branch, result) in [(shop.branch_id, "-1000"), (north, "70.07")] {
            let path = format!("/pos/api/accounting/trial-balance?branch_id={branch}&date_from={this_year}-01-01");
            let held: Vec<_> = shop.get(&path).await.expect(200)["accounts"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|row| row["code"].as_str().unwrap().starts_with(['3', '4', '5', '6', '7']))
                .map(|row| (row["code"].clone(), money(&row["closing_debit"]) - money(&row["closing_credit"])))
                .filter(|(_, balance)| !balance.is_zero())
                .collect();
            assert_eq!(held, [(json!("305.01"), dec(result))], "branch {branch}");
        }
    }

    async fn a_loss_goes_to_305_02_and_no_result_to_nowhere(shop: Shop) {
        let (this_year, _) = year_and_month(&shop.today().await);
        let year = this_year - 2;
        shop.post_entry(&format!("{year}-12-01"), &[("601.84", "70.07"), ("102.01", "-70.07")]).await;
        shop.close(year, 12).await.expect(200);
        let before = shop.balances().await;
        shop.close(year, 13).await.expect(200);
        shop.assert_moved(&before, &[("305.02", "70.07"), ("601.84", "-70.07")]).await;
        shop.close_through(&format!("{}-12-01", year + 1)).await;
        let entries = shop.all(ENTRIES).await.len();
        let answer = shop.close(year + 1, 13).await.expect(200);
        assert_eq!(answer.int("entries"), 0);
        assert_eq!(shop.all(ENTRIES).await.len(), entries, "a year without a result posts none");
    }

    async fn accounts_of_any_code_are_closed_with_the_year(shop: Shop) {
        let (this_year, _) = year_and_month(&shop.today().await);
        let year = this_year - 1;
        shop.create_account("RENTA", "601.84").await;
        shop.post_entry(&format!("{year}-12-01"), &[("RENTA", "70.07"), ("102.01", "-70.07")]).await;
        shop.close(year, 12).await.expect(200);
        let before = shop.balances().await;
        shop.close(year, 13).await.expect(200);
        shop.assert_moved(&before, &[("305.02", "70.07"), ("RENTA", "-70.07")]).await;
    }

    async fn years_close_in_order(shop: Shop) {
        let (this_year, _) = year_and_month(&shop.today().await);
        let (first, second) = (this_year - 2, this_year - 1);
        earned(&shop, &format!("{first}-12-05"), "30.00").await;
        earned(&shop, &format!("{second}-12-05"), "12.00").await;
        shop.close_through(&format!("{second}-12-01")).await;
        let before = shop.balances().await;
        refuses(&shop, Method::POST, PATH, json!({"year": second, "month": 13}), 400, &format!("{first}-13")).await;
        shop.close(first, 13).await.expect(200);
        shop.assert_moved(&before, &[("305.01", "-30"), ("401.02", "30")]).await;
        shop.close(second, 13).await.expect(200);
        shop.assert_moved(&before, &[("305.01", "-42"), ("401.02", "42")]).await;
        refuses(&shop, Method::POST, PATH, json!({"year": first, "month": 13}), 400, "cerrado").await;
        let mut late = shop.entry(&format!("{first}-12-31"), &[("601.84", "1.00"), ("102.01", "-1.00")]).await;
        late["period13"] = json!(true);
        refuses(&shop, Method::POST, ENTRIES, late, 400, "cerrado").await;
        let rows: Value = shop.get("/pos/api/accounting/periods").await.expect(200)["data"].clone();
        let years = rows.as_array().unwrap().iter().filter(|row| row["month"] == json!(13));
        assert!(years.clone().count() == 2 && years.clone().all(|row| row["status"] == "closed"), "{rows:#}");
    }

    async fn a_key_closes_once(shop: Shop) {
        let today = shop.today().await;
        earned(&shop, &months_before(&today, 1), "5.00").await;
        let (year, month) = year_and_month(&months_before(&today, 1));
        let (next_year, next) = year_and_month(&today);
        let other = json!({"year": next_year, "month": next});
        idempotent(&shop, Method::POST, PATH, json!({"year": year, "month": month}), other).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(json!({"year": 2020, "month": 1}))).await;
    }
}
