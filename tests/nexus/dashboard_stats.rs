use diario_tests::{assert_shape, both_engines, dec, guarded, int, money, plus_days};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::json;

const PATH: &str = "/pos/api/dashboard/stats";

both_engines! {
    async fn sums_up_today_and_the_month(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let (one, two) = (shop.create_item("350.00", 50).await, shop.create_item("100.00", 50).await);
        shop.sell_cash(register, one, "2", "350.00").await;
        shop.sell_cash(register, two, "5", "100.00").await;
        let answer = shop.get(PATH).await.expect(200);
        let count_and_total = json!({"sales_count": 2, "sales_total": "number"});
        assert_shape(&answer, &json!({
            "today": count_and_total, "month": count_and_total,
            "top_products": [{
                "inventory_id": "int", "part_number": "string", "name": "string", "units": "number",
                "revenue": "number"
            }],
            "hourly_sales": [{"hour": "int", "sales_count": "int", "sales_total": "number"}]
        }));
        assert_eq!(money(&answer["today"]["sales_total"]), dec("1392"), "with tax");
        assert_eq!(money(&answer["month"]["sales_total"]), dec("1392"));
        let products: Vec<_> = answer["top_products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (int(&row["inventory_id"]), money(&row["units"]), money(&row["revenue"])))
            .collect();
        assert!(products.contains(&(one, dec("2"), dec("700"))), "net of tax: {products:?}");
        assert!(products.contains(&(two, dec("5"), dec("500"))), "{products:?}");
        let hours = answer["hourly_sales"].as_array().unwrap();
        assert_eq!(hours.iter().map(|row| int(&row["hour"])).collect::<Vec<_>>(), (0..24).collect::<Vec<_>>());
        assert_eq!(hours.iter().map(|row| int(&row["sales_count"])).sum::<i64>(), 2);
        let total: Decimal = hours.iter().map(|row| money(&row["sales_total"])).sum();
        assert_eq!(total, dec("1392"));
        let now = shop.get("/pos/api/sales/last").await.expect(200);
        let hour: usize = now["created_at"].as_str().unwrap()[11..13].parse().unwrap();
        assert_ne!(hours[hour]["sales_count"], json!(0), "the hour is the shop's: {hours:#?}");
    }

    async fn a_cancelled_sale_leaves_and_a_return_only_lowers_the_products(shop: Shop) {
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 50).await;
        let sale = shop.sell_cash(register, item, "3", "350.00").await;
        let cancelled = shop.sell_cash(register, item, "4", "350.00").await;
        shop.put(&format!("/pos/api/sales/{cancelled}/cancel"), json!({"reason": "Error"})).await.expect(200);
        shop.post("/pos/api/inventory/return", json!({
            "sale_id": sale, "items": [{"inventory_id": item, "quantity": 1}], "reason": "Mala"
        })).await.expect(201);
        let answer = shop.get(PATH).await.expect(200);
        for period in ["today", "month"] {
            assert_eq!(answer[period]["sales_count"], json!(1), "{period}");
            assert_eq!(money(&answer[period]["sales_total"]), dec("1218"), "{period}");
        }
        let product = &answer["top_products"][0];
        assert_eq!(money(&product["units"]), dec("2"));
        assert_eq!(money(&product["revenue"]), dec("700"));
    }

    async fn yesterday_is_of_the_month_and_not_of_today(shop: Shop) {
        let item = shop.days_ago(60, "items_create", json!({}), json!({
            "part_number": "DS-1", "name": "Balatas", "cost": 10, "price_1": 100, "initial_stock": 50
        })).await;
        let sale = json!({
            "items": [{"inventory_id": item["id"], "quantity": 1}], "payment_method": "tarjeta",
            "sale_type": "cash"
        });
        shop.days_ago(40, "sales_create", json!({}), sale.clone()).await;
        shop.days_ago(1, "sales_create", json!({}), sale.clone()).await;
        shop.sell(sale).await;
        let today = shop.today().await;
        let of_the_month = 1 + i64::from(plus_days(&today, -1)[..7] == today[..7]);
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["today"]["sales_count"], json!(1));
        assert_eq!(answer["month"]["sales_count"], json!(of_the_month));
        assert_eq!(money(&answer["month"]["sales_total"]), dec("116") * Decimal::from(of_the_month));
        assert_eq!(money(&answer["top_products"][0]["units"]), Decimal::from(of_the_month));
    }

    async fn shows_ten_products_at_most(shop: Shop) {
        let mut lines = Vec::new();
        for _ in 0..12 {
            lines.push(json!({"inventory_id": shop.create_item("10.00", 5).await, "quantity": 1}));
        }
        shop.sell(json!({"items": lines, "payment_method": "tarjeta", "sale_type": "cash"})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["top_products"].as_array().unwrap().len(), 10);
    }

    async fn an_empty_shop_has_24_empty_hours(shop: Shop) {
        let other = shop.neighbour().await;
        let item = other.create_item("10.00", 5).await;
        let body = json!({
            "items": [{"inventory_id": item, "quantity": 1}], "payment_method": "tarjeta", "sale_type": "cash"
        });
        other.sell(body).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["today"]["sales_count"], json!(0));
        assert_eq!(answer["top_products"], json!([]));
        assert_eq!(answer["hourly_sales"].as_array().unwrap().len(), 24);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
