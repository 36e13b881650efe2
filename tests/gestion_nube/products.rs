//! Products: lists, one of them, and prices that are written.

use diario_tests::{ABILITIES, assert_shape, both_engines, dec, int, money, num};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{paged, refused};

const LIST: &str = "/api/v1/productos/obtener";

fn ids(answer: &Value) -> Vec<i64> {
    answer["data"].as_array().unwrap().iter().map(|row| int(&row["id"])).collect()
}

both_engines! {
    // products_list: by id, filtered, with what the flags ask for.
    async fn products_are_listed(shop: Shop) {
        let category = shop.post("/pos/api/inventory/categories", json!({"name": "Remeras"})).await.expect(201).int("id");
        let (one, items) = shop.product("REM-001", "Remera Oversize", "16999.00", &[("M", 3), ("L", 2)]).await;
        let (two, _) = shop.product("PAN-7", "Pantalón", "20.00", &[("40", 0)]).await;
        let more = json!({"description": "Algodon 24/1", "category_id": category, "provider": "Textiles SRL"});
        shop.put(&format!("/admin/v1/product-groups/{one}"), more).await.expect(200);
        shop.put(&format!("/admin/v1/product-groups/{two}"), json!({"active": false, "provider": "Otra SA"})).await.expect(200);
        let lone = shop.create_item_with(json!({"part_number": "GOR-1", "name": "Gorra", "category_id": category})).await;
        let nube = shop.nube(&ABILITIES).await;

        let answer = nube.read(LIST).await.expect(200);
        paged(&answer, 1, 50, 3);
        assert_eq!(ids(&answer), [one, two, lone]);
        let row = &answer["data"][0];
        assert_eq!(row, &json!({
            "id": one, "code": "REM-001", "name": "Remera Oversize", "description": "Algodon 24/1",
            "retailer_price": num("16999.00"), "wholesaler_price": num("0.00"), "unit_cost": num("150.00"),
            "category": "Remeras", "provider": "Textiles SRL", "category_id": category, "provider_id": 1, "active": true
        }));
        for (query, found) in [
            ("q=remera", vec![one]), ("q=PANTALON", vec![two]), ("q=gor-1", vec![lone]), ("code=rem-001", vec![one]), ("code=REM", vec![]),
            ("active=1", vec![one, lone]), ("active=0", vec![two]), ("active=true", vec![one, lone]), ("active=false", vec![two]),
            ("active", vec![one, lone]), ("provider_id=2", vec![two]), ("provider_id=9", vec![]),
            (&format!("category_id={category}"), vec![one, lone]), ("per_page=1&page=2", vec![two]), ("code=%00", vec![]), ("q=%00", vec![]), ("q=%25", vec![]),
        ] {
            assert_eq!(ids(&nube.read(&format!("{LIST}?{query}")).await.expect(200)), found, "{query}");
        }
        for flags in ["include_stock=1&include_variants=1", "include_stock&include_variants", "include_stock=true&include_variants=true"] {
            let answer = nube.read(&format!("{LIST}?{flags}")).await.expect(200);
            assert_shape(&answer["data"][0], &json!({"stock_total": 5, "variantes": [{
                "size_id": "int", "size": "string", "barcode": "string", "sku": "string",
                "stock_por_tienda": [{"store_id": shop.branch_id, "store_name": "string", "stock_disponible": "int"}]
            }]}));
            assert_eq!(answer["data"][0]["variantes"][0]["sku"], "REM-001-M");
        }
        let answer = nube.read(&format!("{LIST}?include_stock=0&include_variants=false")).await.expect(200);
        assert!(answer["data"][0].get("stock_total").is_none() && answer["data"][0].get("variantes").is_none());
        for bad in ["active=quizas", "category_id=x", "provider_id=1.5", "include_stock=2", "include_variants=si", "per_page=abc"] {
            refused(&nube.read(&format!("{LIST}?{bad}")).await, 400, bad.split('=').next().unwrap());
        }
        assert_eq!(items.len(), 2);
    }

    // products_detail: the documented object, and its parts only where they are asked for.
    async fn one_product_is_told(shop: Shop) {
        let north = shop.open_branch("Sucursal Palermo").await;
        let (group, items) = shop.product("REM-001", "Remera Oversize", "16999.00", &[("M", 120), ("L", 7)]).await;
        shop.transfer(shop.branch_id, north, items[0], "45", "immediate").await;
        let nube = shop.nube(&ABILITIES).await;
        let path = format!("/api/v1/productos/ver/{group}");
        let bare = nube.read(&path).await.expect(200);
        assert!(bare.get("stock_total").is_none() && bare.get("variantes").is_none());
        let full = nube.read(&format!("{path}?include_stock=1&include_variants=1")).await.expect(200);
        assert_shape(&full, &json!({
            "id": group, "code": "REM-001", "name": "Remera Oversize", "description": null, "retailer_price": "number",
            "wholesaler_price": "number", "unit_cost": "number", "category": null, "provider": null, "stock_total": 127,
            "variantes": [{"size_id": "int", "size": "string", "barcode": "string", "stock_por_tienda": "array"}]
        }));
        assert_eq!(full["variantes"][0]["stock_por_tienda"], json!([
            {"store_id": shop.branch_id, "store_name": full["variantes"][1]["stock_por_tienda"][0]["store_name"], "stock_disponible": 75},
            {"store_id": north, "store_name": "Sucursal Palermo", "stock_disponible": 45}
        ]));
        // A variant is no product of its own; an item in no group is, with one size.
        refused(&nube.read(&format!("/api/v1/productos/ver/{}", items[0])).await, 404, "producto");
        let lone = shop.create_item("9.00", 4).await;
        let lone = nube.read(&format!("/api/v1/productos/ver/{lone}?include_variants=1")).await.expect(200);
        assert_eq!((int(&lone["variantes"][0]["size_id"]), lone["variantes"].as_array().unwrap().len()), (0, 1));
    }

    // products_update: either price, for every size.
    // products_update_patch: the same.
    // products_prices: and the cost, while nothing is in stock.
    // products_prices_patch: the same.
    async fn prices_are_written(shop: Shop) {
        let (group, items) = shop.product("REM-001", "Remera", "100.00", &[("M", 3), ("L", 0)]).await;
        let nube = shop.nube(&ABILITIES).await;
        let (path, prices) = (format!("/api/v1/productos/{group}"), format!("/api/v1/productos/{group}/precios"));
        let body = json!({"retailer_price": 18500, "wholesaler_price": num("13000.5")});
        for (method, path, message) in [
            (Method::PUT, &path, "Producto actualizado correctamente"), (Method::PATCH, &path, "Producto actualizado correctamente"),
            (Method::PUT, &prices, "Precios actualizados correctamente"), (Method::PATCH, &prices, "Precios actualizados correctamente"),
        ] {
            nube.write(&path.replace("/precios", ""), json!({"retailer_price": 1, "wholesaler_price": 1})).await.expect(200);
            let answer = nube.ask(method, path, Some(&body)).await.expect(200);
            assert_eq!(answer.body, json!({"message": message, "data": {
                "id": group, "code": "REM-001", "name": "Remera", "retailer_price": num("18500.00"),
                "wholesaler_price": num("13000.50"), "unit_cost": num("150.00")
            }}));
            for item in &items {
                let till = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
                assert_eq!((till.money("price_1"), till.money("price_3")), (dec("18500"), dec("13000.5")));
            }
        }
        let answer = nube.ask(Method::PATCH, &path, Some(&json!({"wholesaler_price": 7}))).await.expect(200);
        assert_eq!((money(&answer["data"]["retailer_price"]), money(&answer["data"]["wholesaler_price"])), (dec("18500"), dec("7")));
        let shown = nube.read(&format!("/api/v1/productos/ver/{group}")).await.expect(200);
        assert_eq!(shown.money("wholesaler_price"), dec("7"));
        // A price that is there already is no event.
        let before = shop.events().await;
        nube.write(&path, json!({"wholesaler_price": 7})).await.expect(200);
        assert_eq!(shop.events().await, before);
    }

    async fn a_cost_is_taken_only_while_nothing_is_in_stock(shop: Shop) {
        let (group, items) = shop.product("REM-001", "Remera", "100.00", &[("S", 0), ("M", 0)]).await;
        let (full, _) = shop.product("REM-002", "Remera", "100.00", &[("S", 0), ("M", 1)]).await;
        let nube = shop.nube(&ABILITIES).await;
        let path = |group: i64| format!("/api/v1/productos/{group}/precios");
        let answer = nube.write(&path(group), json!({"unit_cost": num("5400.1234")})).await.expect(200);
        assert_eq!(money(&answer["data"]["unit_cost"]), dec("5400.1234"));
        for item in &items {
            assert_eq!(shop.get(&format!("/pos/api/inventory/items/{item}")).await.money("cost"), dec("5400.1234"));
        }
        let before = shop.events().await;
        let answer = nube.write(&path(full), json!({"retailer_price": 1, "unit_cost": 5400})).await;
        refused(&answer, 422, "existencia");
        assert!(answer["errors"]["unit_cost"][0].is_string());
        assert_eq!(shop.events().await, before, "all of it or nothing");
        // It is not for those who may only write products.
        let answer = nube.write(&format!("/api/v1/productos/{group}"), json!({"unit_cost": 1})).await;
        refused(&answer, 422, "retailer_price");
    }

    async fn wrong_prices_change_nothing(shop: Shop) {
        let (group, _) = shop.product("REM-001", "Remera", "100.00", &[("S", 0)]).await;
        let (empty, _) = shop.product("VACIO", "Sin talles", "1.00", &[]).await;
        let nube = shop.nube(&ABILITIES).await;
        let before = shop.events().await;
        for path in [format!("/api/v1/productos/{group}"), format!("/api/v1/productos/{group}/precios")] {
            for (body, field) in [
                (json!({}), "retailer_price"), (json!({"retailer_price": null}), "retailer_price"),
                (json!({"retailer_price": -1}), "retailer_price"), (json!({"wholesaler_price": "1"}), "wholesaler_price"),
                (json!({"retailer_price": 1, "wholesaler_price": true}), "wholesaler_price"),
                (json!({"retailer_price": num("0.0000001")}), "retailer_price"),
            ] {
                let answer = nube.write(&path, body.clone()).await;
                refused(&answer, 422, field);
                assert!(answer["errors"][field].is_array(), "{body}: {}", answer.text());
            }
            refused(&nube.write(&path.replace(&format!("productos/{group}"), &format!("productos/{empty}")), json!({"retailer_price": 1})).await, 422, "variantes");
        }
        refused(&nube.write(&format!("/api/v1/productos/{group}/precios"), json!({"unit_cost": -1})).await, 422, "unit_cost");
        assert_eq!(shop.events().await, before);
    }
}
