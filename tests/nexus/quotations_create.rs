use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, money, num, plus_days, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/quotations";

fn sample(shop: &Shop, customer: i64, item: i64) -> Value {
    json!({
        "items": [shop.line(item, "2", "350.00")], "customer_id": customer,
        "notes": "Cotizacion para taller Perez", "valid_days": 15
    })
}

both_engines! {
    async fn the_documented_quotation(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let before = shop.balances().await;
        let answer = shop.post(PATH, sample(&shop, customer, item)).await.expect(201);
        assert_shape(&answer, &json!({
            "quotation_id": "int", "folio": "C-0001", "total": "number", "valid_until": "date",
            "items_count": 1
        }));
        assert_eq!(answer.money("total"), dec("812"));
        assert_eq!(answer["valid_until"], json!(plus_days(&shop.today().await, 15)));
        shop.assert_moved(&before, &[]).await;
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
        let second = shop.post(PATH, sample(&shop, customer, item)).await.expect(201);
        assert_eq!(second["folio"], "C-0002");
        assert_eq!(shop.all("/pos/api/sales").await.len(), 0);
    }

    async fn needs_no_customer_and_has_defaults(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let body = json!({"items": [{"inventory_id": item, "quantity": 2}]});
        let answer = shop.post(PATH, body).await.expect(201);
        assert_eq!(answer.money("total"), dec("812"));
        assert_eq!(answer["valid_until"], json!(plus_days(&shop.today().await, 15)));
    }

    async fn is_valid_for_as_long_as_it_says(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let today = shop.today().await;
        for days in [1, 30, 365] {
            let body = json!({"items": [shop.line(item, "1", "350.00")], "valid_days": days});
            let answer = shop.post(PATH, body).await.expect(201);
            assert_eq!(answer["valid_until"], json!(plus_days(&today, days)));
        }
    }

    async fn the_customers_tier_gives_the_price(shop: Shop) {
        let item = shop.create_item_with(json!({"price_2": 300})).await;
        let customer = json!({"name": "Taller Perez", "price_tier": "taller"});
        let customer = shop.post("/pos/api/customers", customer).await.expect(201).int("id");
        let body = json!({"items": [{"inventory_id": item, "quantity": 1}], "customer_id": customer});
        assert_eq!(shop.post(PATH, body).await.expect(201).money("total"), dec("348"));
    }

    async fn stock_is_not_looked_at(shop: Shop) {
        let item = shop.create_item("350.00", 1).await;
        let body = json!({"items": [shop.line(item, "500", "350.00")]});
        let answer = shop.post(PATH, body).await.expect(201);
        assert_eq!(answer.money("total"), dec("203000"));
    }

    async fn lines_are_rounded_as_those_of_a_sale(shop: Shop) {
        let item = shop.create_item("10.00", 10).await;
        let mut total = dec("0");
        let mut lines = Vec::new();
        for (quantity, price) in [("3", "10.415"), ("0.333", "99.99"), ("1", "0.03125")] {
            let (net, tax) = diario_tests::tax_of(quantity, price, "0", "0.16");
            total += net + tax;
            lines.push(shop.line(item, quantity, price));
        }
        let answer = shop.post(PATH, json!({"items": lines})).await.expect(201);
        assert_eq!(answer.money("total"), total);
        assert_eq!(answer["items_count"], json!(3));
    }

    async fn discounts_are_guarded_as_in_a_sale(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        let cashier = shop.hire_with("cashier", json!({"max_discount_pct": 10})).await;
        let mut body = json!({"items": [shop.line(item, "1", "100.00")]});
        body["items"][0]["discount_pct"] = json!(10);
        let quoted = cashier.post(PATH, body.clone()).await.expect(201);
        assert_eq!(money(&quoted["total"]), dec("104.40"));
        body["items"][0]["discount_pct"] = json!(11);
        refuses(&cashier, Method::POST, PATH, body.clone(), 403, "").await;
        body["items"][0]["discount_pct"] = json!(0);
        body["items"][0]["unit_price"] = num("80.00");
        refuses(&cashier, Method::POST, PATH, body, 403, "").await;
    }

    async fn refuses_unknown_and_foreign_items_and_customers(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let other = shop.neighbour().await;
        other.create_item("1.00", 1).await;
        other.create_customer("0.00").await;
        let (foreign_item, foreign) = (other.create_item("1.00", 1).await, other.create_customer("0.00").await);
        for id in [foreign_item, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(&shop, customer, id), 400, "inventory_id").await;
        }
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, sample(&shop, id, item), 400, "customer_id").await;
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        let good = sample(&shop, customer, item);
        let required = ["/items", "/items/0/inventory_id", "/items/0/quantity"];
        refuses_fields(&shop, Method::POST, PATH, &good, &required, &[
            ("/items", json!([])),
            ("/items", json!("todo")),
            ("/items", json!(null)),
            ("/items/0", json!(1)),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/quantity", json!(0)),
            ("/items/0/quantity", json!(-2)),
            ("/items/0/quantity", json!("dos")),
            ("/items/0/quantity", num("1e25")),
            ("/items/0/unit_price", json!(-1)),
            ("/items/0/unit_price", json!("gratis")),
            ("/items/0/discount_pct", json!(-1)),
            ("/items/0/discount_pct", json!(101)),
            ("/items/0/tax_rate", json!(16)),
            ("/items/0/tax_rate", json!(-1)),
            ("/customer_id", json!("Perez")),
            ("/customer_id", json!(-1)),
            ("/notes", json!(5)),
            ("/notes", long_text()),
            ("/valid_days", json!(0)),
            ("/valid_days", json!(-1)),
            ("/valid_days", json!(366)),
            ("/valid_days", json!("quince")),
            ("/valid_days", num("1.5")),
            ("/valid_days", num("99999999999999999999")),
        ]).await;
    }

    async fn a_key_quotes_once(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let body = json!({"items": [shop.line(item, "1", "350.00")]});
        let other = json!({"items": [shop.line(item, "2", "350.00")]});
        idempotent(&shop, Method::POST, PATH, body, other).await;
        assert_eq!(shop.all(PATH).await.len(), 1);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(&shop, 1, 1))).await;
    }
}
