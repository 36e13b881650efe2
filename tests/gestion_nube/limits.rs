//! 60 requests of a token, 10 exports, 5 logins, each in a minute: exactly.

use diario_tests::{ABILITIES, Answer, PASSWORD, Shop, both_engines, int};
use reqwest::Method;
use serde_json::json;

fn number(answer: &Answer, name: &str) -> i64 {
    answer.header(name).unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

fn too_many(answer: &Answer, limit: i64) {
    assert_eq!(answer.status, 429, "{}", answer.text());
    assert_eq!(answer["message"], "Demasiadas solicitudes. Intenta nuevamente en un minuto.");
    let wait = int(&answer["retry_after"]);
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(number(answer, "retry-after"), wait);
    assert_eq!(answer.body.as_object().unwrap().len(), 2);
    assert_eq!((number(answer, "x-ratelimit-limit"), number(answer, "x-ratelimit-remaining")), (limit, 0));
    assert!(number(answer, "x-ratelimit-reset") > 1_700_000_000);
}

async fn login(shop: &Shop, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password, "device_name": "caja"});
    shop.send(&Method::POST, "/api/sanctum/token", &[], Some(body.to_string())).await
}

both_engines! {
    async fn sixty_requests_of_a_token_and_not_one_more(shop: Shop) {
        let nube = shop.nube(&["prices:read"]).await;
        let other = shop.nube_of(&nube.email, &["prices:read"]).await;
        for used in 1..=60 {
            // What is refused for another reason counts too.
            let (path, status) = if used == 7 { ("/api/v1/productos/obtener", 403) } else { ("/api/v1/ping", 200) };
            let answer = nube.read(path).await;
            assert_eq!(answer.status, status, "request {used}: {}", answer.text());
            assert_eq!((number(&answer, "x-ratelimit-limit"), number(&answer, "x-ratelimit-remaining")), (60, 60 - used));
        }
        for path in ["/api/v1/ping", "/api/v1/usuario", "/api/v1/precios/obtener"] {
            too_many(&nube.read(path).await, 60);
        }
        // Another token of the same person has its own.
        assert_eq!(number(&other.read("/api/v1/ping").await.expect(200), "x-ratelimit-remaining"), 59);
    }

    async fn ten_exports_and_each_is_a_request_besides(shop: Shop) {
        let nube = shop.nube(&ABILITIES).await;
        for used in 1..=10 {
            let answer = nube.read("/api/v1/productos/exportar").await.expect(200);
            assert_eq!((number(&answer, "x-ratelimit-limit"), number(&answer, "x-ratelimit-remaining")), (10, 10 - used));
        }
        too_many(&nube.read("/api/v1/productos/exportar").await, 10);
        let answer = nube.read("/api/v1/productos/obtener").await.expect(200);
        assert_eq!(number(&answer, "x-ratelimit-remaining"), 60 - 12);
    }

    async fn five_logins_of_an_address_whether_right_or_wrong(shop: Shop) {
        let (ana, eva) = (shop.nube_person().await, shop.nube_person().await);
        for used in 1..=5 {
            let password = if used % 2 == 0 { PASSWORD } else { "equivocada" };
            let answer = login(&shop, &ana, password).await;
            assert_eq!(answer.status, if used % 2 == 0 { 200 } else { 422 }, "{}", answer.text());
            assert_eq!((number(&answer, "x-ratelimit-limit"), number(&answer, "x-ratelimit-remaining")), (5, 5 - used));
        }
        let before = shop.events().await;
        too_many(&login(&shop, &ana, PASSWORD).await, 5);
        too_many(&login(&shop, &ana.to_uppercase(), PASSWORD).await, 5);
        assert_eq!(shop.events().await, before);
        login(&shop, &eva, PASSWORD).await.expect(200);
    }
}
