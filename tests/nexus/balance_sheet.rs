use diario_tests::{
    Answer, Past, Shop, assert_shape, both_engines, csv_of, dec, guarded, money, plus_days, refuses_query,
    remembers,
};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

const PATH: &str = "/pos/api/accounting/balance-sheet";

/// The sheet of a query, whose groups are the sums of their accounts and whose totals are equal.
async fn sheet(shop: &Shop, query: &str) -> Answer {
    let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
    let side = |name: &str| -> Decimal {
        let groups = answer[name].as_array().unwrap();
        for group in groups {
            let children = group["children"].as_array().unwrap();
            let sum: Decimal = children.iter().map(|child| money(&child["amount"])).sum();
            assert_eq!(sum, money(&group["amount"]), "{group:#}");
            assert!(!children.is_empty() && group["name"].is_string(), "{group:#}");
        }
        groups.iter().map(|group| money(&group["amount"])).sum()
    };
    assert_eq!(side("assets"), answer.money("total_assets"));
    assert_eq!(side("liabilities") + side("equity"), answer.money("total_liabilities_equity"));
    assert_eq!(answer.money("total_assets"), answer.money("total_liabilities_equity"), "{:#}", *answer);
    answer
}

/// The amount of an account, or of the group itself.
fn amount(answer: &Answer, code: &str) -> Decimal {
    ["assets", "liabilities", "equity"]
        .iter()
        .flat_map(|side| answer[*side].as_array().unwrap())
        .flat_map(|group| group["children"].as_array().unwrap())
        .filter(|child| child["code"] == code)
        .map(|child| money(&child["amount"]))
        .sum()
}

both_engines! {
    async fn has_the_documented_shape_and_the_years_result(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let answer = sheet(&shop, "").await;
        let group = json!([{
            "code": "string", "name": "string", "amount": "number",
            "children": [{"code": "string", "name": "string", "amount": "number"}]
        }]);
        assert_shape(&answer, &json!({
            "date": shop.today().await, "assets": group, "liabilities": group, "equity": group,
            "total_assets": "number", "total_liabilities_equity": "number"
        }));
        for (code, expected) in
            [("101.01", "812"), ("115.01", "1200"), ("208.01", "112"), ("306.01", "1500"), ("305", "400")]
        {
            assert_eq!(amount(&answer, code), dec(expected), "{code} in {:#}", *answer);
        }
        assert_eq!(answer.money("total_assets"), dec("2012"));
        let codes: Vec<_> = answer["assets"].as_array().unwrap().iter().map(|group| &group["code"]).collect();
        assert_eq!(codes, ["101", "115"]);
        assert_eq!(answer["assets"][0]["name"], "Caja");
    }

    async fn is_of_the_end_of_its_day(shop: Shop) {
        let today = shop.today().await;
        let past = Past::of(&shop).await;
        past.pay(&shop, "500.00").await;
        let day = |days: i64| format!("date={}", plus_days(&today, -days));
        for (days, stock, owed) in
            [(121, "0", "0"), (120, "15000", "0"), (101, "15000", "0"), (100, "14850", "406"), (40, "14700", "812"),
             (1, "14700", "812"), (0, "14400", "312")]
        {
            let answer = sheet(&shop, &day(days)).await;
            assert_eq!(amount(&answer, "115.01"), dec(stock), "{days} days ago");
            assert_eq!(amount(&answer, "105.01"), dec(owed), "{days} days ago");
        }
        assert_eq!(sheet(&shop, "").await["date"], json!(today));
    }

    async fn a_loss_lowers_the_equity(shop: Shop) {
        let today = shop.today().await;
        shop.post_entry(&today, &[("102.01", "1000.00"), ("306.01", "-1000.00")]).await;
        shop.post_entry(&today, &[("601.84", "250.00"), ("102.01", "-250.00")]).await;
        let answer = sheet(&shop, "").await;
        assert_eq!(amount(&answer, "305"), dec("-250"));
        assert_eq!(answer.money("total_assets"), dec("750"));
    }

    async fn an_account_of_the_shops_own_is_in_its_group(shop: Shop) {
        shop.create_account("BBVA-1", "102.01").await;
        let today = shop.today().await;
        shop.post_entry(&today, &[("BBVA-1", "1000.00"), ("306.01", "-1000.00")]).await;
        let answer = sheet(&shop, "").await;
        assert_eq!(answer["assets"][0]["code"], "102");
        assert_eq!(amount(&answer, "BBVA-1"), dec("1000"));
    }

    async fn of_a_branch(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        assert_eq!(amount(&sheet(&shop, "").await, "115.01"), dec("1500"));
        assert_eq!(amount(&sheet(&shop, &format!("branch_id={}", shop.branch_id)).await, "115.01"), dec("900"));
        assert_eq!(amount(&sheet(&shop, &format!("branch_id={north}")).await, "115.01"), dec("600"));
    }

    async fn as_of_a_position_or_an_instant_it_is_what_it_was(shop: Shop) {
        let day = plus_days(&shop.today().await, -30);
        remembers(&shop, &format!("{PATH}?date={day}"), true).await;
    }

    async fn as_csv(shop: Shop) {
        shop.create_item("350.00", 10).await;
        let rows = csv_of(&shop, PATH, "section,code,name,amount", &["amount"]).await;
        let found: Vec<(&str, &str, &str)> =
            rows.iter().map(|row| (row[0].as_str(), row[1].as_str(), row[3].as_str())).collect();
        assert!(found.contains(&("assets", "115.01", "1500.00")), "{found:?}");
        assert!(found.contains(&("equity", "306.01", "1500.00")), "{found:?}");
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["date=x", "date=2026-02-30", "branch_id=x", "as_of=-5", "format=doc"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
