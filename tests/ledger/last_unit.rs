use std::cell::Cell;

use diario_tests::{Answer, Shop, both_engines, dec, money, setting};
use futures_util::future::{join, join_all};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

/// One unit that many want: to buy it, to have it set aside, or to send it to another branch.
pub struct LastUnit {
    item: i64,
    register: i64,
    customer: i64,
    north: i64,
}

impl LastUnit {
    pub async fn open(shop: &Shop) -> Self {
        Self {
            item: 0,
            register: shop.open_register("0.00").await,
            customer: shop.create_customer("0.00").await,
            north: shop.open_branch("Norte").await,
        }
    }

    async fn want(&self, shop: &Shop, way: usize) -> Answer {
        let lines = json!([{"inventory_id": self.item, "quantity": 1}]);
        let transfer = |mode: &str| {
            json!({
                "from_branch_id": shop.branch_id, "to_branch_id": self.north, "items": lines, "mode": mode
            })
        };
        match way % 4 {
            0 => shop.post("/pos/api/sales", shop.sale(self.register, self.item, "1", "350.00")).await,
            1 => {
                let body = shop.layaway(self.customer, self.item, "1", "350.00", "0.00");
                shop.post("/pos/api/layaways", body).await
            }
            2 => shop.post("/pos/api/inventory/transfer", transfer("immediate")).await,
            _ => shop.post("/pos/api/inventory/transfer", transfer("in_transit")).await,
        }
    }

    /// What each branch holds: none of it may ever be below zero, and no more than the one unit may be there.
    async fn look(&self, shop: &Shop) -> Decimal {
        let answer = shop.get(&format!("/pos/api/inventory/items/{}", self.item)).await.expect(200);
        let rows = answer["stock_by_branch"].as_array().unwrap();
        let mut there = Decimal::ZERO;
        for row in rows {
            for field in ["stock", "reserved", "available", "in_transit"] {
                assert!(!money(&row[field]).is_sign_negative() || money(&row[field]).is_zero(), "{rows:#?}");
            }
            there += money(&row["stock"]) + money(&row["in_transit"]);
        }
        assert!(there <= Decimal::ONE, "one unit became more: {rows:#?}");
        there
    }

    /// A hundred requests at once, spread over the shops, of every kind: exactly one gets the unit.
    pub async fn race(&mut self, shops: &[&Shop], round: usize) {
        self.item = shops[0].create_item("350.00", 1).await;
        let over = Cell::new(false);
        let requests = async {
            // Each round another kind of request comes first.
            let wanted =
                (0..100).map(|number| self.want(shops[number % shops.len()], number / shops.len() + round));
            let answers = join_all(wanted).await;
            over.set(true);
            answers
        };
        let looks = async {
            while !over.get() {
                for shop in shops {
                    self.look(shop).await;
                }
            }
        };
        let (answers, ()) = join(requests, looks).await;
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status < 300).collect();
        let refused = answers.iter().filter(|answer| answer.status == 400).count();
        assert_eq!((won.len(), refused), (1, 99), "round {round}: {won:#?}");
        let sold = won[0].body.get("sale_id").is_some();
        let set_aside = won[0].body.get("layaway_id").is_some();
        println!("round {round}: {}", won[0].request);
        for shop in shops {
            let there = self.look(shop).await;
            assert_eq!(there.normalize(), if sold { dec("0") } else { dec("1") }, "round {round}");
            let [stock, reserved, available, _] = shop.held(self.item, shop.branch_id).await;
            let kept = if set_aside { dec("1") } else { dec("0") };
            assert_eq!((stock, reserved, available), (kept, kept, dec("0")), "round {round}");
        }
    }
}

both_engines! {
    async fn buyers_layaways_and_transfers_want_one_unit(shop: Shop) {
        let mut unit = LastUnit::open(&shop).await;
        for round in 0..setting("DIARIO_STRESS_ROUNDS", 5) {
            unit.race(&[&shop], usize::try_from(round).unwrap()).await;
        }
    }

    async fn promised_goods_are_nobody_elses(shop: Shop) {
        let unit = LastUnit::open(&shop).await;
        let item = shop.create_item("350.00", 1).await;
        let unit = LastUnit { item, ..unit };
        let layaway = shop.set_aside(unit.customer, item, "1", "350.00", "406.00").await;
        for way in 0..4 {
            let answer = unit.want(&shop, way).await;
            assert_eq!(answer.status, 400, "{}", answer.text());
        }
        unit.look(&shop).await;
        shop.post(&format!("/pos/api/layaways/{layaway}/complete"), json!({})).await.expect(200);
        shop.assert_held(item, shop.branch_id, ["0", "0", "0", "0"]).await;
    }

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
