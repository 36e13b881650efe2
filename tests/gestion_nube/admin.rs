//! Product groups, variants and price lists on our own surface.

use diario_tests::{ABILITIES, Answer, assert_shape, both_engines, int, num};
use reqwest::Method;
use serde_json::json;

const GROUPS: &str = "/admin/v1/product-groups";
const LISTS: &str = "/admin/v1/price-lists";

#[track_caller]
fn problem(answer: &Answer, status: u16, word: &str) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
    assert!(answer["detail"].as_str().unwrap().contains(word), "{} says nothing of {word}", answer.text());
}

both_engines! {
    async fn groups_are_made_changed_and_listed(shop: Shop) {
        let item = shop.create_item("10.00", 1).await;
        let body = json!({"code": "REM-001", "name": "Remera", "description": "Algodon", "provider": "Textiles SRL"});
        let group = shop.post(GROUPS, body.clone()).await.expect(201).int("id");
        assert_eq!(group, item + 1, "one sequence of numbers");
        assert_eq!(shop.create_item("10.00", 1).await, group + 1);
        problem(&shop.post(GROUPS, json!({"code": "rem-001", "name": "Otra"})).await, 422, "rem-001");
        let other = shop.post(GROUPS, json!({"code": "REM-002", "name": "Otra", "provider": "TEXTILES SRL"})).await.expect(201).int("id");
        let path = format!("{GROUPS}/{other}");
        problem(&shop.put(&path, json!({"code": "REM-001"})).await, 422, "REM-001");
        shop.put(&path, json!({"code": "REM-003", "active": false, "provider": null})).await.expect(200);
        shop.post(GROUPS, json!({"code": "REM-002", "name": "Tercera", "provider": "textiles srl"})).await.expect(201);
        let before = shop.events().await;
        shop.put(&path, json!({"code": "REM-003"})).await.expect(200);
        assert_eq!(shop.events().await, before, "nothing changed");
        let listed = shop.get(GROUPS).await.expect(200);
        assert_shape(&listed["data"][0], &json!({
            "id": group, "code": "REM-001", "name": "Remera", "description": "Algodon", "category_id": null, "provider_id": 1,
            "provider": "Textiles SRL", "active": true, "retailer_price": "number", "variants": "array"
        }));
        let told: Vec<_> = listed["data"].as_array().unwrap().iter().map(|row| (row["code"].as_str().unwrap(), row["provider_id"].as_i64())).collect();
        assert_eq!(told, [("REM-001", Some(1)), ("REM-003", None), ("REM-002", Some(1))]);
        assert_eq!(listed["data"][1]["active"], false);
        assert_eq!(int(&shop.get(&format!("{GROUPS}?q=tercera")).await["pagination"]["total"]), 1);
    }

    async fn items_become_sizes_and_move(shop: Shop) {
        let (one, items) = shop.product("REM-001", "Remera", "10.00", &[("S", 1), ("M", 2)]).await;
        let (two, others) = shop.product("REM-002", "Remera", "20.00", &[("m", 3)]).await;
        let put = async |group: i64, item: i64, size: &str| {
            shop.put(&format!("{GROUPS}/{group}/variants/{item}"), json!({"size": size})).await
        };
        let listed = shop.get(GROUPS).await.expect(200);
        let sizes = |row: usize| -> Vec<(i64, i64)> {
            listed["data"][row]["variants"].as_array().unwrap().iter().map(|v| (int(&v["item_id"]), int(&v["size_id"]))).collect()
        };
        assert_eq!((sizes(0), sizes(1)), (vec![(items[0], 1), (items[1], 2)], vec![(others[0], 2)]), "a size is the same everywhere");
        problem(&put(one, others[0], "M").await, 422, "M");
        problem(&put(one, 999, "L").await, 404, "999");
        problem(&put(999, items[0], "L").await, 404, "999");
        problem(&put(one, items[0], " ").await, 400, "size");
        problem(&shop.put(&format!("{GROUPS}/{one}/variants/{}", items[0]), json!({})).await, 400, "size");
        let before = shop.events().await;
        put(one, items[1], "M").await.expect(200);
        assert_eq!(shop.events().await, before, "it was so already");
        put(one, others[0], "XL").await.expect(200);
        put(one, items[0], "XS").await.expect(200);
        let listed = shop.get(GROUPS).await.expect(200);
        assert_eq!((listed["data"][0]["variants"].as_array().unwrap().len(), &listed["data"][1]["variants"]), (3, &json!([])));
        // A price of the product is now that of all three.
        let nube = shop.nube(&ABILITIES).await;
        nube.write(&format!("/api/v1/productos/{one}"), json!({"retailer_price": 33})).await.expect(200);
        for item in [items[0], items[1], others[0]] {
            assert_eq!(shop.get(&format!("/pos/api/inventory/items/{item}")).await.money("price_1"), diario_tests::dec("33"));
        }
        crate::refused(&nube.write(&format!("/api/v1/productos/{two}"), json!({"retailer_price": 1})).await, 422, "variantes");
    }

    async fn lists_are_made_and_changed(shop: Shop) {
        let made = shop.post(LISTS, json!({"descripcion": "Mayorista", "variacion": num("-15.25")})).await.expect(201);
        assert_eq!(made.int("id"), 2);
        let path = format!("{LISTS}/2");
        shop.put(&path, json!({"variacion": 15, "descripcion": "Otra"})).await.expect(200);
        shop.put(&path, json!({"active": false})).await.expect(200);
        shop.put(&path, json!({"active": true})).await.expect(200);
        assert_eq!(shop.get(LISTS).await.expect(200)["data"], json!([
            {"id": 1, "descripcion": "Lista Base Minorista", "is_base": true, "variacion": null, "active": true},
            {"id": 2, "descripcion": "Otra", "is_base": false, "variacion": 15, "active": true}
        ]));
        let before = shop.events().await;
        for (body, field) in [
            (json!({"variacion": 1}), "descripcion"), (json!({"descripcion": "x"}), "variacion"), (json!({"descripcion": "", "variacion": 1}), "descripcion"),
            (json!({"descripcion": "x", "variacion": "1"}), "variacion"), (json!({"descripcion": "x", "variacion": 1, "is_base": true}), "is_base"),
        ] {
            problem(&shop.post(LISTS, body).await, 400, field);
        }
        for percent in ["-100", "-101", "1000.1"] {
            problem(&shop.post(LISTS, json!({"descripcion": "x", "variacion": num(percent)})).await, 422, "variacion");
        }
        problem(&shop.put(&format!("{LISTS}/1"), json!({"active": false})).await, 422, "base");
        problem(&shop.put(&format!("{LISTS}/1"), json!({"variacion": 3})).await, 422, "base");
        problem(&shop.put(&format!("{LISTS}/9"), json!({"active": false})).await, 404, "9");
        assert_eq!(shop.events().await, before);
    }

    async fn permissions_ids_and_keys(shop: Shop) {
        let (group, items) = shop.product("REM-001", "Remera", "10.00", &[("S", 1)]).await;
        let accountant = shop.hire("accountant").await;
        let cashier = shop.hire("cashier").await;
        let variant = format!("{GROUPS}/{group}/variants/{}", items[0]);
        let writes = [
            (Method::POST, GROUPS.to_owned(), json!({"code": "A", "name": "A"})), (Method::PUT, format!("{GROUPS}/{group}"), json!({"name": "B"})),
            (Method::PUT, variant, json!({"size": "L"})), (Method::POST, LISTS.to_owned(), json!({"descripcion": "A", "variacion": 1})),
            (Method::PUT, format!("{LISTS}/1"), json!({"descripcion": "B"})),
        ];
        let before = shop.events().await;
        let other = shop.neighbour().await;
        let foreign = other.events().await;
        for (method, path, body) in &writes {
            for employee in [&accountant, &cashier] {
                problem(&employee.request(method.clone(), path, Some(body)).await, 403, "inventory.edit");
            }
            problem(&shop.send(method, path, &[], Some(body.to_string())).await, 401, "");
            if path.contains("product-groups/") {
                problem(&other.request(method.clone(), path, Some(body)).await, 404, "");
            }
        }
        assert_eq!((shop.events().await, other.events().await), (before, foreign));
        for (method, path, body) in &writes {
            let key = [("idempotency-key", "llave")];
            let first = shop.keyed(method.clone(), path, Some(body), &key).await;
            assert!(first.status < 300, "{}", first.text());
            let after = shop.events().await;
            let again = shop.keyed(method.clone(), path, Some(body), &key).await;
            assert_eq!((again.text(), again.header("idempotent-replayed")), (first.text(), Some("true")));
            assert_eq!(shop.events().await, after);
        }
        assert_eq!(other.get(GROUPS).await.expect(200)["data"], json!([]));
        assert_eq!(other.get(LISTS).await.expect(200)["data"].as_array().unwrap().len(), 1);
    }
}
