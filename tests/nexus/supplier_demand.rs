use diario_tests::{Shop, assert_shape, both_engines, dec, guarded, int, money, refuses_query};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/supplier-portal/demand";

fn by_card(item: i64, quantity: i64) -> Value {
    json!({
        "items": [{"inventory_id": item, "quantity": quantity}], "payment_method": "tarjeta",
        "sale_type": "cash"
    })
}

async fn untaxed(shop: &Shop, category: i64) -> i64 {
    shop.create_item_with(
        json!({"price_1": 100, "tax_rate": 0, "category_id": category, "initial_stock": 50}),
    )
    .await
}

both_engines! {
    async fn adds_up_by_branch_and_group(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let cashier = shop.hire_with("cashier", json!({"branch_id": north})).await;
        let (pads, more_pads, filters) =
            (untaxed(&shop, 7).await, untaxed(&shop, 7).await, untaxed(&shop, 8).await);
        shop.transfer(shop.branch_id, north, pads, "10", "immediate").await;
        shop.sell(by_card(pads, 3)).await;
        shop.sell(by_card(more_pads, 2)).await;
        shop.sell(by_card(filters, 1)).await;
        cashier.sell(by_card(pads, 4)).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "period": {"from": "date", "to": "date"},
            "data": [{
                "branch_id": "int", "branch_name": "string", "group_id": "?int", "group_name": "?string",
                "units": "number", "revenue": "number", "sales_count": "int"
            }]
        }));
        assert_eq!(answer["period"]["to"], json!(shop.today().await));
        let figures = |answer: &diario_tests::Answer| {
            let mut rows: Vec<_> = answer["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| {
                    let of = |field: &str| int(&row[field]);
                    (of("branch_id"), of("group_id"), money(&row["units"]), money(&row["revenue"]), of("sales_count"))
                })
                .collect();
            rows.sort_unstable();
            rows
        };
        let home = (shop.branch_id, 7, dec("5"), dec("500"), 2);
        let home_filters = (shop.branch_id, 8, dec("1"), dec("100"), 1);
        let far = (north, 7, dec("4"), dec("400"), 1);
        assert_eq!(figures(&answer), [home, home_filters, far]);
        for (query, expected) in [
            ("group_id=7".to_owned(), vec![home, far]),
            ("group_id=999".to_owned(), vec![]),
            (format!("branch_id={north}"), vec![far]),
            (format!("branch_id={north}&group_id=8"), vec![]),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            assert_eq!(figures(&answer), expected, "{query}");
        }
    }

    async fn looks_back_so_many_days(shop: Shop) {
        let item = shop.days_ago(60, "items_create", json!({}), json!({
            "part_number": "SD-1", "name": "Balatas", "cost": 10, "price_1": 100, "tax_rate": 0,
            "initial_stock": 50, "category_id": 7
        })).await;
        let item = int(&item["id"]);
        shop.days_ago(40, "sales_create", json!({}), by_card(item, 2)).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
        let answer = shop.get(&format!("{PATH}?days=50")).await.expect(200);
        assert_eq!(money(&answer["data"][0]["units"]), dec("2"));
    }

    async fn what_was_cancelled_was_not_wanted(shop: Shop) {
        let item = untaxed(&shop, 7).await;
        let sale = shop.sell(by_card(item, 2)).await.int("sale_id");
        shop.put(&format!("/pos/api/sales/{sale}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        assert!(rows.iter().all(|row| money(&row["units"]).is_zero()), "{rows:#?}");
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        let item = untaxed(&other, 7).await;
        other.sell(by_card(item, 1)).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "days=0", "days=-1", "days=3651", "days=x", "group_id=x", "branch_id=centro",
        ]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
