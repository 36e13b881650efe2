use diario_tests::{Answer, assert_shape, both_engines, dec, guarded, int, money, refuses_query};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/alerts";

fn items(answer: &Answer, list: &str) -> Vec<i64> {
    let mut ids: Vec<i64> =
        answer[list].as_array().unwrap().iter().map(|row| int(&row["inventory_id"])).collect();
    ids.sort_unstable();
    ids
}

fn row(branch: &str) -> Value {
    json!([{
        "inventory_id": "int", "part_number": "string", "name": "string", "branch_id": branch,
        "branch_name": if branch == "int" { "string" } else { branch }, "stock": "number",
        "min_stock": "number", "max_stock": "?number"
    }])
}

both_engines! {
    async fn tells_zero_low_and_over_apart(shop: Shop) {
        let limits = |stock: i64| json!({"min_stock": 5, "max_stock": 50, "initial_stock": stock});
        let gone = shop.create_item_with(limits(3)).await;
        let at_the_minimum = shop.create_item_with(limits(5)).await;
        shop.create_item_with(limits(6)).await;
        shop.create_item_with(limits(50)).await;
        let over = shop.create_item_with(limits(51)).await;
        let low = shop.create_item_with(limits(1)).await;
        let merma = json!({"inventory_id": gone, "quantity": -3, "reason": "Merma"});
        shop.post("/pos/api/inventory/adjustment", merma).await.expect(201);
        let answer = shop.get(PATH).await.expect(200);
        for list in ["zero_stock", "low_stock", "over_stock"] {
            assert_shape(&answer[list], &row("?int"));
            let rows = answer[list].as_array().unwrap();
            assert!(rows.iter().all(|row| row["branch_id"].is_null()), "a sum has no branch: {rows:#?}");
        }
        assert_eq!(items(&answer, "zero_stock"), [gone]);
        assert_eq!(items(&answer, "low_stock"), [at_the_minimum, low]);
        assert_eq!(items(&answer, "over_stock"), [over]);
        assert_eq!(money(&answer["over_stock"][0]["stock"]), dec("51"));
        assert_eq!(money(&answer["over_stock"][0]["max_stock"]), dec("50"));
        assert_eq!(money(&answer["over_stock"][0]["min_stock"]), dec("5"));
    }

    async fn looks_at_one_branch_or_at_all(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item_with(json!({"min_stock": 5, "max_stock": 8, "initial_stock": 10})).await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        let elsewhere = shop.create_item_with(json!({"min_stock": 5, "initial_stock": 1})).await;
        let all = shop.get(PATH).await.expect(200);
        assert_eq!(items(&all, "over_stock"), [item], "6 and 4 are 10");
        assert_eq!(items(&all, "low_stock"), [elsewhere]);
        let answer = shop.get(&format!("{PATH}?branch_id={north}")).await.expect(200);
        assert_shape(&answer["low_stock"], &row("int"));
        assert_eq!(items(&answer, "low_stock"), [item]);
        assert_eq!(answer["low_stock"][0]["branch_id"], json!(north));
        assert_eq!(answer["low_stock"][0]["branch_name"], "Norte");
        assert_eq!(money(&answer["low_stock"][0]["stock"]), dec("4"));
        assert_eq!(items(&answer, "over_stock"), Vec::<i64>::new());
        assert_eq!(items(&answer, "zero_stock"), Vec::<i64>::new(), "a branch that never had the item");
        let home = shop.get(&format!("{PATH}?branch_id={}", shop.branch_id)).await.expect(200);
        assert_eq!(items(&home, "low_stock"), [elsewhere]);
    }

    async fn services_and_inactive_items_alert_nobody(shop: Shop) {
        shop.create_item_with(json!({"kind": "service", "initial_stock": 0, "min_stock": 5})).await;
        let item = shop.create_item_with(json!({"initial_stock": 1, "min_stock": 5})).await;
        let body = json!({"is_active": false});
        shop.put(&format!("/pos/api/inventory/items/{item}"), body).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        for list in ["zero_stock", "low_stock", "over_stock"] {
            assert_eq!(answer[list], json!([]), "{list}");
        }
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        shop.neighbour().await.create_item_with(json!({"min_stock": 50})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["low_stock"], json!([]));
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &["branch_id=centro", "branch_id=1.5"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
