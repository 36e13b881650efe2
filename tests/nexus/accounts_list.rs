use diario_tests::{assert_shape, both_engines, guarded};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/accounting/accounts";

both_engines! {
    async fn lists_the_chart(shop: Shop) {
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "code": "string", "sat_code": "string", "name": "string", "type": "string",
            "parent_id": "?int", "level": "int", "is_active": "bool"
        }]}));
        let rows = answer["data"].as_array().unwrap();
        let find = |code: &str| {
            rows.iter().find(|row| row["code"] == code).unwrap_or_else(|| panic!("no account {code}"))
        };
        for (code, side) in [
            ("101.01", "debit"), ("102.01", "debit"), ("105.01", "debit"), ("107.01", "debit"),
            ("107.05", "debit"), ("115.01", "debit"), ("118.01", "debit"), ("119.01", "debit"),
            ("201.01", "credit"), ("206.05", "credit"), ("208.01", "credit"), ("209.01", "credit"),
            ("401.02", "credit"), ("401.03", "credit"), ("402.01", "debit"), ("501.01", "debit"),
            ("501.08", "debit"), ("704.23", "credit"),
        ] {
            let account = find(code);
            assert_eq!(account["type"], side, "{code}");
            assert_eq!(account["sat_code"], code);
            let parent = account["parent_id"].as_i64().unwrap_or_else(|| panic!("{code} has no parent"));
            assert!(rows.iter().any(|row| row["id"] == json!(parent)), "{code}");
        }
        let ids: std::collections::BTreeSet<i64> =
            rows.iter().map(|row: &Value| row["id"].as_i64().unwrap()).collect();
        assert_eq!(ids.len(), rows.len(), "ids are unique");
        assert_eq!(rows.len(), 1_075, "SAT's whole chart, without the code of banks");
        for (code, level, parent) in [("100", 1, None), ("100.02", 2, Some("100")), ("151", 2, Some("100")), ("401.10", 3, Some("401"))] {
            let account = find(code);
            assert_eq!(account["level"], level, "{code}");
            assert_eq!(account["parent_id"], parent.map_or(Value::Null, |parent| find(parent)["id"].clone()), "{code}");
        }
        assert_eq!(find("601.75")["name"], "Comisiones por tarjetas de crédito");
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
