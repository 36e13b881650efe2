//! Stock by size and store.

use diario_tests::{ABILITIES, Answer, assert_shape, both_engines, int, num};
use serde_json::{Value, json};

use crate::{paged, refused};

const LIST: &str = "/api/v1/inventario/obtener";

/// G-10: the parts add up to what is told of the whole. Answers the whole.
#[track_caller]
fn adds_up(answer: &Answer) -> i64 {
    let mut total = 0;
    for size in answer["variantes"].as_array().unwrap() {
        let parts: i64 = size["stock_por_tienda"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| int(&row["available_quantity"]))
            .sum();
        assert_eq!(int(&size["stock_total_talla"]), parts, "{size}");
        total += parts;
    }
    assert_eq!(answer.int("stock_total"), total);
    total
}

both_engines! {
    // inventory_list: a row for each size in each store, by id.
    // inventory_detail: sums that add up.
    async fn stock_is_told_by_size_and_store(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let (group, items) = shop.product("REM-001", "Remera Oversize", "100.00", &[("M", 120), ("L", 30)]).await;
        let lone = shop.create_item_with(json!({"part_number": "GOR-1", "name": "Gorra", "initial_stock": 4})).await;
        shop.create_item_with(json!({"name": "Envío", "kind": "service", "initial_stock": 0})).await;
        shop.transfer(shop.branch_id, north, items[0], "45", "immediate").await;
        let nube = shop.nube(&ABILITIES).await;

        let answer = nube.read(LIST).await.expect(200);
        paged(&answer, 1, 50, 4);
        assert_shape(&answer["data"], &json!([{
            "inventory_id": "int", "product_id": "int", "product_code": "string", "product_name": "string", "size_id": "int",
            "size_name": "string", "store_id": "int", "store_name": "string", "available_quantity": "int",
            "barcode": "string", "sku": "string"
        }]));
        let rows: Vec<_> = answer["data"].as_array().unwrap().iter().map(|row| {
            (int(&row["product_id"]), row["sku"].as_str().unwrap().to_owned(), int(&row["store_id"]), int(&row["available_quantity"]))
        }).collect();
        let home = shop.branch_id;
        assert_eq!(rows, [
            (group, "REM-001-M".to_owned(), home, 75), (group, "REM-001-M".to_owned(), north, 45),
            (group, "REM-001-L".to_owned(), home, 30), (lone, "GOR-1".to_owned(), home, 4)
        ]);
        let ids: Vec<_> = answer["data"].as_array().unwrap().iter().map(|row| int(&row["inventory_id"])).collect();
        assert!(ids.is_sorted_by(|one, other| one < other), "{ids:?}");
        let size = int(&answer["data"][0]["size_id"]);

        for (query, found) in [
            (format!("product_id={group}"), 3), (format!("product_id={lone}"), 1), (format!("size_id={size}"), 2), ("size_id=0".to_owned(), 1),
            (format!("store_id={north}"), 1), ("code=rem-001".to_owned(), 3), ("code=REM".to_owned(), 0), ("q=oversize".to_owned(), 3),
            ("q=gorra".to_owned(), 1), (format!("product_id={group}&store_id={home}&size_id={size}"), 1), ("product_id=9999".to_owned(), 0),
            (format!("product_id={}", items[0]), 0),
        ] {
            let answer = nube.read(&format!("{LIST}?{query}")).await.expect(200);
            paged(&answer, 1, 50, found);
        }
        paged(&nube.read(&format!("{LIST}?per_page=3&page=2")).await.expect(200), 2, 3, 4);
        for bad in ["product_id=x", "size_id=M", "store_id=1.5", "include_physical=2", "per_page=abc", "page=x"] {
            refused(&nube.read(&format!("{LIST}?{bad}")).await, 400, bad.split('=').next().unwrap());
        }

        let detail = nube.read(&format!("/api/v1/inventario/{group}")).await.expect(200);
        assert_shape(&detail, &json!({
            "product_id": group, "product_code": "REM-001", "product_name": "Remera Oversize", "stock_total": 150,
            "variantes": [{
                "size_id": "int", "size_name": "string", "barcode": "string", "sku": "string", "stock_total_talla": "int",
                "stock_por_tienda": [{"inventory_id": "int", "store_id": "int", "store_name": "string", "available_quantity": "int"}]
            }]
        }));
        assert_eq!(adds_up(&detail), 150);
        assert_eq!(detail["variantes"][0]["stock_por_tienda"][1]["inventory_id"], ids[1]);
        assert_eq!(adds_up(&nube.read(&format!("/api/v1/inventario/{lone}")).await.expect(200)), 4);
        refused(&nube.read(&format!("/api/v1/inventario/{}", items[0])).await, 404, "producto");
    }

    async fn what_is_promised_is_not_available_and_what_is_on_its_way_is_told(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let (group, items) = shop.product("REM-001", "Remera", "100.00", &[("M", 20)]).await;
        let customer = shop.create_customer("0.00").await;
        shop.open_register("0.00").await;
        shop.set_aside(customer, items[0], "3", "100.00", "10.00").await;
        shop.transfer(shop.branch_id, north, items[0], "5", "in_transit").await;
        let nube = shop.nube(&ABILITIES).await;
        let answer = nube.read(&format!("{LIST}?include_physical=1&product_id={group}")).await.expect(200);
        let told = |row: &Value| ["available_quantity", "physical_quantity", "production_quantity", "in_transit_quantity"].map(|name| int(&row[name]));
        assert_eq!(told(&answer["data"][0]), [12, 15, 0, 0]);
        assert_eq!(told(&answer["data"][1]), [0, 0, 0, 5]);
        assert!(nube.read(LIST).await["data"][0].get("physical_quantity").is_none());
        let product = nube.read(&format!("/api/v1/productos/ver/{group}?include_stock")).await.expect(200);
        assert_eq!(product.int("stock_total"), 12);
        assert_eq!(adds_up(&nube.read(&format!("/api/v1/inventario/{group}")).await), 12);
    }

    async fn a_sale_at_the_till_is_seen_at_once(shop: Shop) {
        let (group, items) = shop.product("REM-001", "Remera", "100.00", &[("M", 20)]).await;
        let register = shop.open_register("0.00").await;
        let nube = shop.nube(&ABILITIES).await;
        for left in [18, 16] {
            shop.sell_cash(register, items[0], "2", "100.00").await;
            assert_eq!(nube.read(&format!("{LIST}?product_id={group}")).await["data"][0]["available_quantity"], left);
        }
        shop.post("/pos/api/inventory/adjustment", json!({"inventory_id": items[0], "quantity": num("-0.5"), "reason": "Rota"})).await.expect(201);
        let answer = nube.read(&format!("/api/v1/inventario/{group}")).await.expect(200);
        assert_eq!(answer.money("stock_total"), diario_tests::dec("15.5"));
    }
}
