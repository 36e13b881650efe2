//! Employees' records: changed, dismissed, another PIN.

use std::time::{Duration, Instant};

use diario_tests::{
    Answer, Database, Engine, Server, Shop, alone, assert_shape, both_engines, fresh_pin, idempotent, int,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::problem;

const LOGIN: &str = "/pos/api/auth/login";

fn path(employee: &Shop) -> String {
    format!("/admin/v1/employees/{}", employee.employee_id)
}

async fn row(shop: &Shop, id: i64) -> Value {
    let rows = shop.get("/pos/api/config/employees").await.expect(200);
    rows["data"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
}

async fn log_in(shop: &Shop, pin: &str) -> Answer {
    let body = json!({"tenant_id": shop.tenant_id, "pin": pin, "device_id": format!("caja-{pin}")});
    shop.send(&Method::POST, LOGIN, &[], Some(body.to_string())).await
}

/// A cashier and the PIN that they log in with.
async fn cashier(shop: &Shop) -> (Shop, String) {
    let pin = fresh_pin();
    (shop.hire_with("cashier", json!({"pin": pin, "email": "juan@correo.com"})).await, pin)
}

both_engines! {
    async fn a_record_is_changed_field_by_field(shop: Shop) {
        let (juan, _) = cashier(&shop).await;
        let north = shop.open_branch("Norte").await;
        let answer = shop.put(&path(&juan), json!({"branch_id": north, "max_discount_pct": 12.5})).await.expect(200);
        assert_shape(&answer, &json!({"id": juan.employee_id, "message": "Employee updated"}));
        let now = row(&shop, juan.employee_id).await;
        assert_eq!((&now["branch_id"], &now["name"]), (&json!(north), &json!("Juan Lopez")));
        assert_eq!((now["max_discount_pct"].to_string().as_str(), &now["email"]), ("12.5", &json!("juan@correo.com")));
        // A field that is sent empty is emptied; one that is not sent stays.
        shop.put(&path(&juan), json!({"email": null, "name": "Juan Lopez Paz"})).await.expect(200);
        let now = row(&shop, juan.employee_id).await;
        assert_eq!((&now["email"], &now["name"]), (&Value::Null, &json!("Juan Lopez Paz")));
        // The same role, the same token.
        juan.get("/pos/api/auth/me").await.expect(200);
        let before = shop.events().await;
        shop.put(&path(&juan), json!({"name": "Juan Lopez Paz"})).await.expect(200);
        assert_eq!(shop.events().await, before, "nothing changed");
    }

    async fn who_is_dismissed_comes_in_nowhere_and_sells_nothing(shop: Shop) {
        let (juan, pin) = cashier(&shop).await;
        let item = shop.create_item("350.00", 5).await;
        let register = juan.open_register("100.00").await;
        juan.sell_cash(register, item, "1", "350.00").await;
        shop.put(&path(&juan), json!({"is_active": false})).await.expect(200);
        let before = shop.events().await;
        for (method, path, body) in [
            (Method::GET, "/pos/api/auth/me", None),
            (Method::GET, "/pos/api/inventory/items", None),
            (Method::POST, "/pos/api/sales", Some(juan.sale(register, item, "1", "350.00"))),
        ] {
            juan.request(method, path, body.as_ref()).await.expect(401).error();
        }
        log_in(&shop, &pin).await.expect(401);
        assert_eq!(shop.events().await, before);
        assert_eq!(row(&shop, juan.employee_id).await["is_active"], false);
        // The login screen does not offer them.
        let offered = shop.get(&format!("/pos/api/auth/employees/{}", shop.tenant_id)).await.expect(200);
        assert!(!offered.text().contains("Juan Lopez"), "{}", offered.text());
        // Another closes the drawer that was left open, and whoever comes back comes in again.
        shop.post("/pos/api/register/cut-z", json!({"register_id": register, "counted_amount": 506})).await.expect(200);
        shop.put(&path(&juan), json!({"is_active": true})).await.expect(200);
        log_in(&shop, &pin).await.expect(200);
        juan.get("/pos/api/auth/me").await.expect(200);
    }

    async fn another_role_asks_for_another_login(shop: Shop) {
        let (juan, pin) = cashier(&shop).await;
        shop.put(&path(&juan), json!({"role": "warehouse"})).await.expect(200);
        juan.get("/pos/api/auth/me").await.expect(401);
        let answer = log_in(&shop, &pin).await.expect(200);
        assert_eq!(answer["employee"]["role"], "warehouse");
        assert!(!answer["permissions"].as_array().unwrap().contains(&json!("pos.sell")));
        let juan = shop.log_in_with(&pin).await;
        let item = shop.create_item("350.00", 5).await;
        juan.post("/pos/api/sales", juan.sale(0, item, "1", "350.00")).await.expect(403);
    }

    async fn another_pin_takes_the_place_of_the_one_before(shop: Shop) {
        let (juan, old) = cashier(&shop).await;
        let (_, taken) = cashier(&shop).await;
        let new = fresh_pin();
        let pin = format!("{}/pin", path(&juan));
        problem(&shop.put(&pin, json!({"pin": taken})).await, 422, "pin");
        problem(&shop.put(&pin, json!({"pin": "12"})).await, 400, "pin");
        problem(&shop.put(&pin, json!({})).await, 400, "pin");
        log_in(&shop, &old).await.expect(200);
        let answer = shop.put(&pin, json!({"pin": new})).await.expect(200);
        assert_shape(&answer, &json!({"id": juan.employee_id, "message": "PIN changed"}));
        assert_eq!(int(&log_in(&shop, &new).await.expect(200)["employee"]["id"]), juan.employee_id);
        log_in(&shop, &old).await.expect(401);
        // Nobody has the old one now, so another may.
        shop.hire_with("cashier", json!({"pin": old})).await;
        let exported = shop.command(&["export", "events"]).await;
        let log = String::from_utf8(exported.stdout).unwrap();
        assert!(log.contains("employee.pin_changed") && !log.contains(&new) && !log.contains("argon2"));
    }

    async fn the_owner_is_the_owners(shop: Shop) {
        let admin = shop.hire("admin").await;
        let owner = format!("/admin/v1/employees/{}", shop.owner_employee_id);
        let before = shop.events().await;
        problem(&admin.put(&owner, json!({"name": "Otro"})).await, 403, "dueño");
        problem(&admin.put(&format!("{owner}/pin"), json!({"pin": fresh_pin()})).await, 403, "dueño");
        problem(&shop.put(&owner, json!({"is_active": false})).await, 422, "dueño");
        problem(&shop.put(&owner, json!({"role": "admin"})).await, 422, "dueño");
        problem(&shop.put(&path(&admin), json!({"role": "owner"})).await, 400, "role");
        assert_eq!(shop.events().await, before);
        shop.put(&owner, json!({"name": "Ana María"})).await.expect(200);
        shop.get("/pos/api/auth/me").await.expect(200);
    }

    async fn wrong_data_is_named_and_changes_nothing(shop: Shop) {
        let (juan, _) = cashier(&shop).await;
        let before = shop.events().await;
        for (field, value, status) in [
            ("name", json!(""), 400), ("name", json!(7), 400), ("name", json!("x".repeat(301)), 400),
            ("role", json!("boss"), 400), ("branch_id", json!(99), 422), ("branch_id", json!("x"), 400),
            ("max_discount_pct", json!(101), 422), ("max_discount_pct", json!(-1), 400), ("is_active", json!("no"), 400),
        ] {
            let answer = shop.put(&path(&juan), json!({field: value})).await;
            problem(&answer, status, field);
        }
        problem(&shop.put("/admin/v1/employees/99", json!({"name": "Nadie"})).await, 404, "99");
        problem(&shop.put("/admin/v1/employees/99/pin", json!({"pin": fresh_pin()})).await, 404, "99");
        let other = shop.neighbour().await;
        problem(&other.put(&path(&juan), json!({"name": "Nadie"})).await, 404, "");
        problem(&juan.put(&path(&juan), json!({"max_discount_pct": 100})).await, 403, "config.edit");
        assert_eq!(shop.events().await, before);
    }

    async fn a_key_makes_it_count_once(shop: Shop) {
        let (juan, _) = cashier(&shop).await;
        let (body, other) = (json!({"name": "Juan P."}), json!({"name": "Juan Q."}));
        idempotent(&shop, Method::PUT, &path(&juan), body, other).await;
        let pin = format!("{}/pin", path(&juan));
        idempotent(&shop, Method::PUT, &pin, json!({"pin": fresh_pin()}), json!({"pin": fresh_pin()})).await;
    }
}

#[test]
fn at_another_server_of_the_database_within_a_second() {
    alone(Engine::Postgres, |engine| async move {
        let database = Database::fresh(engine).await;
        let (one, two) = (Server::start(&database), Server::start(&database));
        let here = Shop::create(engine, &one.base, &database.url, &[]).await;
        let there = here.at(&two.base).await;
        let (juan, pin) = cashier(&there).await;
        let item = here.create_item("350.00", 5).await;
        let register = juan.open_register("100.00").await;
        here.put(&path(&juan), json!({"is_active": false})).await.expect(200);
        let gone = Instant::now();
        // Whatever the other server still believes, its writer reads the log before it decides.
        let answer = juan.post("/pos/api/sales", juan.sale(register, item, "1", "350.00")).await;
        assert!([400, 401].contains(&answer.status), "{}", answer.text());
        while juan.get("/pos/api/auth/me").await.status != 401 {
            assert!(gone.elapsed() < Duration::from_secs(10), "still in after {:?}", gone.elapsed());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        log_in(&there, &pin).await.expect(401);
    });
}
