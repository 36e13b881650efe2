//! The samples of the original document, unchanged but for host and credentials, and its answers' shapes.

use std::{fmt::Write as _, process::Stdio};

use diario_tests::{ABILITIES, PASSWORD, Shop, assert_shape, both_engines, dec, money, num};
use serde_json::{Value, json};

const TOKEN: &str = r#"curl -X POST "https://app.gestion.moda/api/sanctum/token" \
  -H "Accept: application/json" \
  -d '{ "email": "usuario@ejemplo.com", "password": "********", "device_name": "integracion-tienda", "abilities": ["products:read", "products:write", "prices:read", "prices:write", "inventory:read"] }'"#;

const PRICE: &str = r#"curl -X PUT "https://app.gestion.moda/api/v1/precios/1/producto/120" \
  -H "Authorization: Bearer TU_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"price": 2500.00}'"#;

const PRODUCT: &str = r#"curl -X PUT "https://app.gestion.moda/api/v1/productos/120" \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d '{ "retailer_price": 18500, "wholesaler_price": 13000 }'"#;

const PRODUCT_PRICES: &str = r#"curl -X PUT "https://app.gestion.moda/api/v1/productos/120/precios" \
  -H "Authorization: Bearer <token>" \
  -H "Content-Type: application/json" \
  -d '{ "retailer_price": 18500, "wholesaler_price": 13000 }'"#;

/// Runs a sample with another host, and answers what it printed.
async fn run(shop: &Shop, sample: &str) -> Value {
    let command = sample.replace("https://app.gestion.moda", &shop.base).replacen(
        "curl ",
        "curl -sS --noproxy '*' --fail-with-body ",
        1,
    );
    let output = tokio::process::Command::new("sh")
        .args(["-c", &command])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command}\n{printed}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error} in {printed}"))
}

both_engines! {
    async fn the_documents_samples_run(shop: Shop) {
        let mut file = "part_number,name,price_1\n".to_owned();
        for number in 1..120 {
            let _ = writeln!(file, "X-{number},Gorra {number},10.00");
        }
        shop.upload("/pos/api/import/items", file, &[]).await.expect(200);
        let north = shop.open_branch("Sucursal Palermo").await;
        let (group, items) = shop.product("REM-001", "Remera Oversize", "16999.00", &[("M", 165), ("L", 155)]).await;
        assert_eq!(group, 120);
        shop.transfer(shop.branch_id, north, items[0], "45", "immediate").await;
        shop.post("/admin/v1/price-lists", json!({"descripcion": "Lista Mayorista", "variacion": -15})).await.expect(201);
        let more = json!({"description": "Algodon 24/1", "provider": "Textiles SRL"});
        shop.put("/admin/v1/product-groups/120", more).await.expect(200);

        let email = shop.nube_person().await;
        let token = run(&shop, &TOKEN.replace("usuario@ejemplo.com", &email).replace("********", PASSWORD)).await;
        assert_shape(&token, &json!({"token": "string", "token_type": "Bearer", "name": "integracion-tienda"}));
        assert_eq!(token["abilities"], json!(ABILITIES));
        let token = token["token"].as_str().unwrap();

        let answer = run(&shop, &PRICE.replace("TU_TOKEN", token)).await;
        assert_eq!(answer, json!({
            "message": "Precio actualizado correctamente", "price_list_id": 1, "product_id": 120, "product_code": "REM-001",
            "product_name": "Remera Oversize", "price": num("2500.00"), "aditional_price": null
        }));
        for (sample, message) in
            [(PRODUCT, "Producto actualizado correctamente"), (PRODUCT_PRICES, "Precios actualizados correctamente")]
        {
            let answer = run(&shop, &sample.replace("<token>", token)).await;
            assert_shape(&answer, &json!({"message": message, "data": {
                "id": 120, "code": "REM-001", "name": "Remera Oversize", "retailer_price": "number", "wholesaler_price": "number", "unit_cost": "number"
            }}));
            assert_eq!(money(&answer["data"]["retailer_price"]), dec("18500"));
        }

        let nube = shop.nube_of(&email, &ABILITIES).await;
        let prices = nube.read("/api/v1/precios/obtener").await.expect(200);
        assert_shape(&prices, &json!({
            "price_list": {"id": "int", "descripcion": "string", "is_base": "bool", "moneda": "string", "variacion": "?number"},
            "data": [{"id": "int", "code": "string", "name": "string", "price": "number"}],
            "meta": {"current_page": 1, "per_page": 50, "total": 120, "last_page": 3, "from": 1, "to": 50, "has_more_pages": true},
            "links": {
                "first": format!("{}/api/v1/precios/obtener?page=1", shop.base), "last": format!("{}/api/v1/precios/obtener?page=3", shop.base),
                "prev": null, "next": format!("{}/api/v1/precios/obtener?page=2", shop.base)
            }
        }));
        let lists = nube.read("/api/v1/precios/listas").await.expect(200);
        assert_eq!(lists["data"][1], json!({"id": 2, "descripcion": "Lista Mayorista", "is_base": false, "variacion": -15, "moneda": "MXN"}));
        let product = nube.read("/api/v1/productos/ver/120?include_stock=1&include_variants=1").await.expect(200);
        assert_shape(&product, &json!({
            "id": 120, "code": "REM-001", "name": "Remera Oversize", "description": "Algodon 24/1", "retailer_price": "number",
            "wholesaler_price": "number", "unit_cost": "number", "category": "?string", "provider": "Textiles SRL", "stock_total": 320,
            "variantes": [{"size_id": "int", "size": "string", "barcode": "string",
                "stock_por_tienda": [{"store_id": "int", "store_name": "string", "stock_disponible": "int"}]}]
        }));
        let stock = nube.read("/api/v1/inventario/120").await.expect(200);
        assert_shape(&stock, &json!({"product_id": 120, "product_code": "REM-001", "product_name": "Remera Oversize", "stock_total": 320}));
        assert_eq!(stock["variantes"][0]["stock_total_talla"], 165);
    }
}
