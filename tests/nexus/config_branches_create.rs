use diario_tests::{assert_shape, both_engines, guarded, idempotent, long_text, refused, refuses_fields};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/config/branches";

fn sample() -> Value {
    json!({"name": "Sucursal Norte", "address": "Blvd. Independencia 200", "phone": "555-0002"})
}

both_engines! {
    async fn opens_the_documented_branch(shop: Shop) {
        let answer = shop.post(PATH, sample()).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Branch created"}));
        assert_ne!(answer.int("id"), shop.branch_id);
        let listed = shop.get(PATH).await.expect(200);
        assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    }

    async fn needs_no_more_than_a_name(shop: Shop) {
        let branch = shop.open_branch("日本語 · Ñandú").await;
        let listed = shop.get(PATH).await.expect(200);
        let row = listed["data"].as_array().unwrap().iter().find(|row| row["id"] == json!(branch)).unwrap();
        assert_eq!(row["name"], "日本語 · Ñandú");
        assert_eq!(row["address"], json!(null));
    }

    async fn holds_stock_and_takes_employees(shop: Shop) {
        let branch = shop.open_branch("Norte").await;
        let cashier = shop.hire_with("cashier", json!({"branch_id": branch})).await;
        assert_eq!(cashier.branch_id, branch);
        let item = shop.create_item("350.00", 10).await;
        shop.assert_held(item, branch, ["0", "0", "0", "0"]).await;
        shop.post("/pos/api/inventory/purchase", json!({
            "supplier": "X", "invoice_number": "F-1", "branch_id": branch,
            "items": [{"inventory_id": item, "quantity": 4, "unit_cost": 150}]
        })).await.expect(201);
        shop.assert_held(item, branch, ["4", "0", "4", "0"]).await;
        shop.assert_held(item, shop.branch_id, ["10", "0", "10", "0"]).await;
    }

    async fn refuses_bad_fields(shop: Shop) {
        refuses_fields(&shop, Method::POST, PATH, &sample(), &["/name"], &[
            ("/name", json!("")),
            ("/name", json!("   ")),
            ("/name", json!(5)),
            ("/name", json!(null)),
            ("/name", long_text()),
            ("/address", json!(5)),
            ("/address", long_text()),
            ("/phone", json!(5_550_002)),
            ("/phone", json!([])),
            ("/phone", long_text()),
        ]).await;
    }

    async fn needs_config_edit(shop: Shop) {
        for role in ["cashier", "warehouse", "accountant"] {
            let employee = shop.hire(role).await;
            let before = shop.events().await;
            refused(&employee.post(PATH, sample()).await, 403, "config.edit");
            assert_eq!(shop.events().await, before);
        }
        shop.hire("admin").await.post(PATH, sample()).await.expect(201);
    }

    async fn a_key_opens_once(shop: Shop) {
        idempotent(&shop, Method::POST, PATH, sample(), json!({"name": "Otra"})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"].as_array().unwrap().len(), 2);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample())).await;
    }
}
