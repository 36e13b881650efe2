use diario_tests::{assert_shape, both_engines, catalog, dec, guarded, money, num, refuses_query};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/catalog/part";

both_engines! {
    async fn shows_all_that_is_known_of_a_part(shop: Shop) {
        catalog(&shop).await;
        let item = shop.create_item_with(json!({
            "part_number": "0446502220", "price_1": num("350.00"), "initial_stock": 5
        })).await;
        let answer = shop.get(&format!("{PATH}/1")).await.expect(200);
        let row = json!({
            "id": "int", "part_number": "string", "name": "string", "manufacturer": "string",
            "local_stock": "number", "local_price": "?number", "inventory_id": "?int"
        });
        assert_shape(&answer, &json!({
            "id": 1, "part_number": "04465-02220", "name": "Pastillas de freno delanteras", "manufacturer": "TOYOTA",
            "description": "?string", "group": {"id": "int", "name": "Balatas"},
            "category": {"id": "int", "name": "Frenos"}, "local_stock": "number", "local_price": "number",
            "inventory_id": item, "warehouse_stock": "array", "alternatives": [row],
            "cross_references": [{"part_number": "string", "manufacturer": "string", "type": "string"}],
            "vehicles": [{"mye_id": "int", "brand": "TOYOTA", "model": "Corolla", "year": "int", "engine": "string"}]
        }));
        assert_eq!(answer.money("local_stock"), dec("5"));
        assert_eq!(answer.money("local_price"), dec("350"));
        assert_eq!(answer["alternatives"].as_array().unwrap().len(), 3);
        assert_eq!(answer["warehouse_stock"], json!([]), "the caller's own branch is local_stock");
        for other in answer["alternatives"].as_array().unwrap() {
            assert_ne!(other["id"], json!(1));
            // It is one way round as it is the other.
            let back = shop.get(&format!("{PATH}/{}", other["id"])).await.expect(200);
            assert!(back["alternatives"].as_array().unwrap().iter().any(|part| part["id"] == json!(1)));
        }
    }

    async fn other_branches_are_warehouses(shop: Shop) {
        catalog(&shop).await;
        shop.create_item_with(json!({"catalog_part_id": 1, "initial_stock": 5})).await;
        let answer = shop.get(&format!("{PATH}/1?branch_id=999999")).await.expect(200);
        assert_eq!(answer.money("local_stock"), dec("0"));
        assert_shape(&answer["warehouse_stock"], &json!([{
            "branch_id": shop.branch_id, "branch_name": "string", "stock": "number", "available": "number"
        }]));
        assert_eq!(money(&answer["warehouse_stock"][0]["available"]), dec("5"));
    }

    async fn nothing_of_another_tenant_shows(shop: Shop) {
        catalog(&shop).await;
        let other = shop.neighbour().await;
        other.create_item_with(json!({"part_number": "04465-02220", "catalog_part_id": 1})).await;
        let answer = shop.get(&format!("{PATH}/1")).await.expect(200);
        assert_eq!((&answer["inventory_id"], &answer["local_price"]), (&json!(null), &json!(null)));
        assert_eq!((&answer["local_stock"], &answer["warehouse_stock"]), (&json!(0), &json!([])));
    }

    async fn an_unknown_part_is_404(shop: Shop) {
        catalog(&shop).await;
        for id in ["999999", "0", "-1"] {
            shop.get(&format!("{PATH}/{id}")).await.expect(404).error();
        }
        for id in ["abc", "1.5", "99999999999999999999", "%00"] {
            shop.get(&format!("{PATH}/{id}")).await.expect(400).error();
        }
        refuses_query(&shop, &format!("{PATH}/1"), &["branch_id=centro"]).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, &format!("{PATH}/1"), None).await;
    }
}
