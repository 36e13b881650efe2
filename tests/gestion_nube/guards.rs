//! What every operation refuses in the same way.

use std::fmt::Write as _;

use diario_tests::{ABILITIES, Nube, Shop, both_engines};
use reqwest::Method;
use serde_json::json;

use crate::{OPERATIONS, fault, refused};

/// Everything of this shop that another shop's caller must not see: a product and a token.
async fn furnished(shop: &Shop) -> (i64, Nube) {
    let (group, _) = shop.product("REM-001", "Remera Oversize", "100.00", &[("M", 5)]).await;
    (group, shop.nube(&ABILITIES).await)
}

fn token_id(nube: &Nube) -> String {
    nube.token.split('|').next().unwrap().to_owned()
}

both_engines! {
    async fn no_token_and_tokens_of_other_surfaces_are_401(shop: Shop) {
        let (group, nube) = furnished(&shop).await;
        let mut values = vec![
            (String::new(), "no token"), ("Bearer ".to_owned(), "an empty token"), ("Bearer abc".to_owned(), "no token at all"),
            (format!("Basic {}", nube.token), "another scheme"), (format!("Bearer {}x", nube.token), "a longer token"),
            (format!("Bearer {}", nube.token.split('|').nth(1).unwrap()), "a token without its id"),
            (format!("Bearer 99|{}", nube.token.split('|').nth(1).unwrap()), "another token's id"),
            (format!("Bearer {}", shop.token), "a token of Nexus"),
        ];
        for surface in ["lunara", "lummy", "lunatel"] {
            let scopes = if surface == "lunara" { json!(["*"]) } else { json!([]) };
            let body = json!({"surface": surface, "name": "llave", "scopes": scopes});
            let key = shop.post("/admin/v1/keys", body).await.expect(201);
            values.push((format!("Bearer {}", key["key"].as_str().unwrap()), surface));
        }
        let before = shop.events().await;
        let mut faults = String::new();
        for operation in OPERATIONS {
            let id = if operation.path.contains("token_id") { token_id(&nube) } else { group.to_string() };
            for (value, what) in &values {
                let headers = [("authorization", value.as_str())];
                let headers: &[(&str, &str)] = if value.is_empty() { &[] } else { &headers };
                let body = operation.body.map(ToOwned::to_owned);
                let answer = shop.send(&operation.verb(), &operation.at(&id), headers, body).await;
                if let Some(fault) = fault(&answer, 401) {
                    let _ = writeln!(faults, "{what}: {fault}");
                }
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
        assert_eq!(shop.events().await, before);
    }

    async fn a_token_without_the_ability_is_403(shop: Shop) {
        let (group, _) = furnished(&shop).await;
        let before_any = shop.events().await;
        for operation in OPERATIONS {
            let Some(ability) = operation.ability else { continue };
            let others: Vec<&str> = ABILITIES.into_iter().filter(|other| *other != ability).collect();
            let nube = shop.nube(&others).await;
            let before = shop.events().await;
            let answer = nube.ask(operation.verb(), &operation.at(&group.to_string()), operation.json().as_ref()).await;
            refused(&answer, 403, ability);
            assert_eq!(shop.events().await, before);
            let nube = shop.nube(&[ability]).await;
            let answer = nube.ask(operation.verb(), &operation.at(&group.to_string()), operation.json().as_ref()).await;
            assert_eq!(answer.status, 200, "{} answered {}", answer.request, answer.text());
        }
        assert!(shop.events().await > before_any);
    }

    async fn another_shops_ids_and_what_is_no_id_are_not_found(shop: Shop) {
        // Of another shop that has more products and tokens than this one.
        let other = shop.neighbour().await;
        for number in 0..3 {
            other.create_item("10.00", number).await;
            other.nube(&ABILITIES).await;
        }
        let (foreign, theirs) = furnished(&other).await;
        let nube = shop.nube(&ABILITIES).await;
        let before = shop.events().await;
        let foreign_before = other.events().await;
        let mut faults = String::new();
        for operation in OPERATIONS.iter().filter(|one| one.path.contains('{')) {
            let id = if operation.path.contains("token_id") { token_id(&theirs) } else { foreign.to_string() };
            for id in [id.as_str(), "999999", "0", "-1", "9223372036854775807"] {
                let answer = nube.ask(operation.verb(), &operation.at(id), operation.json().as_ref()).await;
                if let Some(fault) = fault(&answer, 404) {
                    let _ = writeln!(faults, "{fault}");
                }
            }
        }
        let nube = shop.nube(&ABILITIES).await;
        for operation in OPERATIONS.iter().filter(|one| one.path.contains('{')) {
            for id in ["abc", "1.5", "99999999999999999999999", "%00"] {
                let answer = nube.ask(operation.verb(), &operation.at(id), operation.json().as_ref()).await;
                if let Some(fault) = fault(&answer, 400) {
                    let _ = writeln!(faults, "{fault}");
                }
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
        assert_eq!((shop.events().await - before, other.events().await), (2, foreign_before), "only a person and a token");
        refused(&nube.write("/api/v1/precios/7/producto/1", json!({"price": 1})).await, 404, "");
        refused(&nube.read("/api/v1/precios/obtener?lista_id=7").await, 404, "lista");
    }

    async fn unknown_paths_wrong_methods_and_broken_bodies(shop: Shop) {
        let (group, nube) = furnished(&shop).await;
        for path in ["/api/v1/nada", "/api", "/api/v1/productos", "/sanctum/nada", "/api/v1/tokens/1/2"] {
            refused(&nube.read(path).await, 404, "");
        }
        // G-22: there is no reading of this path.
        let answer = nube.read(&format!("/api/v1/productos/{group}")).await;
        refused(&answer, 405, "");
        let allowed = answer.header("allow").unwrap();
        assert!(allowed.contains("PUT") && allowed.contains("PATCH") && !allowed.contains("GET"), "{allowed}");
        refused(&nube.ask(Method::PUT, "/api/v1/productos/obtener", Some(&json!({}))).await, 405, "");
        refused(&nube.ask(Method::GET, "/api/sanctum/token", None).await, 405, "");
        let bearer = format!("Bearer {}", nube.token);
        let before = shop.events().await;
        for operation in OPERATIONS.iter().filter(|one| one.body.is_some()) {
            for broken in ["{\"a\":", "nada", "[]", "7", "{\"a\":1}{"] {
                let path = operation.at(&group.to_string());
                let headers = [("authorization", bearer.as_str())];
                let answer = shop.send(&operation.verb(), &path, &headers, Some(broken.to_owned())).await;
                refused(&answer, 400, "");
            }
        }
        assert_eq!(shop.events().await, before);
        // A final slash changes nothing.
        assert_eq!(nube.read("/api/v1/ping/").await.expect(200).text(), r#"{"status":"ok"}"#);
        let large = format!("{{\"price\": 1, \"x\": \"{}\"}}", "x".repeat(5_000_000));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let path = format!("{}/api/v1/productos/{group}", shop.base);
        let answer = http.put(path).bearer_auth(&nube.token).body(large).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 400);
        assert_eq!(shop.events().await, before);
    }
}
