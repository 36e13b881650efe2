use diario_tests::{both_engines, dec, setting};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn a_hundred_buyers_and_one_unit(shop: Shop) {
        let register = shop.open_register("0.00").await;
        for round in 0..setting("DIARIO_STRESS_ROUNDS", 5) {
            let item = shop.create_item("350.00", 1).await;
            let body = shop.sale(register, item, "1", "350.00");
            let answers = join_all((0..100).map(|_| shop.post("/pos/api/sales", body.clone()))).await;
            let sold = answers.iter().filter(|answer| answer.status == 201).count();
            let refused = answers.iter().filter(|answer| answer.status == 400).count();
            assert_eq!((sold, refused), (1, 99), "round {round}");
            assert_eq!(shop.stock(item).await, dec("0"), "round {round}");
        }
    }

    async fn a_hundred_debtors_of_one_limit(shop: Shop) {
        let item = shop.create_item("350.00", 1000).await;
        let customer = shop.create_customer("4060.00").await;
        let body = shop.credit_sale(customer, item, "1", "350.00");
        let answers = join_all((0..100).map(|_| shop.post("/pos/api/sales", body.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 10);
        assert_eq!(answers.iter().filter(|answer| answer.status == 400).count(), 90);
        assert_eq!(shop.stock(item).await, dec("990"));
    }

    async fn one_key_sent_many_times_at_once_sells_once(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 100).await;
        let body = shop.sale(register, item, "1", "350.00");
        let key = [("idempotency-key", "doble-clic")];
        let requests = (0..20).map(|_| shop.keyed(Method::POST, "/pos/api/sales", Some(&body), &key));
        let answers = join_all(requests).await;
        let mut bytes: Vec<String> = Vec::new();
        for answer in answers {
            assert!([201, 409].contains(&answer.status), "{} {}", answer.status, answer.text());
            if answer.status == 201 {
                bytes.push(answer.text());
            } else {
                answer.error();
            }
        }
        assert!(!bytes.is_empty());
        bytes.dedup();
        assert_eq!(bytes.len(), 1, "{bytes:?}");
        assert_eq!(shop.stock(item).await, dec("99"));
        assert_eq!(shop.all("/pos/api/sales").await.len(), 1);
    }

    async fn a_tenant_may_sell_what_it_does_not_have(shop: Shop) {
        let options = ["--allow-negative-stock"];
        let shop = diario_tests::Shop::create(shop.engine, &shop.base, &shop.database, &options).await;
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 1).await;
        shop.sell_cash(register, item, "3", "350.00").await;
        assert_eq!(shop.stock(item).await, dec("-2"));
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F",
            "items": [{"inventory_id": item, "quantity": 5, "unit_cost": 160}]
        })).await.expect(201);
        assert_eq!(shop.stock(item).await, dec("3"));
        shop.assert_books_tie().await;
    }
}
