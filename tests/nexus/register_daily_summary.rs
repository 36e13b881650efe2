use diario_tests::{both_engines, dec, guarded, refuses_query};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/register/daily-summary";

both_engines! {
    async fn sums_all_registers_of_the_day_up(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let item = shop.create_item("350.00", 10).await;
        shop.sell_cash(register, item, "2", "350.00").await;
        let answer = shop.get(PATH).await.expect(200);
        assert!(answer.body.is_object(), "{}", answer.text());
        assert!(answer.text().contains("812"), "the day's sales are in it: {}", answer.text());
        let past = shop.get(&format!("{PATH}?date=2020-01-01")).await.expect(200);
        assert!(!past.text().contains("812"), "{}", past.text());
    }

    /// Whoever gave the money back, and whether a register was named: the day is the sum of its sales that stand.
    async fn a_cancelled_sale_leaves_its_day(shop: Shop) {
        let register = shop.open_register("1000.00").await;
        let item = shop.create_item("350.00", 100).await;
        let customer = shop.create_customer("10000.00").await;
        let sold = |mut body: Value, method: &str, register: Value| {
            body["payment_method"] = json!(method);
            body["register_id"] = register;
            body
        };
        let one = |quantity: &str| shop.sale(register, item, quantity, "350.00");
        let mut cancelled = Vec::new();
        for body in [
            one("1"), sold(one("2"), "tarjeta", json!(null)), sold(one("3"), "transferencia", json!(register)),
            shop.credit_sale(customer, item, "4", "350.00"),
        ] {
            shop.sell(body.clone()).await.expect(201);
            cancelled.push(shop.sell(body).await.expect(201).int("sale_id"));
        }
        let last = shop.sell(one("5")).await.expect(201).int("sale_id");
        let cancel = async |sale: i64| {
            let path = format!("/pos/api/sales/{sale}/cancel");
            shop.put(&path, json!({"reason": "Error"})).await.expect(200);
        };
        for sale in cancelled {
            cancel(sale).await;
        }
        let cut = json!({"register_id": register, "counted_amount": 3_436});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        shop.open_register("5000.00").await;
        cancel(last).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer.int("sales_count"), 4);
        for (field, amount) in [
            ("sales_cash", "406"), ("sales_card", "812"), ("sales_transfer", "1218"), ("sales_credit", "1624"),
            ("sales_store_credit", "0"), ("total_sales", "2436"),
        ] {
            assert_eq!(answer.money(field), dec(amount), "{field}");
        }
        let stats = shop.get("/pos/api/dashboard/stats").await.expect(200);
        assert_eq!(stats["today"]["sales_count"], json!(4));
    }

    async fn refuses_a_bad_date(shop: Shop) {
        refuses_query(&shop, PATH, &["date=ayer", "date=2026-02-30"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
