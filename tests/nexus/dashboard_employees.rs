use diario_tests::{assert_shape, both_engines, dec, guarded, money};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/dashboard/stats/employees";

both_engines! {
    async fn tells_who_sold_what_today(shop: Shop) {
        let item = shop.create_item("350.00", 50).await;
        let cashier = shop.hire("cashier").await;
        let sale = |quantity: i64| json!({
            "items": [{"inventory_id": item, "quantity": quantity}], "payment_method": "tarjeta",
            "sale_type": "cash"
        });
        shop.sell(sale(1)).await;
        cashier.sell(sale(1)).await;
        cashier.sell(sale(2)).await;
        let cancelled = shop.sell(sale(5)).await.int("sale_id");
        shop.put(&format!("/pos/api/sales/{cancelled}/cancel"), json!({"reason": "Error"})).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "employee_id": "int", "name": "string", "sales_count": "int", "sales_total": "number"
        }]}));
        for (employee, name, count, total) in [
            (shop.owner_employee_id, "Ana", 1, "406"), (cashier.employee_id, "Juan Lopez", 2, "1218"),
        ] {
            let rows = answer["data"].as_array().unwrap();
            let row = rows.iter().find(|row| row["employee_id"] == json!(employee)).unwrap();
            assert_eq!(row["name"], name);
            assert_eq!(row["sales_count"], json!(count));
            assert_eq!(money(&row["sales_total"]), dec(total));
        }
    }

    async fn yesterday_does_not_count(shop: Shop) {
        let item = shop.days_ago(5, "items_create", json!({}), json!({
            "part_number": "DE-1", "name": "Balatas", "cost": 10, "price_1": 100, "initial_stock": 50
        })).await;
        shop.days_ago(1, "sales_create", json!({}), json!({
            "items": [{"inventory_id": item["id"], "quantity": 1}], "payment_method": "tarjeta",
            "sale_type": "cash"
        })).await;
        let answer = shop.get(PATH).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["sales_count"] == json!(0)), "{rows:#?}");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
