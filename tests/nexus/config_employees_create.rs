use diario_tests::{
    PIN, Shop, assert_shape, both_engines, fresh_pin, guarded, idempotent, long_text, num, refused, refuses,
    refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/config/employees";

fn sample(shop: &Shop, pin: &str) -> Value {
    json!({
        "name": "Juan Lopez", "role": "cashier", "pin": pin, "email": "juan@correo.com",
        "phone": "555-1234", "branch_id": shop.branch_id, "max_discount_pct": 10
    })
}

both_engines! {
    async fn hires_the_documented_employee_who_logs_in(shop: Shop) {
        let answer = shop.post(PATH, sample(&shop, "5678")).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Employee created"}));
        let juan = shop.log_in_with("5678").await;
        assert_eq!(juan.employee_id, answer.int("id"));
        let me = juan.get("/pos/api/auth/me").await.expect(200);
        assert_eq!(me["name"], "Juan Lopez");
        assert_eq!(me["role"], "cashier");
        let listed = shop.get(&format!("/pos/api/auth/employees/{}", shop.tenant_id)).await.expect(200);
        let row = listed["data"].as_array().unwrap().iter().find(|row| row["id"] == answer["id"]).unwrap();
        assert_eq!(row["initials"], "JL");
        assert!(!row["role_label"].as_str().unwrap().is_empty());
    }

    async fn each_role_has_its_permissions_and_no_other(shop: Shop) {
        let matrix = [
            ("admin", "pos.sell pos.view pos.cancel pos.discount inventory.view inventory.create inventory.edit \
                       inventory.adjust inventory.transfer catalog.view customers.view customers.create \
                       customers.edit invoicing.create invoicing.view invoicing.cancel accounting.view \
                       accounting.create config.view config.edit"),
            ("cashier", "pos.sell pos.view pos.discount catalog.view customers.view customers.create \
                         inventory.view invoicing.create invoicing.view"),
            ("warehouse", "inventory.view inventory.create inventory.edit inventory.adjust inventory.transfer \
                           catalog.view"),
            ("accountant", "accounting.view accounting.create invoicing.create invoicing.view \
                            invoicing.cancel pos.view customers.view inventory.view"),
        ];
        for (role, expected) in matrix {
            let me = shop.hire(role).await.get("/pos/api/auth/me").await.expect(200);
            let mut granted: Vec<&str> =
                me["permissions"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            granted.sort_unstable();
            let mut expected: Vec<&str> = expected.split_whitespace().collect();
            expected.sort_unstable();
            assert_eq!(granted, expected, "{role}");
        }
    }

    async fn branch_and_discount_have_defaults(shop: Shop) {
        let pin = fresh_pin();
        let body = json!({"name": "Luz", "role": "warehouse", "pin": pin});
        let id = shop.post(PATH, body).await.expect(201).int("id");
        let listed = shop.get(PATH).await.expect(200);
        let row = listed["data"].as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap();
        assert_eq!(row["branch_id"], json!(shop.branch_id));
        assert_eq!(diario_tests::money(&row["max_discount_pct"]), diario_tests::dec("0"));
        assert_eq!(row["email"], json!(null));
    }

    async fn the_largest_discount_is_the_employees(shop: Shop) {
        let item = shop.create_item("100.00", 10).await;
        let cashier = shop.hire_with("cashier", json!({"max_discount_pct": 10})).await;
        let mut body = shop.sale(0, item, "1", "100.00");
        body["payment_method"] = json!("tarjeta");
        body.as_object_mut().unwrap().remove("register_id");
        body.as_object_mut().unwrap().remove("amount_paid");
        body["items"][0]["discount_pct"] = json!(10);
        cashier.sell(body.clone()).await;
        body["items"][0]["discount_pct"] = num("10.01");
        refuses(&cashier, Method::POST, "/pos/api/sales", body.clone(), 403, "").await;
        body["items"][0]["discount_pct"] = json!(0);
        body["items"][0]["unit_price"] = num("89.99");
        refuses(&cashier, Method::POST, "/pos/api/sales", body, 403, "").await;
    }

    async fn a_pin_is_one_employees_of_the_tenant(shop: Shop) {
        let pin = fresh_pin();
        shop.post(PATH, sample(&shop, &pin)).await.expect(201);
        for taken in [PIN, &pin] {
            let mut body = sample(&shop, taken);
            body["name"] = json!("Otra persona");
            refuses(&shop, Method::POST, PATH, body, 400, "pin").await;
        }
        let other = shop.neighbour().await;
        other.post(PATH, sample(&other, &pin)).await.expect(201);
        assert_eq!(other.log_in_with(&pin).await.tenant_id, other.tenant_id);
    }

    async fn a_refused_employee_leaves_the_pin_free(shop: Shop) {
        let pin = fresh_pin();
        let mut body = sample(&shop, &pin);
        body["branch_id"] = json!(987_654);
        refuses(&shop, Method::POST, PATH, body, 400, "branch_id").await;
        let login = json!({"tenant_id": shop.tenant_id, "pin": pin, "device_id": "caja-x"});
        refused(&shop.send(&Method::POST, "/pos/api/auth/login", &[], Some(login.to_string())).await, 401, "");
        shop.post(PATH, sample(&shop, &pin)).await.expect(201);
    }

    async fn a_pin_never_enters_an_event(shop: Shop) {
        let pin = "735192846";
        shop.post(PATH, sample(&shop, pin)).await.expect(201);
        let found = shop.sql().integer(&format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM events WHERE tenant_id = {}
             AND (CAST(payload AS TEXT) LIKE '%{pin}%' OR CAST(metadata AS TEXT) LIKE '%{pin}%')",
            shop.tenant_id
        )).await;
        assert_eq!(found, 0);
    }

    async fn an_owner_is_not_hired(shop: Shop) {
        for role in ["owner", "dueno", "OWNER", "Cashier", ""] {
            let mut body = sample(&shop, &fresh_pin());
            body["role"] = json!(role);
            refuses(&shop, Method::POST, PATH, body, 400, "role").await;
        }
    }

    async fn refuses_bad_fields(shop: Shop) {
        let good = sample(&shop, &fresh_pin());
        refuses_fields(&shop, Method::POST, PATH, &good, &["/name", "/role", "/pin"], &[
            ("/name", json!("")),
            ("/name", json!(5)),
            ("/name", json!(null)),
            ("/name", long_text()),
            ("/role", json!("gerente")),
            ("/role", json!(1)),
            ("/role", json!(null)),
            ("/pin", json!("")),
            ("/pin", json!("567")),
            ("/pin", json!("1234567890123")),
            ("/pin", json!("56a8")),
            ("/pin", json!("56 78")),
            ("/pin", json!("-5678")),
            ("/pin", json!("٥٦٧٨")),
            ("/pin", json!(5678)),
            ("/pin", json!(null)),
            ("/pin", long_text()),
            ("/email", json!(5)),
            ("/email", long_text()),
            ("/phone", json!(5_551_234)),
            ("/phone", long_text()),
            ("/branch_id", json!("centro")),
            ("/branch_id", json!(0)),
            ("/branch_id", json!(-1)),
            ("/branch_id", json!(987_654)),
            ("/max_discount_pct", json!(-1)),
            ("/max_discount_pct", num("100.01")),
            ("/max_discount_pct", json!("diez")),
            ("/max_discount_pct", num("1e30")),
        ]).await;
    }

    async fn a_pin_may_have_four_to_twelve_digits(shop: Shop) {
        for pin in ["0007", "000000000007"] {
            shop.post(PATH, sample(&shop, pin)).await.expect(201);
            shop.log_in_with(pin).await;
        }
    }

    async fn needs_config_edit(shop: Shop) {
        for role in ["cashier", "warehouse", "accountant"] {
            let employee = shop.hire(role).await;
            let before = shop.events().await;
            refused(&employee.post(PATH, sample(&shop, &fresh_pin())).await, 403, "config.edit");
            assert_eq!(shop.events().await, before);
        }
        shop.hire("admin").await.post(PATH, sample(&shop, &fresh_pin())).await.expect(201);
    }

    async fn a_key_hires_once(shop: Shop) {
        let pin = fresh_pin();
        idempotent(&shop, Method::POST, PATH, sample(&shop, &pin), sample(&shop, &fresh_pin())).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"].as_array().unwrap().len(), 2);
        shop.log_in_with(&pin).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample(&shop, &fresh_pin()))).await;
    }
}
