use diario_tests::{assert_shape, both_engines, guarded, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/customers";

both_engines! {
    async fn lists_and_searches(shop: Shop) {
        let maria = shop.post(PATH, json!({
            "name": "María Núñez", "rfc": "NUMA800101AB1", "razon_social": "Frenos del Bajío SA",
            "phone": "555-9876"
        })).await.expect(201).int("id");
        shop.post(PATH, json!({"name": "Juan", "phone": "444-0000"})).await.expect(201);
        let answer = shop.get("/pos/api/customers/").await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "id": "int", "name": "string", "rfc": "?string", "razon_social": "?string", "email": "?string",
                "phone": "?string", "price_tier": "string", "credit_limit": "number", "balance": "number"
            }],
            "pagination": {"page": 1, "per_page": 50, "total": 2, "total_pages": 1}
        }));
        for q in ["maria", "NUNEZ", "numa80", "555-98", "bajio", "mar%C3%ADa%20n"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            let rows = answer["data"].as_array().unwrap();
            assert!(rows.len() == 1 && rows[0]["id"] == json!(maria), "{q}: {:#}", *answer);
        }
        let answer = shop.get(&format!("{PATH}?per_page=1&page=2")).await.expect(200);
        assert_shape(&answer["pagination"], &json!({"page": 2, "per_page": 1, "total": 2, "total_pages": 2}));
        assert_eq!(answer["data"].as_array().unwrap().len(), 1);
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let one_more = async || {
            shop.create_customer("0.00").await;
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "id", one_more).await;
        walks(&shop, &format!("{PATH}?q=perez"), "id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["page=0", "page=x", "per_page=0", "per_page=x", "branch_id=x"]).await;
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        shop.neighbour().await.create_customer("1.00").await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
