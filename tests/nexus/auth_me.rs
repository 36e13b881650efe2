use diario_tests::{assert_shape, both_engines, guarded};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn answers_who_the_token_is(shop: Shop) {
        let answer = shop.get("/pos/api/auth/me").await.expect(200);
        assert_shape(&answer, &json!({
            "employee_id": "int", "name": "string", "role": "string", "tenant_id": "int", "branch_id": "int",
            "permissions": ["string"]
        }));
        assert_eq!(answer["tenant_id"], json!(shop.tenant_id));
        assert_eq!(answer["employee_id"], json!(shop.owner_employee_id));
        assert_eq!(answer["branch_id"], json!(shop.branch_id));
        assert_eq!(answer["name"], "Ana");
        assert_eq!(answer["role"], "owner");
        for permission in ["pos.sell", "pos.cancel", "inventory.adjust", "accounting.view", "config.edit"] {
            assert!(answer["permissions"].as_array().unwrap().contains(&json!(permission)), "{permission}");
        }
    }

    async fn needs_a_token(shop: Shop) {
        guarded(&shop, Method::GET, "/pos/api/auth/me", None).await;
    }
}
