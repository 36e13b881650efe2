use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, int, long_text, missing_ids, money, num,
    refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/quotations";

fn path(quotation: i64) -> String {
    format!("{PATH}/{quotation}/convert")
}

fn sample(register: i64) -> Value {
    json!({"payment_method": "efectivo", "register_id": register, "amount_paid": num("812.00")})
}

fn by_card() -> Value {
    json!({"payment_method": "tarjeta"})
}

/// An open register, an item of ten pieces, and a quotation of two for 812.00.
async fn quoted(shop: &Shop) -> (i64, i64, i64) {
    let register = shop.open_register("0.00").await;
    let item = shop.create_item("350.00", 10).await;
    (register, item, shop.quote(item, "2", "350.00").await)
}

both_engines! {
    async fn becomes_the_sale_that_it_quoted(shop: Shop) {
        let (register, item, quotation) = quoted(&shop).await;
        let before = shop.balances().await;
        let mut body = sample(register);
        body["amount_paid"] = json!(1000);
        let answer = shop.post(&path(quotation), body).await.expect(201);
        assert_shape(&answer, &json!({
            "sale_id": "int", "folio": "V-0001", "total": "number", "change": "number", "items_count": 1,
            "quotation_id": quotation
        }));
        assert_eq!(answer.money("total"), dec("812"));
        assert_eq!(answer.money("change"), dec("188"));
        shop.assert_moved(&before, &[
            ("101.01", "812"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        assert_eq!(shop.stock(item).await, dec("8"));
        let detail = shop.get(&format!("{PATH}/{quotation}")).await.expect(200);
        assert_eq!(detail["status"], "converted");
        assert_eq!(detail["sale_id"], answer["sale_id"]);
        let sale = shop.get(&format!("/pos/api/sales/{}", answer.int("sale_id"))).await.expect(200);
        assert_eq!(sale["folio"], "V-0001");
        assert_eq!(money(&sale["items"][0]["unit_price"]), dec("350"));
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("sales_cash"), dec("812"));
    }

    async fn the_prices_are_those_that_were_quoted(shop: Shop) {
        let (_, item, quotation) = quoted(&shop).await;
        let body = json!({"price_1": num("999.00"), "tax_rate": 0});
        shop.put(&format!("/pos/api/inventory/items/{item}"), body).await.expect(200);
        let answer = shop.post(&path(quotation), by_card()).await.expect(201);
        assert_eq!(answer.money("total"), dec("812"));
    }

    async fn is_sold_on_credit_to_its_customer(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let body = json!({"items": [shop.line(item, "2", "350.00")], "customer_id": customer});
        let quotation = shop.post(PATH, body).await.expect(201).int("quotation_id");
        let before = shop.balances().await;
        let body = json!({"payment_method": "efectivo", "sale_type": "credit"});
        shop.post(&path(quotation), body).await.expect(201);
        shop.assert_moved(&before, &[
            ("105.01", "812"), ("401.03", "-700"), ("209.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
    }

    async fn takes_a_customer_where_it_had_none(shop: Shop) {
        let (_, _, quotation) = quoted(&shop).await;
        let customer = shop.create_customer("0.00").await;
        let mut body = by_card();
        body["customer_id"] = json!(customer);
        let sale = shop.post(&path(quotation), body).await.expect(201).int("sale_id");
        let detail = shop.get(&format!("/pos/api/sales/{sale}")).await.expect(200);
        assert_eq!(detail["customer"]["id"], json!(customer));
    }

    async fn refuses_another_customer(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let other = shop.create_customer("0.00").await;
        let body = json!({"items": [shop.line(item, "2", "350.00")], "customer_id": customer});
        let quotation = shop.post(PATH, body).await.expect(201).int("quotation_id");
        for id in [other, 999_999] {
            let mut body = by_card();
            body["customer_id"] = json!(id);
            refuses(&shop, Method::POST, &path(quotation), body, 400, "customer_id").await;
        }
        let mut body = by_card();
        body["customer_id"] = json!(customer);
        shop.post(&path(quotation), body).await.expect(201);
    }

    async fn items_when_sent_must_be_the_quotations(shop: Shop) {
        let (_, item, quotation) = quoted(&shop).await;
        let another = shop.create_item("350.00", 10).await;
        let line = |item: i64, quantity: i64| json!({"inventory_id": item, "quantity": quantity});
        for items in [
            json!([line(item, 3)]),
            json!([line(another, 2)]),
            json!([line(item, 2), line(another, 1)]),
            json!([]),
        ] {
            let mut body = by_card();
            body["items"] = items;
            refuses(&shop, Method::POST, &path(quotation), body, 400, "items").await;
        }
        let mut body = by_card();
        body["items"] = json!([line(item, 2)]);
        shop.post(&path(quotation), body).await.expect(201);
    }

    async fn is_converted_once(shop: Shop) {
        let (_, item, quotation) = quoted(&shop).await;
        shop.post(&path(quotation), by_card()).await.expect(201);
        refuses(&shop, Method::POST, &path(quotation), by_card(), 400, "").await;
        assert_eq!(shop.stock(item).await, dec("8"));
        assert_eq!(shop.all("/pos/api/sales").await.len(), 1);
    }

    async fn refuses_one_that_is_cancelled(shop: Shop) {
        let (_, _, quotation) = quoted(&shop).await;
        shop.put(&format!("{PATH}/{quotation}/cancel"), json!({})).await.expect(200);
        refuses(&shop, Method::POST, &path(quotation), by_card(), 400, "").await;
    }

    async fn is_valid_through_its_last_day_and_no_longer(shop: Shop) {
        let (_, item, _) = quoted(&shop).await;
        let quote = |days: i64| json!({"items": [shop.line(item, "1", "350.00")], "valid_days": days});
        let old = shop.days_ago(10, "quotations_create", json!({}), quote(9)).await;
        let old = int(&old["quotation_id"]);
        refuses(&shop, Method::POST, &path(old), by_card(), 400, "").await;
        let detail = shop.get(&format!("{PATH}/{old}")).await.expect(200);
        assert_eq!(detail["status"], "expired");
        let last_day = shop.days_ago(10, "quotations_create", json!({}), quote(10)).await;
        shop.post(&path(int(&last_day["quotation_id"])), by_card()).await.expect(201);
    }

    async fn refuses_too_little_stock(shop: Shop) {
        let (_, item, _) = quoted(&shop).await;
        let quotation = shop.quote(item, "11", "350.00").await;
        refuses(&shop, Method::POST, &path(quotation), by_card(), 400, "").await;
        let detail = shop.get(&format!("{PATH}/{quotation}")).await.expect(200);
        assert_eq!(detail["status"], "active");
    }

    async fn payment_is_held_to_the_rules_of_a_sale(shop: Shop) {
        let (register, _, quotation) = quoted(&shop).await;
        let mut body = sample(register);
        body["amount_paid"] = num("811.99");
        refuses(&shop, Method::POST, &path(quotation), body, 400, "amount_paid").await;
        let mut body = sample(999_999);
        refuses(&shop, Method::POST, &path(quotation), body.clone(), 400, "register_id").await;
        body["sale_type"] = json!("credit");
        body["amount_paid"] = json!(0);
        refuses(&shop, Method::POST, &path(quotation), body, 400, "customer_id").await;
        let mixed = json!({
            "payment_method": "mixto", "register_id": register, "payment_details": [
                {"method": "efectivo", "amount": 500},
                {"method": "tarjeta", "amount": 312, "reference": "AUTH-12345"}
            ]
        });
        shop.post(&path(quotation), mixed).await.expect(201);
    }

    async fn refuses_bad_fields(shop: Shop) {
        let (register, _, quotation) = quoted(&shop).await;
        let required = ["/payment_method", "/register_id", "/amount_paid"];
        refuses_fields(&shop, Method::POST, &path(quotation), &sample(register), &required, &[
            ("/payment_method", json!("oro")),
            ("/payment_method", json!(1)),
            ("/payment_method", json!(null)),
            ("/sale_type", json!("fiado")),
            ("/sale_type", json!(1)),
            ("/register_id", json!("uno")),
            ("/register_id", json!(-1)),
            ("/amount_paid", json!(-812)),
            ("/amount_paid", json!("mucho")),
            ("/amount_paid", num("1e30")),
            ("/amount_paid", num("812.001")),
            ("/payment_details", json!("tarjeta")),
            ("/customer_id", json!("Perez")),
            ("/notes", json!(5)),
            ("/notes", long_text()),
            ("/items", json!("todo")),
        ]).await;
    }

    async fn a_foreign_or_unknown_quotation_is_404(shop: Shop) {
        let other = shop.neighbour().await;
        let (_, item, foreign) = quoted(&other).await;
        missing_ids(&shop, Method::POST, |id: &str| format!("{PATH}/{id}/convert"), foreign, Some(by_card())).await;
        assert_eq!(other.stock(item).await, dec("10"));
    }

    async fn a_key_converts_once(shop: Shop) {
        let (register, item, quotation) = quoted(&shop).await;
        idempotent(&shop, Method::POST, &path(quotation), sample(register), by_card()).await;
        assert_eq!(shop.stock(item).await, dec("8"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, &path(1), Some(by_card())).await;
    }
}
