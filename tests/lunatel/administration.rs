//! What the shop says of companies' orders, on our own surface.

use diario_tests::{Answer, Shop, assert_shape, both_engines, dec, int, money, num};
use reqwest::Method;
use serde_json::{Value, json};

use crate::company::{Company, failed};

const ORDERING: &str = "/admin/v1/ordering";
const ORDERS: &str = "/admin/v1/orders";

#[track_caller]
fn problem(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
}

async fn confirmed_by_hand(shop: &Shop) {
    shop.put(ORDERING, json!({"auto_confirm": false})).await.expect(200);
}

both_engines! {
    async fn an_order_waits_where_the_shop_confirms(shop: Shop) {
        confirmed_by_hand(&shop).await;
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("100.00", 5).await;
        let before = shop.balances().await;
        let number = company.order(item, "3").await.expect(200).int("orderNo");
        assert_eq!((shop.stock(item).await, shop.available(item).await), (dec("5"), dec("2")));
        assert_eq!(shop.balances().await, before, "an order that waits is no sale");
        failed(&company.order(item, "3").await, 422, "2");

        let listed = shop.get(&format!("{ORDERS}?status=placed")).await.expect(200);
        assert_shape(&listed["data"][0], &json!({
            "id": number, "folio": "P-0001", "customer_id": company.customer, "status": "placed", "total": "number",
            "items": [{"item_id": item, "quantity": "number", "unit_price": "number"}]
        }));
        // A price that changes meanwhile is not that of the order.
        shop.put(&format!("/pos/api/inventory/items/{item}"), json!({"price_1": num("500.00")})).await.expect(200);
        let confirmed = shop.post(&format!("{ORDERS}/{number}/confirm"), json!({})).await.expect(200);
        assert_eq!((shop.stock(item).await, shop.available(item).await), (dec("2"), dec("2")));
        let sale = shop.get(&format!("/pos/api/sales/{}", confirmed.int("sale_id"))).await.expect(200);
        assert_eq!(money(&sale["items"][0]["unit_price"]), dec("100.00"));
        assert_eq!(sale["origin"], json!({"type": "order", "id": number}));
        problem(&shop.post(&format!("{ORDERS}/{number}/confirm"), json!({})).await, 422);
        problem(&shop.post(&format!("{ORDERS}/{number}/cancel"), json!({})).await, 422);
    }

    async fn an_order_that_is_given_up_frees_its_goods(shop: Shop) {
        confirmed_by_hand(&shop).await;
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("100.00", 5).await;
        let number = company.order(item, "5").await.expect(200).int("orderNo");
        assert_eq!(shop.available(item).await, dec("0"));
        shop.post(&format!("{ORDERS}/{number}/cancel"), json!({"reason": "Sin existencias"})).await.expect(200);
        assert_eq!(shop.available(item).await, dec("5"));
        problem(&shop.post(&format!("{ORDERS}/{number}/confirm"), json!({})).await, 422);
        let history = company.call("/v1/OrderHistory/getOrderHistory", json!({})).await.expect(200);
        assert_eq!(history["orders"][0]["orderStatus"], "cancelled");
        company.order(item, "5").await.expect(200);
    }

    async fn what_waits_is_within_the_companys_limit_when_it_is_confirmed(shop: Shop) {
        confirmed_by_hand(&shop).await;
        shop.put(ORDERING, json!({"credit_limit": num("150.00"), "price_tier": "taller", "credit_days": 7})).await.expect(200);
        let company = Company::new(&shop, "ege").await;
        let item = shop
            .create_item_with(json!({"name": "Kılıf", "price_1": num("100.00"), "price_2": num("60.00"), "tax_rate": 0, "initial_stock": 9}))
            .await;
        failed(&company.order(item, "3").await, 422, "150.00");
        let numbers = [company.order(item, "2").await.expect(200), company.order(item, "2").await.expect(200)];
        shop.post(&format!("{ORDERS}/{}/confirm", numbers[0].int("orderNo")), json!({})).await.expect(200);
        problem(&shop.post(&format!("{ORDERS}/{}/confirm", numbers[1].int("orderNo")), json!({})).await, 422);
    }

    async fn another_branch_may_fill_the_orders(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        shop.put(ORDERING, json!({"branch_id": north})).await.expect(200);
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("10.00", 5).await;
        failed(&company.order(item, "1").await, 422, "stok");
        shop.transfer(shop.branch_id, north, item, "2", "immediate").await;
        company.order(item, "2").await.expect(200);
        shop.assert_held(item, north, ["0", "0", "0", "0"]).await;
    }

    async fn wrong_terms_are_named_and_change_nothing(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("10.00", 5).await;
        let price = format!("/admin/v1/customers/{}/prices/{item}", company.customer);
        let ordering = format!("/admin/v1/items/{item}/ordering");
        let before = shop.events().await;
        for (path, field, value) in [
            (ORDERING, "auto_confirm", json!("no")), (ORDERING, "branch_id", json!(99)),
            (ORDERING, "price_tier", json!("vip")), (ORDERING, "credit_limit", json!(-1)),
            (ORDERING, "credit_days", json!(-1)), (&price, "price", json!(-1)), (&price, "price", json!("1")),
            (&price, "prices", json!(1)), (&ordering, "order_min", json!(0)), (&ordering, "order_max", json!(-5)),
            (&ordering, "fractional", json!(1)),
        ] {
            let answer = shop.put(path, json!({field: value})).await;
            assert!([400, 422].contains(&answer.status), "{path} {field}: {}", answer.text());
            problem(&answer, answer.status);
        }
        problem(&shop.put(&price, json!({"price": 1, "discount_pct": 101})).await, 422);
        problem(&shop.put(&ordering, json!({"order_min": 9, "order_max": 5})).await, 422);
        problem(&shop.get(&format!("{ORDERS}?status=lost")).await, 400);
        assert_eq!(shop.events().await, before);
        let shown = shop.put(&ordering, json!({"order_min": 2, "order_max": null})).await.expect(200);
        assert_eq!(shop.get(&ordering).await.expect(200).body, shown.body);
        assert_eq!(shop.get(ORDERING).await.expect(200)["auto_confirm"], true);
        shop.put(&price, json!({"price": num("9.50")})).await.expect(200);
        let prices = shop.get(&format!("/admin/v1/customers/{}/prices", company.customer)).await.expect(200);
        assert_eq!(int(&prices["data"][0]["item_id"]), item);
        assert_eq!(money(&prices["data"][0]["price"]), dec("9.50"));
    }

    async fn permissions_and_other_shops(shop: Shop) {
        confirmed_by_hand(&shop).await;
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("10.00", 5).await;
        let number = company.order(item, "1").await.expect(200).int("orderNo");
        let cashier = shop.hire("cashier").await;
        let other = shop.neighbour().await;
        let customer = company.customer;
        let before = shop.events().await;
        let cases: Vec<(Method, String, Option<Value>, bool)> = vec![
            (Method::GET, ORDERING.to_owned(), None, false),
            (Method::PUT, ORDERING.to_owned(), Some(json!({})), false),
            (Method::GET, format!("/admin/v1/customers/{customer}/prices"), None, true),
            (Method::PUT, format!("/admin/v1/customers/{customer}/prices/{item}"), Some(json!({"price": 1})), true),
            (Method::DELETE, format!("/admin/v1/customers/{customer}/prices/{item}"), None, true),
            (Method::GET, format!("/admin/v1/items/{item}/ordering"), None, true),
            (Method::PUT, format!("/admin/v1/items/{item}/ordering"), Some(json!({})), true),
            (Method::GET, ORDERS.to_owned(), None, false),
            (Method::POST, format!("{ORDERS}/{number}/confirm"), Some(json!({})), true),
            (Method::POST, format!("{ORDERS}/{number}/cancel"), Some(json!({})), true),
        ];
        for (method, path, body, names_something) in &cases {
            problem(&cashier.request(method.clone(), path, body.as_ref()).await, 403);
            if *names_something {
                problem(&other.request(method.clone(), path, body.as_ref()).await, 404);
            }
            let text = body.as_ref().map(Value::to_string);
            problem(&shop.send(method, path, &[], text).await, 401);
        }
        assert_eq!(other.get(ORDERS).await.expect(200)["data"], json!([]));
        assert_eq!(shop.events().await, before);
    }
}
