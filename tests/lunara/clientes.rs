use diario_tests::{Shop, assert_shape, both_engines};
use serde_json::{Value, json};

use crate::{get, guarded, refused};

const PATH: &str = "/api/v1/clientes";

async fn patients(shop: &Shop) -> String {
    for (dni, given, surnames, phone) in [
        ("70123456", "María", "Quispe Mamani", "+51999123456"),
        ("70123457", "José", "Núñez", "+51999000111"),
        ("41234567", "Ana", "Quispe", "+51988777666"),
    ] {
        let body = json!({"dni": dni, "nombre": given, "apellidos": surnames, "telefono": phone});
        shop.post("/admin/v1/patients", body).await.expect(201);
    }
    shop.key("lunara", "read:clientes").await
}

fn names(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|row| row["nombre"].as_str().unwrap()).collect()
}

both_engines! {
    async fn lists_patients_as_documented(shop: Shop) {
        let key = patients(&shop).await;
        let answer = get(&shop, &key, &format!("{PATH}?q=quispe&limit=20")).await.expect(200);
        assert_shape(&answer, &json!({
            "ok": true, "total": 2, "limit": 20, "offset": 0,
            "items": [{"dni": "string", "nombre": "string", "apellidos": "string", "telefono": "string"}]
        }));
        assert_eq!(answer["items"][0], json!({
            "dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"
        }));
        assert!(answer.header("x-ratelimit-limit").is_none(), "a plan without limit counts nothing");
    }

    async fn finds_by_number_names_and_telephone_without_accents(shop: Shop) {
        let key = patients(&shop).await;
        for (q, found) in [
            ("7012345", vec!["María", "José"]),
            ("maria", vec!["María"]),
            ("MARÍA QUISPE", vec!["María"]),
            ("nunez", vec!["José"]),
            ("999123", vec!["María"]),
            ("%25", vec![]),
            ("_", vec![]),
            ("'", vec![]),
            ("%00", vec![]),
            ("zzz", vec![]),
            ("", vec!["María", "José", "Ana"]),
        ] {
            let answer = get(&shop, &key, &format!("{PATH}?q={q}")).await.expect(200);
            assert_eq!(names(&answer), found, "{q}");
            assert_eq!(answer.int("total"), i64::try_from(found.len()).unwrap(), "{q}");
        }
    }

    async fn pages_and_clamps(shop: Shop) {
        let key = patients(&shop).await;
        for (query, limit, offset, found) in [
            ("", 50, 0, 3), ("?limit=2", 2, 0, 2), ("?limit=2&offset=2", 2, 2, 1), ("?offset=9", 50, 9, 0),
            ("?limit=501", 500, 0, 3), ("?limit=500", 500, 0, 3), ("?limit=0", 0, 0, 0), ("?limit=&offset=", 50, 0, 3),
            ("?limit=99999999999999999999999", 500, 0, 3),
        ] {
            let answer = get(&shop, &key, &format!("{PATH}{query}")).await.expect(200);
            assert_eq!((answer.int("limit"), answer.int("offset")), (limit, offset), "{query}");
            assert_eq!(names(&answer).len(), found, "{query}");
            assert_eq!(answer.int("total"), 3, "{query}");
        }
    }

    async fn shows_customers_of_the_tills_too_and_no_neighbours(shop: Shop) {
        let key = patients(&shop).await;
        shop.post("/pos/api/customers", json!({"name": "Óptica Sur", "rfc": "OSU010101AB1"})).await.expect(201);
        let answer = get(&shop, &key, &format!("{PATH}?q=optica")).await.expect(200);
        let shown = json!({"dni": "OSU010101AB1", "nombre": "Óptica Sur", "apellidos": "", "telefono": null});
        assert_eq!(answer["items"], json!([shown]));
        let neighbour = shop.neighbour().await;
        let theirs = neighbour.key("lunara", "*").await;
        assert_eq!(get(&neighbour, &theirs, PATH).await.expect(200).int("total"), 0);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, PATH, "read:clientes", &["limit", "offset"]).await;
        refused(&shop.send(&reqwest::Method::GET, &format!("{PATH}?limit=x"), &[], None).await, 401);
    }

    async fn a_key_of_the_sandbox_reads_the_twin(shop: Shop) {
        patients(&shop).await;
        let refused = shop.command(&["key", "create", "--scopes", "*", "--sandbox", "--json"]).await;
        assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("tenant sandbox"));
        shop.sandbox().await;
        let made = shop.command(&["key", "create", "--scopes", "*", "--sandbox", "--json"]).await;
        let made: Value = serde_json::from_slice(&made.stdout).unwrap();
        let key = made["key"].as_str().unwrap();
        assert!(key.starts_with("lk_test_") && key.len() == "lk_test_".len() + 24, "{key}");
        assert_eq!(get(&shop, key, PATH).await.expect(200).int("total"), 0);
        let body = json!({"surface": "lunara", "name": "Pruebas", "scopes": ["*"], "sandbox": true});
        shop.post("/admin/v1/keys", body).await.expect(400);
        let again = diario_tests::diario(&[
            "tenant", "sandbox", "--pin", "8765", "--tenant", &shop.slug, "--database", &shop.database,
        ]).await;
        assert!(!again.status.success(), "a shop has one sandbox");
    }
}
