use diario_tests::{assert_shape, both_engines, dec, guarded, money, refused};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/config/employees";

both_engines! {
    async fn lists_the_employees(shop: Shop) {
        let branch = shop.open_branch("Norte").await;
        let cashier = shop.hire_with("cashier", json!({
            "name": "María Núñez", "email": "maria@correo.com", "phone": "555-1234", "branch_id": branch,
            "max_discount_pct": 12.5
        })).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "name": "string", "email": "?string", "phone": "?string", "role": "string",
            "branch_id": "int", "branch_name": "string", "max_discount_pct": "number", "is_active": true
        }]}));
        let rows = answer["data"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        let row = |id: i64| rows.iter().find(|row| row["id"] == json!(id)).unwrap();
        let owner = row(shop.owner_employee_id);
        assert_eq!(owner["role"], "owner");
        assert_eq!(money(&owner["max_discount_pct"]), dec("100"));
        let maria = row(cashier.employee_id);
        assert_eq!(maria["name"], "María Núñez");
        assert_eq!(maria["email"], "maria@correo.com");
        assert_eq!(maria["phone"], "555-1234");
        assert_eq!(maria["branch_id"], json!(branch));
        assert_eq!(maria["branch_name"], "Norte");
        assert_eq!(money(&maria["max_discount_pct"]), dec("12.5"));
        for secret in ["pin", "pin_hash", "hash", "credential"] {
            assert!(rows.iter().all(|row| row.get(secret).is_none()), "the list shows {secret}");
        }
    }

    async fn needs_config_view(shop: Shop) {
        for role in ["cashier", "warehouse", "accountant"] {
            refused(&shop.hire(role).await.get(PATH).await, 403, "config.view");
        }
        shop.hire("admin").await.get(PATH).await.expect(200);
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        shop.neighbour().await.hire("cashier").await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["data"].as_array().unwrap().len(), 1, "{:#}", *answer);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
