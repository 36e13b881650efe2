use diario_tests::{assert_shape, both_engines, dec, guarded, missing_ids};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn shows_the_customer_and_what_is_owed(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let customer = shop.create_customer("50000.00").await;
        shop.sell_on_credit(customer, item, "2", "350.00").await;
        let answer = shop.get(&format!("/pos/api/customers/{customer}")).await.expect(200);
        assert_shape(&answer, &json!({
            "id": customer, "name": "Taller Perez", "rfc": "?string", "razon_social": "?string",
            "regimen_fiscal": "?string", "codigo_postal": "?string", "uso_cfdi": "?string",
            "email": "?string", "phone": "?string", "address": "?string", "price_tier": "string",
            "credit_limit": "number", "balance": "number"
        }));
        assert_eq!(answer.money("balance"), dec("812"));
    }

    async fn a_foreign_or_unknown_customer_is_404(shop: Shop) {
        let foreign = shop.neighbour().await.create_customer("1.00").await;
        let path = |id: &str| format!("/pos/api/customers/{id}");
        missing_ids(&shop, Method::GET, path, foreign, None).await;
    }

    async fn is_guarded(shop: Shop) {
        let customer = shop.create_customer("1.00").await;
        guarded(&shop, Method::GET, &format!("/pos/api/customers/{customer}"), None).await;
    }
}
