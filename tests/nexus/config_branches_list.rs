use diario_tests::{assert_shape, both_engines, guarded, int};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/config/branches";

both_engines! {
    async fn lists_the_branches(shop: Shop) {
        let body = json!({"name": "Sucursal Centro", "address": "Av. Juarez 100", "phone": "555-0001"});
        let centre = shop.post(PATH, body).await.expect(201).int("id");
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "name": "string", "address": "?string", "phone": "?string", "is_active": true
        }]}));
        let rows = answer["data"].as_array().unwrap();
        let mut ids: Vec<i64> = rows.iter().map(|row| int(&row["id"])).collect();
        ids.sort_unstable();
        assert_eq!(ids, [shop.branch_id, centre]);
        let row = rows.iter().find(|row| row["id"] == json!(centre)).unwrap();
        assert_eq!(row["name"], "Sucursal Centro");
        assert_eq!(row["address"], "Av. Juarez 100");
        assert_eq!(row["phone"], "555-0001");
    }

    async fn every_employee_may_look(shop: Shop) {
        for role in ["cashier", "warehouse", "accountant"] {
            shop.hire(role).await.get(PATH).await.expect(200);
        }
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        shop.neighbour().await.open_branch("Ajena").await;
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["data"].as_array().unwrap().len(), 1, "{:#}", *answer);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
