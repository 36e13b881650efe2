use diario_tests::{assert_shape, both_engines, guarded, int};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/categories";

fn of(rows: &[Value], id: i64) -> &Value {
    rows.iter().find(|row| row["id"] == json!(id)).unwrap_or_else(|| panic!("no category {id} in {rows:#?}"))
}

both_engines! {
    async fn lists_what_was_created_and_what_items_use(shop: Shop) {
        let brakes = shop.post(PATH, json!({"name": "Frenos"})).await.expect(201).int("id");
        let pads = shop.post(PATH, json!({"name": "Balatas", "parent_id": brakes})).await.expect(201).int("id");
        for category in [pads, pads, 5_000] {
            shop.create_item_with(json!({"category_id": category})).await;
        }
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": "int", "name": "string", "parent_id": "?int", "item_count": "int"
        }]}));
        let rows = answer["data"].as_array().unwrap();
        assert_eq!(rows.len(), 3, "{rows:#?}");
        assert_eq!(of(rows, brakes)["name"], "Frenos");
        assert_eq!(of(rows, brakes)["parent_id"], json!(null));
        assert_eq!(int(&of(rows, brakes)["item_count"]), 0);
        assert_eq!(of(rows, pads)["parent_id"], json!(brakes));
        assert_eq!(int(&of(rows, pads)["item_count"]), 2);
        assert_eq!(of(rows, 5_000)["name"], "Categoría 5000", "one that was only ever used has no name");
        assert_eq!(int(&of(rows, 5_000)["item_count"]), 1);
    }

    async fn an_item_that_changes_category_is_counted_where_it_is(shop: Shop) {
        let item = shop.create_item_with(json!({"category_id": 7})).await;
        let body = json!({"category_id": 8});
        shop.put(&format!("/pos/api/inventory/items/{item}"), body).await.expect(200);
        let answer = shop.get(PATH).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        assert_eq!(int(&of(rows, 8)["item_count"]), 1);
        assert!(rows.iter().all(|row| row["id"] != json!(7) || row["item_count"] == json!(0)), "{rows:#?}");
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        other.post(PATH, json!({"name": "Ajena"})).await.expect(201);
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
