use diario_tests::{assert_shape, both_engines, guarded, missing_ids};
use reqwest::Method;
use serde_json::json;

fn path(customer: i64) -> String {
    format!("/pos/api/customers/{customer}/vehicles")
}

both_engines! {
    async fn lists_the_customers_vehicles(shop: Shop) {
        let (customer, other) = (shop.create_customer("0.00").await, shop.create_customer("0.00").await);
        let body = json!({
            "plate": "ABC-123", "vin": "3N1AB7AP5HY300001", "brand": "Nissan", "model": "Sentra", "year": 2017,
            "engine": "1.8L", "mye_id": 77, "color": "Rojo", "notes": "Trae rines"
        });
        let vehicle = shop.post(&path(customer), body.clone()).await.expect(201).int("id");
        shop.post(&path(customer), json!({"plate": "XYZ-9"})).await.expect(201);
        shop.post(&path(other), json!({"plate": "ZZZ-1"})).await.expect(201);
        let answer = shop.get(&path(customer)).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "plate": "?string", "vin": "?string", "brand": "?string", "model": "?string",
            "year": "?int", "engine": "?string", "mye_id": "?int", "color": "?string", "notes": "?string"
        }]}));
        let rows = answer["data"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        let row = rows.iter().find(|row| row["id"] == json!(vehicle)).unwrap();
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&row[field], value, "{field}");
        }
    }

    async fn a_customer_may_have_none(shop: Shop) {
        let customer = shop.create_customer("0.00").await;
        assert_eq!(shop.get(&path(customer)).await.expect(200)["data"], json!([]));
    }

    async fn a_foreign_or_unknown_customer_is_404(shop: Shop) {
        let foreign = shop.neighbour().await.create_customer("1.00").await;
        let path = |id: &str| format!("/pos/api/customers/{id}/vehicles");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        let customer = shop.create_customer("1.00").await;
        guarded(&shop, Method::GET, &path(customer), None).await;
    }
}
