use diario_tests::{
    assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields, tax_of,
    without,
};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/sales";

both_engines! {
    async fn the_documented_sale(shop: Shop) {
        let register = shop.open_register("2000.00").await;
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let answer = shop.sell(shop.sale(register, item, "2", "350.00")).await;
        assert_shape(&answer, &json!({
            "sale_id": "int", "folio": "V-0001", "total": "number", "change": "number", "items_count": "int"
        }));
        assert_eq!(answer.money("total"), dec("812.00"));
        assert_eq!(answer.money("change"), dec("0"));
        assert_eq!(answer["items_count"], json!(1));
        shop.assert_moved(&before, &[
            ("101.01", "812"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        assert_eq!(shop.stock(item).await, dec("8"));
        let second = shop.sell(shop.sale(register, item, "1", "350.00")).await;
        assert_eq!(second["folio"], "V-0002");
    }

    async fn gives_change(shop: Shop) {
        let register = shop.open_register("100.00").await;
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["amount_paid"] = num("1000.00");
        let answer = shop.sell(body).await;
        assert_eq!(answer.money("change"), dec("188.00"));
        assert_eq!(shop.balances().await.of("101.01") - before.of("101.01"), dec("812.00"));
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("sales_cash"), dec("812.00"), "cash kept, not cash received");
        assert_eq!(cut.money("expected_cash"), dec("912.00"));
    }

    async fn price_and_tax_default_to_the_items(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let body = json!({
            "items": [{"inventory_id": item, "quantity": 2}],
            "payment_method": "efectivo", "sale_type": "cash", "register_id": register, "amount_paid": 812
        });
        assert_eq!(shop.sell(body).await.money("total"), dec("812.00"));
    }

    async fn the_customers_tier_gives_the_price(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item_with(json!({"price_2": 300, "price_3": 280})).await;
        for (tier, total) in [("mostrador", "406"), ("taller", "348"), ("mayoreo", "324.80")] {
            let customer = shop
                .post("/pos/api/customers", json!({"name": "Taller Perez", "price_tier": tier}))
                .await
                .expect(201)
                .int("id");
            let mut body = shop.sale(register, item, "1", "350.00");
            body["customer_id"] = json!(customer);
            body["items"][0].as_object_mut().unwrap().remove("unit_price");
            assert_eq!(shop.sell(body).await.money("total"), dec(total), "{tier}");
        }
    }

    async fn net_and_tax_are_rounded_by_line_half_away_from_zero(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let one = shop.create_item("0.03125", 100).await;
        let two = shop.create_item("10.005", 100).await;
        let mut body = shop.sale(register, one, "1", "0.03125");
        let mut total = dec("0");
        let mut lines = Vec::new();
        for (item, quantity, price) in
            [(one, "1", "0.03125"), (one, "3", "10.415"), (two, "1", "10.005"), (two, "0.333", "99.99")]
        {
            let (net, tax) = tax_of(quantity, price, "0", "0.16");
            total += net + tax;
            lines.push(json!({
                "inventory_id": item, "quantity": num(quantity), "unit_price": num(price), "discount_pct": 0,
                "tax_rate": num("0.16")
            }));
        }
        body["items"] = json!(lines);
        body["amount_paid"] = num("500.00");
        let answer = shop.sell(body).await;
        assert_eq!(answer.money("total"), total);
        assert_eq!(answer.money("change"), dec("500.00") - total);
        assert_eq!(answer["items_count"], json!(4));
        assert_eq!(shop.balances().await.of("101.01"), total);
    }

    async fn a_discount_lowers_the_net(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let mut body = shop.sale(register, item, "3", "350.00");
        body["items"][0]["discount_pct"] = num("12.5");
        body["amount_paid"] = num("2000");
        let (net, tax) = tax_of("3", "350.00", "12.5", "0.16");
        assert_eq!(shop.sell(body).await.money("total"), net + tax);
    }

    async fn a_rate_of_zero_has_no_tax(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item_with(json!({"tax_rate": 0})).await;
        let before = shop.balances().await;
        let mut body = shop.sale(register, item, "1", "350.00");
        body["items"][0]["tax_rate"] = json!(0);
        body["amount_paid"] = json!(350);
        assert_eq!(shop.sell(body).await.money("total"), dec("350"));
        shop.assert_moved(&before, &[
            ("101.01", "350"), ("401.02", "-350"), ("501.01", "150"), ("115.01", "-150"),
        ]).await;
    }

    async fn card_and_transfer_have_accounts_of_their_own(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        for (method, account) in [("tarjeta", "107.05"), ("transferencia", "102.01")] {
            let before = shop.balances().await;
            let mut body = shop.sale(register, item, "2", "350.00");
            body["payment_method"] = json!(method);
            shop.sell(body).await;
            shop.assert_moved(&before, &[
                (account, "812"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"),
                ("115.01", "-300"),
            ]).await;
        }
        let cut = shop.get("/pos/api/register/cut-x").await.expect(200);
        assert_eq!(cut.money("sales_card"), dec("812"));
        assert_eq!(cut.money("sales_transfer"), dec("812"));
        assert_eq!(cut.money("expected_cash"), dec("0"));
    }

    async fn a_card_sale_needs_no_register(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let mut body = without(&shop.sale(0, item, "2", "350.00"), "/register_id");
        body["payment_method"] = json!("tarjeta");
        shop.sell(body).await;
    }

    async fn several_tenders_are_one_entry(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["payment_method"] = json!("mixto");
        body["payment_details"] = json!([
            {"method": "efectivo", "amount": num("500.00")},
            {"method": "tarjeta", "amount": num("312.00"), "reference": "AUTH-12345"}
        ]);
        let answer = shop.sell(body).await;
        assert_eq!(answer.money("change"), dec("0"));
        shop.assert_moved(&before, &[
            ("101.01", "500"), ("107.05", "312"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"),
            ("115.01", "-300"),
        ]).await;
    }

    async fn only_the_cash_of_several_tenders_gives_change(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let before = shop.balances().await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["payment_method"] = json!("mixto");
        body["amount_paid"] = json!(912);
        body["payment_details"] = json!([
            {"method": "efectivo", "amount": num("600.00")}, {"method": "tarjeta", "amount": num("312.00")}
        ]);
        assert_eq!(shop.sell(body.clone()).await.money("change"), dec("100"));
        assert_eq!(shop.balances().await.of("101.01") - before.of("101.01"), dec("500"));
        body["payment_details"] = json!([
            {"method": "efectivo", "amount": num("12.00")}, {"method": "tarjeta", "amount": num("900.00")}
        ]);
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
    }

    async fn a_credit_sale_is_owed_and_its_tax_not_yet_collected(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let before = shop.balances().await;
        shop.sell_on_credit(customer, item, "2", "350.00").await;
        shop.assert_moved(&before, &[
            ("105.01", "812"), ("401.03", "-700"), ("209.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        let detail = shop.get(&format!("/pos/api/customers/{customer}")).await.expect(200);
        assert_eq!(detail.money("balance"), dec("812"));
    }

    async fn a_mixed_sale_is_part_paid_and_part_owed(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        let before = shop.balances().await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["sale_type"] = json!("mixed");
        body["customer_id"] = json!(customer);
        body["amount_paid"] = num("500.00");
        let answer = shop.sell(body).await;
        assert_eq!(answer.money("change"), dec("0"));
        let after = shop.balances().await;
        for (code, amount) in [
            ("101.01", "500"), ("105.01", "312"), ("208.01", "-68.97"), ("209.01", "-43.03"),
            ("501.01", "300"), ("115.01", "-300"),
        ] {
            assert_eq!(after.of(code) - before.of(code), dec(amount), "{code}");
        }
        let sales = |balances: &diario_tests::Balances| balances.of("401.02") + balances.of("401.03");
        assert_eq!(sales(&after) - sales(&before), dec("-700"));
    }

    async fn the_odd_centavo_of_tax_goes_to_the_last_tender(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("6.31", 10).await;
        let customer = shop.create_customer("50000.00").await;
        // Half of 7.32 is paid and half is owed: of 1.01 of tax that is half a centavo too much for both.
        let mut body = shop.sale(register, item, "1", "6.31");
        body["sale_type"] = json!("mixed");
        body["customer_id"] = json!(customer);
        body["amount_paid"] = num("3.66");
        let before = shop.balances().await;
        shop.sell(body).await;
        shop.assert_moved(&before, &[
            ("101.01", "3.66"), ("401.02", "-3.15"), ("208.01", "-0.51"), ("105.01", "3.66"), ("401.03", "-3.16"),
            ("209.01", "-0.50"), ("501.01", "150"), ("115.01", "-150"),
        ]).await;
        let paid = json!({"amount": num("3.66"), "payment_method": "transferencia"});
        let before = shop.balances().await;
        shop.post(&format!("/pos/api/customers/{customer}/payment"), paid).await.expect(201);
        shop.assert_moved(&before, &[
            ("102.01", "3.66"), ("105.01", "-3.66"), ("209.01", "0.50"), ("208.01", "-0.50"),
        ]).await;
    }

    async fn a_sale_up_to_the_last_unit_and_the_last_centavo_of_credit(shop: Shop) {
        let item = shop.create_item("350.00", 2).await;
        let customer = shop.create_customer("812.00").await;
        shop.sell_on_credit(customer, item, "2", "350.00").await;
        assert_eq!(shop.stock(item).await, dec("0"));
    }

    /// What is said in detail must be what is said on the whole, or the drawer is short at its cut.
    async fn the_details_of_one_means_are_of_that_means(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let mut body = shop.sale(register, item, "1", "350.00");
        body["payment_details"] = json!([{"method": "tarjeta", "amount": 406, "reference": "AUTH-1"}]);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "payment_details[0].method").await;
        body["payment_method"] = json!("tarjeta");
        let sale = shop.sell(body.clone()).await.expect(201).int("sale_id");
        let detail = shop.get(&format!("{PATH}/{sale}")).await.expect(200);
        assert_eq!(detail["payment_method"], "tarjeta");
        assert_eq!((detail["payments"][0]["reference"].clone(), detail.money("amount_paid")), (json!("AUTH-1"), dec("406")));
        body["amount_paid"] = json!(null);
        shop.sell(body.clone()).await.expect(201);
        body["payment_details"][0]["amount"] = json!(405);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "").await;
        body["payment_details"] = json!([{"method": "tarjeta", "amount": 0}]);
        body["payment_method"] = json!("efectivo");
        body["amount_paid"] = json!(500);
        assert_eq!(shop.sell(body.clone()).await.expect(201).money("change"), dec("94"));
        body["payment_details"] = json!([{"method": "efectivo", "amount": 406}]);
        assert_eq!(shop.sell(body.clone()).await.expect(201).money("change"), dec("94"));
        body["sale_type"] = json!("credit");
        body["amount_paid"] = json!(null);
        body["customer_id"] = json!(shop.create_customer("1000.00").await);
        refuses(&shop, Method::POST, PATH, body, 400, "amount_paid").await;
    }

    async fn store_credit_pays_a_sale(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer_with_credit("1000.00").await;
        let before = shop.balances().await;
        let body = json!({
            "items": [shop.line(item, "2", "350.00")], "customer_id": customer,
            "payment_method": "saldo_a_favor", "sale_type": "cash"
        });
        let answer = shop.sell(body.clone()).await;
        assert_eq!(answer.money("total"), dec("812"));
        assert_eq!(answer.money("change"), dec("0"));
        shop.assert_moved(&before, &[
            ("206.05", "812"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"), ("115.01", "-300"),
        ]).await;
        assert_eq!(shop.store_credit(customer).await, dec("188"));
        let detail = shop.get(&format!("/pos/api/sales/{}", answer.int("sale_id"))).await.expect(200);
        assert_eq!(detail["payment_method"], "saldo_a_favor");
        assert_eq!(detail["payments"][0]["method"], "saldo_a_favor");
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        assert_eq!(shop.store_credit(customer).await, dec("188"));
    }

    async fn store_credit_pays_a_part(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer_with_credit("300.00").await;
        let before = shop.balances().await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["customer_id"] = json!(customer);
        body["payment_method"] = json!("mixto");
        body["payment_details"] = json!([
            {"method": "saldo_a_favor", "amount": num("300.00")}, {"method": "efectivo", "amount": num("512.00")}
        ]);
        let answer = shop.sell(body.clone()).await;
        shop.assert_moved(&before, &[
            ("206.05", "300"), ("101.01", "512"), ("401.02", "-700"), ("208.01", "-112"), ("501.01", "300"),
            ("115.01", "-300"),
        ]).await;
        assert_eq!(shop.store_credit(customer).await, dec("0"));
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        let before = shop.balances().await;
        let path = format!("{PATH}/{}/cancel", answer.int("sale_id"));
        shop.put(&path, json!({"reason": "Error"})).await.expect(200);
        shop.assert_moved(&before, &[
            ("206.05", "-300"), ("101.01", "-512"), ("401.02", "700"), ("208.01", "112"),
            ("501.01", "-300"), ("115.01", "300"),
        ]).await;
        assert_eq!(shop.store_credit(customer).await, dec("300"));
    }

    async fn store_credit_is_spent_twice_in_one_sale_only_as_far_as_it_goes(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer_with_credit("500.00").await;
        let body = json!({
            "items": [shop.line(item, "2", "350.00")], "customer_id": customer, "payment_method": "mixto",
            "sale_type": "cash", "payment_details": [
                {"method": "saldo_a_favor", "amount": 406}, {"method": "saldo_a_favor", "amount": 406}
            ]
        });
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        assert_eq!(shop.store_credit(customer).await, dec("500"));
    }

    async fn store_credit_gives_no_change(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer_with_credit("1000.00").await;
        let body = json!({
            "items": [shop.line(item, "2", "350.00")], "customer_id": customer,
            "payment_method": "saldo_a_favor", "sale_type": "cash", "amount_paid": 1000
        });
        refuses(&shop, Method::POST, PATH, body, 400, "amount_paid").await;
    }

    async fn store_credit_is_a_customers(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let poor = shop.create_customer("0.00").await;
        let line = shop.line(item, "1", "350.00");
        let one = json!({"items": [line], "payment_method": "saldo_a_favor", "sale_type": "cash"});
        refuses(&shop, Method::POST, PATH, one.clone(), 400, "customer_id").await;
        let part = json!({
            "items": [line], "payment_method": "mixto", "sale_type": "cash",
            "payment_details": [{"method": "saldo_a_favor", "amount": 6}, {"method": "tarjeta", "amount": 400}]
        });
        refuses(&shop, Method::POST, PATH, part.clone(), 400, "customer_id").await;
        for mut body in [one, part] {
            body["customer_id"] = json!(poor);
            refuses(&shop, Method::POST, PATH, body, 400, "").await;
        }
    }

    async fn what_is_set_aside_is_not_sold(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("0.00").await;
        shop.set_aside(customer, item, "9", "350.00", "0.00").await;
        refuses(&shop, Method::POST, PATH, shop.sale(register, item, "2", "350.00"), 400, "").await;
        shop.sell_cash(register, item, "1", "350.00").await;
        assert_eq!(shop.available(item).await, dec("0"));
    }

    async fn goods_of_another_branch_are_not_sold_here(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item("350.00", 10).await;
        let cashier = shop.hire_with("cashier", json!({"branch_id": north})).await;
        let register = cashier.open_register("0.00").await;
        let body = shop.sale(register, item, "1", "350.00");
        refuses(&cashier, Method::POST, PATH, body, 400, "").await;
    }

    async fn a_discount_needs_the_permission_and_stays_in_the_employees_limit(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        let cashier = shop.hire("cashier").await;
        let mut body = json!({
            "items": [shop.line(item, "1", "100.00")], "payment_method": "tarjeta", "sale_type": "cash"
        });
        cashier.sell(body.clone()).await;
        body["items"][0]["discount_pct"] = num("0.01");
        refuses(&cashier, Method::POST, PATH, body.clone(), 403, "").await;
        body["items"][0]["discount_pct"] = json!(0);
        body["items"][0]["unit_price"] = num("99.99");
        refuses(&cashier, Method::POST, PATH, body.clone(), 403, "").await;
        body["items"][0]["unit_price"] = num("120.00");
        cashier.sell(body).await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let good = shop.sale(register, item, "2", "350.00");
        let required = ["/items", "/items/0/inventory_id", "/items/0/quantity", "/amount_paid", "/register_id"];
        refuses_fields(&shop, Method::POST, PATH, &good, &required, &[
            ("/items", json!([])),
            ("/items", json!("todo")),
            ("/items", json!(null)),
            ("/items/0", json!("una")),
            ("/items/0/inventory_id", json!("uno")),
            ("/items/0/inventory_id", num("99999999999999999999999")),
            ("/items/0/quantity", json!(0)),
            ("/items/0/quantity", json!(-2)),
            ("/items/0/quantity", json!("dos")),
            ("/items/0/quantity", json!(null)),
            ("/items/0/quantity", num("1e25")),
            ("/items/0/quantity", num("0.00000001")),
            ("/items/0/unit_price", json!(-1)),
            ("/items/0/unit_price", json!("x")),
            ("/items/0/unit_price", num("1e25")),
            ("/items/0/discount_pct", json!(-1)),
            ("/items/0/discount_pct", json!(101)),
            ("/items/0/discount_pct", json!("x")),
            ("/items/0/tax_rate", json!(-1)),
            ("/items/0/tax_rate", json!(16)),
            ("/items/0/tax_rate", json!("x")),
            ("/customer_id", json!("Juan")),
            ("/payment_method", json!("oro")),
            ("/payment_method", json!(1)),
            ("/sale_type", json!("regalo")),
            ("/sale_type", json!(1)),
            ("/register_id", json!("uno")),
            ("/amount_paid", json!(-1)),
            ("/amount_paid", json!("x")),
            ("/amount_paid", num("1e30")),
            ("/payment_details", json!("x")),
            ("/notes", json!(5)),
            ("/notes", long_text()),
        ]).await;
    }

    async fn refuses_an_amount_with_thousandths(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["amount_paid"] = num("812.001");
        refuses(&shop, Method::POST, PATH, body, 400, "amount_paid").await;
    }

    async fn refuses_bad_tenders(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["payment_method"] = json!("mixto");
        for details in [
            json!([]),
            json!([{"method": "efectivo", "amount": 500}]),
            json!([{"method": "oro", "amount": 812}]),
            json!([{"method": "efectivo", "amount": -1}, {"method": "tarjeta", "amount": 813}]),
            json!([{"method": "efectivo"}]),
            json!([{"amount": 812}]),
            json!([{"method": "tarjeta", "amount": 900}]),
        ] {
            body["payment_details"] = details;
            refuses(&shop, Method::POST, PATH, body.clone(), 400, "").await;
        }
    }

    async fn refuses_an_unknown_or_foreign_item(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let other = shop.neighbour().await;
        let foreign = other.create_item("350.00", 10).await;
        for id in [foreign, 999_999] {
            let body = shop.sale(register, id, "1", "350.00");
            refuses(&shop, Method::POST, PATH, body, [400, 404], "").await;
        }
        assert_eq!(other.stock(foreign).await, dec("10"));
    }

    async fn refuses_too_little_stock(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 2).await;
        refuses(&shop, Method::POST, PATH, shop.sale(register, item, "3", "350.00"), 400, "").await;
        let mut twice = shop.sale(register, item, "2", "350.00");
        let line = twice["items"][0].clone();
        twice["items"].as_array_mut().unwrap().push(line);
        twice["amount_paid"] = json!(1624);
        refuses(&shop, Method::POST, PATH, twice, 400, "").await;
        assert_eq!(shop.stock(item).await, dec("2"));
    }

    async fn a_line_without_stock_refuses_the_whole_sale(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let empty = shop.create_item("350.00", 0).await;
        let mut body = shop.sale(register, item, "1", "350.00");
        let mut line = body["items"][0].clone();
        line["inventory_id"] = json!(empty);
        body["items"].as_array_mut().unwrap().push(line);
        body["amount_paid"] = json!(812);
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        assert_eq!(shop.stock(item).await, dec("10"));
    }

    async fn refuses_underpaid_cash(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let mut body = shop.sale(register, item, "2", "350.00");
        body["amount_paid"] = num("811.99");
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
    }

    async fn refuses_a_closed_unknown_or_foreign_register(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let closed = shop.open_register("0.00").await;
        let cut = json!({"register_id": closed, "counted_amount": 0});
        shop.post("/pos/api/register/cut-z", cut).await.expect(200);
        refuses(&shop, Method::POST, PATH, shop.sale(closed, item, "1", "350.00"), 400, "").await;
        let other = shop.neighbour().await;
        let mut foreign = 0;
        for _ in 0..3 {
            foreign = other.open_register("0.00").await;
            let cut = json!({"register_id": foreign, "counted_amount": 0});
            other.post("/pos/api/register/cut-z", cut).await.expect(200);
        }
        foreign = foreign.max(other.open_register("0.00").await);
        for register in [foreign, 999_999] {
            let body = shop.sale(register, item, "1", "350.00");
            refuses(&shop, Method::POST, PATH, body, [400, 404], "").await;
        }
    }

    async fn refuses_credit_without_a_customer(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let mut body = shop.credit_sale(1, item, "1", "350.00");
        body["customer_id"] = json!(null);
        refuses(&shop, Method::POST, PATH, body.clone(), 400, "customer_id").await;
        body["customer_id"] = json!(999_999);
        refuses(&shop, Method::POST, PATH, body, [400, 404], "").await;
    }

    async fn refuses_more_than_the_credit_limit(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("1000.00").await;
        shop.sell_on_credit(customer, item, "2", "350.00").await;
        let body = shop.credit_sale(customer, item, "1", "350.00");
        refuses(&shop, Method::POST, PATH, body, 400, "").await;
        let none = shop.create_customer("0.00").await;
        refuses(&shop, Method::POST, PATH, shop.credit_sale(none, item, "1", "350.00"), 400, "").await;
    }

    /// Units are summed up by item and day in 64 bits.
    async fn refuses_more_units_than_a_line_may_have_in_several(shop: Shop) {
        let service = shop.create_item_with(json!({"kind": "service", "price_1": 0, "initial_stock": 0})).await;
        let lines = |quantities: [i64; 2]| {
            let lines = quantities.map(|quantity| json!({"inventory_id": service, "quantity": quantity}));
            json!({"items": lines, "payment_method": "tarjeta", "sale_type": "cash"})
        };
        refuses(&shop, Method::POST, PATH, lines([100_000_000, 1]), 400, "quantity").await;
        shop.sell(lines([99_999_999, 1])).await.expect(201);
    }

    /// A line may be sold for a centavo and still cost any amount: the cost is bound as any document's amount is.
    async fn refuses_goods_that_cost_more_than_a_document(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let fields = json!({"cost": 100_000_000, "price_1": 1, "initial_stock": 1_000});
        let item = shop.create_item_with(fields).await;
        let more = json!({"inventory_id": item, "quantity": 1_000, "reason": "sobrante"});
        shop.post("/pos/api/inventory/adjustment", more).await.expect(201);
        let body = shop.sale(register, item, "1000.01", "0.01");
        refuses(&shop, Method::POST, PATH, body, 400, "demasiado grande").await;
        shop.sell(shop.sale(register, item, "1000", "0.01")).await.expect(201);
        shop.assert_books_tie().await;
    }

    async fn a_key_sells_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 10).await;
        let body = shop.sale(register, item, "2", "350.00");
        let other = shop.sale(register, item, "3", "350.00");
        idempotent(&shop, Method::POST, PATH, body, other).await;
        assert_eq!(shop.stock(item).await, dec("8"));
        assert_eq!(shop.all("/pos/api/sales").await.len(), 1);
    }

    async fn keys_of_two_tenants_do_not_meet(shop: Shop) {
        let other = shop.neighbour().await;
        for shop in [&shop, &other] {
            let register = shop.open_register("0.00").await;
            let item = shop.create_item("350.00", 10).await;
            let body = shop.sale(register, item, "1", "350.00");
            let key = [("idempotency-key", "la-misma")];
            let answer = shop.keyed(Method::POST, PATH, Some(&body), &key).await.expect(201);
            assert_eq!(answer.header("idempotent-replayed"), None);
        }
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(shop.sale(1, 1, "1", "350.00"))).await;
    }
}
