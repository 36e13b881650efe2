use diario_tests::{Shop, assert_shape, both_engines, long_text, num, refused};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/auth/login";

fn body(shop: &Shop) -> Value {
    json!({"tenant_id": shop.tenant_id, "pin": "4321", "device_id": "tablet-01", "branch_id": shop.branch_id})
}

async fn log_in(shop: &Shop, body: &Value) -> diario_tests::Answer {
    shop.send(&Method::POST, PATH, &[], Some(body.to_string())).await
}

both_engines! {
    async fn answers_a_token_and_the_employee(shop: Shop) {
        let answer = log_in(&shop, &body(&shop)).await.expect(200);
        assert_shape(&answer, &json!({
            "token": "string",
            "employee": {
                "id": "int", "name": "string", "role": "string", "branch_id": "int",
                "max_discount_pct": "number"
            },
            "permissions": ["string"]
        }));
        assert_eq!(answer["employee"]["name"], "Ana");
        assert_eq!(answer["employee"]["role"], "owner");
        assert_eq!(answer["employee"]["id"], json!(shop.owner_employee_id));
        assert_eq!(answer["employee"]["branch_id"], json!(shop.branch_id));
        assert_eq!(answer["permissions"].as_array().unwrap().len(), 20, "the owner has all permissions");
        let bearer = format!("Bearer {}", answer["token"].as_str().unwrap());
        shop.send(&Method::GET, "/pos/api/auth/me", &[("authorization", &bearer)], None).await.expect(200);
    }

    async fn needs_no_branch_and_no_device(shop: Shop) {
        log_in(&shop, &json!({"tenant_id": shop.tenant_id, "pin": "4321"})).await.expect(200);
    }

    async fn a_body_is_read_whatever_its_type_says(shop: Shop) {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let text = body(&shop).to_string();
        shop.send(&Method::POST, PATH, &headers, Some(text)).await.expect(200);
    }

    async fn refuses_missing_and_bad_fields(shop: Shop) {
        let good = body(&shop);
        for (field, value) in [
            ("tenant_id", None),
            ("pin", None),
            ("tenant_id", Some(json!("uno"))),
            ("tenant_id", Some(json!(null))),
            ("tenant_id", Some(num("1.5"))),
            ("tenant_id", Some(num("99999999999999999999999"))),
            ("pin", Some(json!(4321))),
            ("pin", Some(json!(""))),
            ("pin", Some(long_text())),
            ("device_id", Some(json!(7))),
            ("device_id", Some(long_text())),
            ("branch_id", Some(json!("centro"))),
        ] {
            let mut bad = good.clone();
            match value {
                Some(value) => bad[field] = value,
                None => drop(bad.as_object_mut().unwrap().remove(field)),
            }
            refused(&log_in(&shop, &bad).await, 400, field);
        }
        refused(&shop.send(&Method::POST, PATH, &[], Some("{".to_owned())).await, 400, "");
        refused(&shop.send(&Method::POST, PATH, &[], None).await, 400, "");
        refused(&shop.send(&Method::GET, PATH, &[], None).await, 405, "");
    }

    async fn a_wrong_pin_is_401(shop: Shop) {
        let mut bad = body(&shop);
        bad["pin"] = json!("0000");
        refused(&log_in(&shop, &bad).await, 401, "");
    }

    async fn an_unknown_tenant_is_404(shop: Shop) {
        let mut bad = body(&shop);
        bad["tenant_id"] = json!(987_654);
        refused(&log_in(&shop, &bad).await, 404, "");
    }

    async fn five_wrong_pins_lock_the_device_and_no_other(shop: Shop) {
        let mut bad = body(&shop);
        bad["pin"] = json!("0000");
        bad["device_id"] = json!("tablet-99");
        for _ in 0..5 {
            refused(&log_in(&shop, &bad).await, 401, "");
        }
        let locked = log_in(&shop, &bad).await;
        refused(&locked, 429, "");
        assert!(locked.header("retry-after").is_some_and(|text| text.parse::<u32>().is_ok()));
        let other = shop.neighbour().await;
        log_in(&other, &body(&other)).await.expect(200);
    }

    async fn a_branch_that_does_not_exist_is_refused(shop: Shop) {
        let other = shop.neighbour().await;
        let mut bad = body(&other);
        bad["branch_id"] = json!(987_654);
        refused(&log_in(&shop, &bad).await, [400, 401, 404], "");
    }

    async fn refusals_append_no_event(shop: Shop) {
        let before = shop.events().await;
        let mut bad = body(&shop);
        bad["pin"] = json!("1111");
        log_in(&shop, &bad).await.expect(401);
        assert_eq!(shop.events().await, before);
    }
}
