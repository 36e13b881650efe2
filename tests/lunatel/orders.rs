use diario_tests::{both_engines, dec, int, money, num, without};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::company::{Company, address, failed};

const ORDER: &str = "/v1/Order/postOrder";
const HISTORY: &str = "/v1/OrderHistory/getOrderHistory";

async fn history(company: &Company) -> Vec<Value> {
    company.call(HISTORY, json!({"count": 0, "page": 0})).await.expect(200)["orders"]
        .as_array()
        .unwrap()
        .clone()
}

both_engines! {
    async fn an_order_is_a_sale_on_credit_at_once(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop
            .create_item_with(json!({
                "name": "Kılıf", "price_1": num("100.00"), "tax_rate": num("0.20"), "cost": num("40.00"), "initial_stock": 10
            }))
            .await;
        let prices = format!("/admin/v1/customers/{}/prices/{item}", company.customer);
        shop.put(&prices, json!({"price": num("90.00"), "discount_pct": num("5")})).await.expect(200);
        let before = shop.balances().await;
        let answer = company.order(item, "2").await.expect(200);
        let number = answer.int("orderNo");
        assert_eq!(shop.available(item).await, dec("8"));
        shop.assert_moved(&before, &[("105.01", "205.20"), ("401.03", "-171.00"), ("209.01", "-34.20"), ("501.01", "80.00"), ("115.01", "-80.00")]).await;

        let order = history(&company).await.remove(0);
        assert_eq!(int(&order["orderNo"]), number);
        let expected = json!({"title": "ege Telefon", "address": "Atatürk Cad. 1", "invoiceAddress": "İnönü Cad. 2",
            "companyName": "ege Telefon Ltd. Şti.", "phone": "+90 322 000 00 00"});
        assert_eq!(order["address"], expected);
        assert_eq!(order["billingInformation"]["address"], "İnönü Cad. 2");
        let paid = &order["paymentInformation"];
        assert_eq!((money(&paid["productsAmount"]), money(&paid["totalAmount"])), (dec("171.00"), dec("205.20")));
        assert_eq!((money(&paid["cargoAmount"]), &paid["paymentType"]), (dec("0"), &json!("Açık Hesap")));
        let line = &order["orderItems"][0];
        assert_eq!((&line["productName"], int(&line["productId"])), (&json!("Kılıf"), item));
        assert_eq!((money(&line["unitPrice"]), money(&line["totalPrice"]), money(&line["quantity"])), (dec("90.00"), dec("171.00"), dec("2")));
        let date = order["orderDate"].as_str().unwrap();
        assert!(date.len() == 24 && date.ends_with('Z'), "{date}");

        // The till sees the same sale, and that it was an order.
        let sales = shop.get(&format!("/pos/api/sales?customer_id={}", company.customer)).await.expect(200);
        let sale = shop.get(&format!("/pos/api/sales/{}", sales["data"][0]["id"])).await.expect(200);
        assert_eq!(sale["origin"], json!({"type": "order", "id": number}));
        assert_eq!(money(&sale["total"]), dec("205.20"));
    }

    async fn a_sale_at_the_till_is_less_to_order(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("10.00", 5).await;
        let register = shop.open_register("0.00").await;
        shop.sell_cash(register, item, "2", "10.00").await;
        let before = shop.events().await;
        let answer = company.order(item, "4").await;
        failed(&answer, 422, "3");
        assert_eq!(answer["message"], "");
        assert_eq!(shop.events().await, before);
        company.order(item, "3").await.expect(200);
        failed(&company.order(item, "1").await, 422, "stok");
        assert_eq!(shop.stock(item).await, dec("0"));
    }

    async fn what_has_no_price_is_not_given_away(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item_with(json!({"name": "Kılıf", "price_1": 0, "initial_stock": 10})).await;
        let other = shop.create_item("10.00", 10).await;
        let before = shop.events().await;
        failed(&company.order(item, "1").await, 422, "Kılıf için fiyat yok");
        let both = json!({"deliveryAddressId": company.address, "ipAddress": "192.0.2.1",
            "orderItems": [{"productId": other, "quantity": 1}, {"productId": item, "quantity": 1}]});
        failed(&company.call(ORDER, both).await, 422, "Kılıf için fiyat yok");
        assert_eq!(shop.events().await, before);
        // What the shop has promised this company for nothing, it gets for nothing.
        let own = format!("/admin/v1/customers/{}/prices/{item}", company.customer);
        shop.put(&own, json!({"price": 0})).await.expect(200);
        company.order(item, "1").await.expect(200);
    }

    async fn of_many_orders_of_the_last_unit_one_wins(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("10.00", 1).await;
        let answers = join_all((0..20).map(|_| company.order(item, "1"))).await;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1);
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 422));
        assert_eq!(shop.stock(item).await, dec("0"));
        assert_eq!(history(&company).await.len(), 1);
    }

    async fn nothing_of_an_order_that_cannot_be_filled_is_done(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let (one, two) = (shop.create_item("10.00", 5).await, shop.create_item("10.00", 1).await);
        let foreign = shop.neighbour().await;
        for _ in 0..3 {
            foreign.create_item("1.00", 9).await;
        }
        let before = shop.events().await;
        let mut body = company.order_of(one, "2");
        body["orderItems"] = json!([{"productId": one, "quantity": 2}, {"productId": two, "quantity": 2}]);
        failed(&company.call(ORDER, body).await, 422, "stok");
        let mut body = company.order_of(one, "3");
        body["orderItems"] = json!([{"productId": one, "quantity": 3}, {"productId": one, "quantity": 3}]);
        failed(&company.call(ORDER, body).await, 422, "stok");
        for id in [3, 999_999, 0] {
            failed(&company.order(id, "1").await, 404, "");
        }
        let good = company.order_of(one, "1");
        for field in ["deliveryAddressId", "ipAddress", "orderItems"] {
            failed(&company.call(ORDER, without(&good, &format!("/{field}"))).await, 422, field);
        }
        for (pointer, value, word) in [
            ("/orderItems", json!([]), "orderItems"), ("/orderItems", json!({}), "orderItems"),
            ("/orderItems/0", json!(7), "orderItems"), ("/orderItems/0/productId", json!("x"), "productId"),
            ("/orderItems/0/quantity", json!("1"), "quantity"), ("/orderItems/0/quantity", json!(0), "quantity"),
            ("/orderItems/0/quantity", json!(-1), "quantity"), ("/orderItems/0/quantity", num("0.5"), ""),
            ("/orderItems/0/quantity", num("1e30"), "quantity"), ("/note", json!(7), "note"),
            ("/deliveryAddressId", json!("1"), "deliveryAddressId"),
        ] {
            let mut body = good.clone();
            *body.pointer_mut(pointer).unwrap() = value;
            failed(&company.call(ORDER, body).await, 422, word);
        }
        assert_eq!(shop.events().await, before);
        company.call(ORDER, good).await.expect(200);
    }

    async fn a_company_owes_no_more_than_its_limit(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("100.00", 50).await;
        let limit = json!({"credit_limit": num("200.00")});
        shop.put(&format!("/pos/api/customers/{}", company.customer), limit).await.expect(200);
        company.order(item, "1").await.expect(200);
        let before = shop.events().await;
        failed(&company.order(item, "1").await, 422, "200.00");
        assert_eq!(shop.events().await, before);
        let paid = json!({"amount": num("100.00"), "payment_method": "transferencia"});
        shop.post(&format!("/pos/api/customers/{}/payment", company.customer), paid).await.expect(201);
        company.order(item, "1").await.expect(200);
    }

    async fn an_order_keeps_the_address_that_it_went_to(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("10.00", 5).await;
        let other = company.call("/v1/Address/Create", address()).await.expect(200).int("id");
        let mut body = company.order_of(item, "1");
        body["deliveryAddressId"] = json!(other);
        let key = [("idempotency-key", "siparis-1")];
        let first = company.call_with(ORDER, &key, body.clone()).await.expect(200);
        let mut edited = address();
        edited["addressId"] = json!(other);
        edited["fullAdress"] = json!("Başka bir yer");
        company.call("/v1/Address/Edit", edited).await.expect(200);
        company.call("/v1/Address/Delete", json!({"addressId": other})).await.expect(200);
        let order = history(&company).await.remove(0);
        assert_eq!((&order["address"]["title"], &order["address"]["address"]), (&json!("Depo"), &json!("Sanayi Sitesi 5")));
        assert_eq!(order["billingInformation"]["address"], "Sanayi Sitesi 5");
        // The same key answers the same, though the address is gone; with another body it is refused.
        let after = shop.events().await;
        let again = company.call_with(ORDER, &key, body).await.expect(200);
        assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
        failed(&company.call_with(ORDER, &key, company.order_of(item, "2")).await, 422, "Idempotency-Key");
        assert_eq!(shop.events().await, after);
        failed(&company.call(ORDER, {
            let mut body = company.order_of(item, "1");
            body["deliveryAddressId"] = json!(other);
            body
        }).await, 404, "");
    }

    async fn how_much_is_ordered_may_be_bounded(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("1.00", 500).await;
        let path = format!("/admin/v1/items/{item}/ordering");
        company.order(item, "1").await.expect(200);
        shop.put(&path, json!({"order_min": 5, "order_max": 10, "fast_shipping": true})).await.expect(200);
        failed(&company.order(item, "4").await, 422, "5");
        failed(&company.order(item, "11").await, 422, "10");
        let mut split = company.order_of(item, "3");
        split["orderItems"] = json!([{"productId": item, "quantity": 3}, {"productId": item, "quantity": 3}]);
        company.call(ORDER, split).await.expect(200);
        failed(&company.order(item, "5.5").await, 422, "");
        shop.put(&path, json!({"fractional": true})).await.expect(200);
        company.order(item, "0.5").await.expect(200);
        let order = history(&company).await.remove(0);
        assert_eq!(money(&order["orderItems"][0]["quantity"]), dec("0.5"));
        let shown = company.call("/v1/Product/getProduct", json!({"productIds": item.to_string()})).await.expect(200);
        assert_eq!((&shown["productModel"][0]["isUnitConvert"], &shown["productModel"][0]["fastShipping"]), (&json!(true), &json!(false)));
    }

    async fn history_is_the_companys_own_and_comes_in_pages(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let other = Company::with_key(&shop, "ada", &company.key).await;
        let item = shop.create_item("1.00", 100).await;
        let mut numbers = Vec::new();
        for _ in 0..3 {
            numbers.insert(0, company.order(item, "1").await.expect(200).int("orderNo"));
            other.order(item, "1").await.expect(200);
        }
        for (page, expected) in [(0, &numbers[..2]), (1, &numbers[..2]), (2, &numbers[2..])] {
            let answer = company.call(HISTORY, json!({"count": 2, "page": page})).await.expect(200);
            let found: Vec<_> = answer["orders"].as_array().unwrap().iter().map(|row| int(&row["orderNo"])).collect();
            assert_eq!(found, expected);
            assert_eq!((answer.int("totalCount"), answer.int("pageCount")), (3, 2));
            assert!(answer["orders"].as_array().unwrap().iter().all(|row| row["orderItems"].as_array().unwrap().len() == 1));
        }
    }
}
