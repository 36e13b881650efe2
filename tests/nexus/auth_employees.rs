use diario_tests::{assert_shape, both_engines, refused};
use reqwest::Method;
use serde_json::json;

both_engines! {
    async fn lists_the_employees_for_the_login_screen(shop: Shop) {
        let path = format!("/pos/api/auth/employees/{}", shop.tenant_id);
        let answer = shop.send(&Method::GET, &path, &[], None).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "name": "string", "initials": "string", "role": "string", "role_label": "string"
        }]}));
        let owner = &answer["data"][0];
        assert_eq!(owner["name"], "Ana");
        assert_eq!(owner["role"], "owner");
        assert_eq!(owner["id"], json!(shop.owner_employee_id));
        for secret in ["email", "phone", "max_discount_pct", "pin", "pin_hash"] {
            assert!(owner.get(secret).is_none(), "a public list shows {secret}");
        }
    }

    async fn an_unknown_tenant_is_404(shop: Shop) {
        for id in ["987654", "2147483647"] {
            let path = format!("/pos/api/auth/employees/{id}");
            refused(&shop.send(&Method::GET, &path, &[], None).await, 404, "");
        }
        for id in ["abc", "-1", "99999999999999999999"] {
            let path = format!("/pos/api/auth/employees/{id}");
            refused(&shop.send(&Method::GET, &path, &[], None).await, [400, 404], "");
        }
        let path = format!("/pos/api/auth/employees/{}", shop.tenant_id);
        refused(&shop.send(&Method::POST, &path, &[], Some("{}".to_owned())).await, 405, "");
    }
}
