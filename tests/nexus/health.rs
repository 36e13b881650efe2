use diario_tests::{both_engines, refused};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn is_answered_without_a_token(shop: Shop) {
        for path in ["/pos/health", "/pos/health/", "/pos/api/health"] {
            let answer = shop.send(&Method::GET, path, &[], None).await.expect(200);
            assert_eq!(answer["status"], "ok", "{path}");
        }
    }

    async fn another_method_is_405(shop: Shop) {
        refused(&shop.send(&Method::POST, "/pos/health", &[], Some("{}".to_owned())).await, 405, "");
    }

    async fn an_unknown_path_is_404_in_the_surfaces_shape(shop: Shop) {
        for path in ["/pos/api/nada", "/pos/nada", "/pos/api/sales/1/nada", "/pos/api/", "/pos/API/sales"] {
            refused(&shop.get(path).await, 404, "");
        }
    }

    async fn every_answer_has_a_request_id(shop: Shop) {
        let answer = shop.get("/pos/health").await;
        assert!(answer.header("x-request-id").is_some_and(|id| !id.is_empty()));
        for path in ["/pos/health", "/pos/api/sales", "/pos/nada"] {
            let headers = [("x-request-id", "ticket-77")];
            let answer = shop.send(&Method::GET, path, &headers, None).await;
            assert_eq!(answer.header("x-request-id"), Some("ticket-77"), "{path} does not echo");
        }
        let long = "x".repeat(129);
        let answer = shop.send(&Method::GET, "/pos/health", &[("x-request-id", &long)], None).await;
        assert_ne!(answer.header("x-request-id"), Some(long.as_str()));
    }

    async fn a_body_too_large_is_refused(shop: Shop) {
        let mut body = json!({"name": "Taller"});
        body["address"] = json!("x".repeat(3_000_000));
        refused(&shop.post("/pos/api/customers", body).await, [400, 413], "");
    }

    async fn the_interface_describes_itself(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi.json", &[], None).await.expect(200);
        for (path, method) in [
            ("/pos/api/auth/login", "post"),
            ("/pos/api/auth/employees/{tenant_id}", "get"),
            ("/pos/api/auth/me", "get"),
            ("/pos/api/sales", "post"),
            ("/pos/api/sales", "get"),
            ("/pos/api/sales/{sale_id}", "get"),
            ("/pos/api/sales/last", "get"),
            ("/pos/api/sales/{sale_id}/cancel", "put"),
            ("/pos/api/inventory/items", "get"),
            ("/pos/api/inventory/items", "post"),
            ("/pos/api/inventory/items/{item_id}", "get"),
            ("/pos/api/inventory/items/{item_id}", "put"),
            ("/pos/api/inventory/items/{item_id}/history", "get"),
            ("/pos/api/inventory/purchase", "post"),
            ("/pos/api/inventory/adjustment", "post"),
            ("/pos/api/inventory/return", "post"),
            ("/pos/api/register/open", "post"),
            ("/pos/api/register/current", "get"),
            ("/pos/api/register/movement", "post"),
            ("/pos/api/register/cut-x", "get"),
            ("/pos/api/register/cut-z", "post"),
            ("/pos/api/register/history", "get"),
            ("/pos/api/register/daily-summary", "get"),
            ("/pos/api/customers", "get"),
            ("/pos/api/customers", "post"),
            ("/pos/api/customers/{customer_id}", "get"),
            ("/pos/api/customers/{customer_id}/payment", "post"),
            ("/pos/api/accounting/accounts", "get"),
            ("/pos/api/accounting/entries", "get"),
            ("/pos/api/accounting/entries/{entry_id}", "get"),
            ("/pos/api/accounting/trial-balance", "get"),
            ("/pos/health", "get"),
        ] {
            let found = answer["paths"].get(path).or_else(|| answer["paths"].get(format!("{path}/")));
            assert!(found.is_some_and(|operations| operations.get(method).is_some()), "{method} {path}");
        }
    }
}
