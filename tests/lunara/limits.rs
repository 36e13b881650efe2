use diario_tests::{Answer, Shop, both_engines};
use serde_json::json;

use crate::{get, refused};

const PATHS: [&str; 3] =
    ["/api/v1/clientes?limit=1", "/api/v1/recetas?limit=1", "/api/v1/inventario?limit=1"];

fn header(answer: &Answer, name: &str) -> i64 {
    let text = answer.header(name).unwrap_or_else(|| panic!("no {name}: {}", answer.text()));
    text.parse().unwrap()
}

async fn plan(shop: &Shop, plan: &str) {
    shop.put("/admin/v1/plan", json!({"plan": plan})).await.expect(200);
}

/// As if a day were over.
async fn next_day(shop: &Shop) {
    let id = shop.tenant_id;
    shop.sql().run(&format!("UPDATE daily_usage SET day = day - 1 WHERE tenant_id = {id}")).await;
}

#[track_caller]
fn over(answer: &Answer, limit: i64) {
    refused(answer, 429);
    assert_eq!(answer["code"], "demasiadas_solicitudes");
    let wait = header(answer, "retry-after");
    assert!((1..=25 * 3_600).contains(&wait), "{wait}");
    assert_eq!(header(answer, "x-ratelimit-reset"), wait);
    assert_eq!((header(answer, "x-ratelimit-limit"), header(answer, "x-ratelimit-remaining")), (limit, 0));
}

both_engines! {
    async fn the_small_plan_has_a_thousand_requests_a_day_over_all_keys(shop: Shop) {
        plan(&shop, "basico").await;
        let keys = [shop.key("lunara", "*").await, shop.key("lunara", "*").await];
        for (number, left) in (0..1_000).rev().enumerate() {
            let answer = get(&shop, &keys[number % 2], PATHS[number % 3]).await.expect(200);
            assert_eq!(header(&answer, "x-ratelimit-remaining"), left);
            assert_eq!(header(&answer, "x-ratelimit-limit"), 1_000);
        }
        for key in &keys {
            over(&get(&shop, key, PATHS[0]).await, 1_000);
        }
        next_day(&shop).await;
        let answer = get(&shop, &keys[0], PATHS[0]).await.expect(200);
        assert_eq!(header(&answer, "x-ratelimit-remaining"), 999);
    }

    async fn a_larger_plan_takes_over_at_once(shop: Shop) {
        let key = shop.key("lunara", "read:clientes").await;
        plan(&shop, "basico").await;
        get(&shop, &key, PATHS[0]).await.expect(200);
        let id = shop.tenant_id;
        let used = |used: i64| format!("UPDATE daily_usage SET used = {used} WHERE tenant_id = {id}");
        shop.sql().run(&used(1_000)).await;
        over(&get(&shop, &key, PATHS[0]).await, 1_000);
        plan(&shop, "pro").await;
        shop.sql().run(&used(9_998)).await;
        get(&shop, &key, PATHS[0]).await.expect(200);
        // What is refused for another reason was asked all the same.
        refused(&get(&shop, &key, "/api/v1/recetas").await, 403);
        over(&get(&shop, &key, PATHS[0]).await, 10_000);
        for name in ["enterprise", "vitalicia"] {
            plan(&shop, name).await;
            let answer = get(&shop, &key, PATHS[0]).await.expect(200);
            assert!(answer.header("x-ratelimit-limit").is_none(), "{name} has no limit");
        }
    }

    async fn errors_say_where_the_limit_stands_and_strangers_are_not_counted(shop: Shop) {
        plan(&shop, "basico").await;
        let key = shop.key("lunara", "read:clientes").await;
        let answer = get(&shop, &key, "/api/v1/clientes?limit=x").await;
        refused(&answer, 422);
        assert_eq!(header(&answer, "x-ratelimit-remaining"), 999);
        refused(&get(&shop, "lk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "/api/v1/clientes").await, 401);
        let neighbour = shop.neighbour().await;
        plan(&neighbour, "basico").await;
        let theirs = neighbour.key("lunara", "*").await;
        let answer = get(&neighbour, &theirs, PATHS[0]).await.expect(200);
        assert_eq!(header(&answer, "x-ratelimit-remaining"), 999);
        let answer = get(&shop, &key, PATHS[0]).await.expect(200);
        assert_eq!(header(&answer, "x-ratelimit-remaining"), 998);
    }
}
