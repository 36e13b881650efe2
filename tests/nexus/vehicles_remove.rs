use diario_tests::{Shop, assert_shape, both_engines, guarded, missing_ids, refused, refuses};
use reqwest::Method;
use serde_json::json;

fn path(customer: i64, vehicle: i64) -> String {
    format!("/pos/api/customers/{customer}/vehicles/{vehicle}")
}

/// A customer with one vehicle.
async fn prepared(shop: &Shop) -> (i64, i64) {
    let customer = shop.create_customer("0.00").await;
    let added =
        shop.post(&format!("/pos/api/customers/{customer}/vehicles"), json!({"plate": "ABC-1"})).await;
    (customer, added.expect(201).int("id"))
}

async fn count(shop: &Shop, customer: i64) -> usize {
    let answer = shop.get(&format!("/pos/api/customers/{customer}/vehicles")).await.expect(200);
    answer["data"].as_array().unwrap().len()
}

both_engines! {
    async fn removes_a_vehicle_once(shop: Shop) {
        let (customer, vehicle) = prepared(&shop).await;
        let answer = shop.request(Method::DELETE, &path(customer, vehicle), None).await.expect(200);
        assert_shape(&answer, &json!({"id": vehicle, "message": "Vehicle removed"}));
        assert_eq!(count(&shop, customer).await, 0);
        refused(&shop.request(Method::DELETE, &path(customer, vehicle), None).await, 404, "");
        let added = shop.post(&format!("/pos/api/customers/{customer}/vehicles"), json!({"plate": "ABC-1"})).await;
        assert_ne!(added.expect(201).int("id"), vehicle, "an id is never given twice");
    }

    async fn another_customers_vehicle_is_404(shop: Shop) {
        let (customer, vehicle) = prepared(&shop).await;
        let other = shop.create_customer("0.00").await;
        refuses(&shop, Method::DELETE, &path(other, vehicle), json!({}), 404, "").await;
        assert_eq!(count(&shop, customer).await, 1);
    }

    async fn a_foreign_or_unknown_vehicle_is_404(shop: Shop) {
        let (customer, _) = prepared(&shop).await;
        let other = shop.neighbour().await;
        prepared(&other).await;
        let (foreign_customer, foreign) = prepared(&other).await;
        let of_mine = |id: &str| format!("/pos/api/customers/{customer}/vehicles/{id}");
        missing_ids(&shop, Method::DELETE, of_mine, foreign, None).await;
        let of_theirs = |id: &str| format!("/pos/api/customers/{id}/vehicles/{foreign}");
        missing_ids(&shop, Method::DELETE, of_theirs, foreign_customer, None).await;
        assert_eq!(count(&other, foreign_customer).await, 1);
    }

    async fn needs_customers_edit(shop: Shop) {
        let (customer, vehicle) = prepared(&shop).await;
        let cashier = shop.hire("cashier").await;
        refused(&cashier.request(Method::DELETE, &path(customer, vehicle), None).await, 403, "customers.edit");
        assert_eq!(count(&shop, customer).await, 1);
    }

    async fn a_key_removes_once(shop: Shop) {
        let (customer, vehicle) = prepared(&shop).await;
        let key = [("idempotency-key", "llave-1")];
        let first = shop.keyed(Method::DELETE, &path(customer, vehicle), None, &key).await.expect(200);
        let after = shop.events().await;
        let again = shop.keyed(Method::DELETE, &path(customer, vehicle), None, &key).await.expect(200);
        assert_eq!(again.text(), first.text());
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(shop.events().await, after);
    }

    async fn is_guarded(shop: Shop) {
        let (customer, vehicle) = prepared(&shop).await;
        guarded(&shop, Method::DELETE, &path(customer, vehicle), None).await;
    }
}
