//! The samples of the document, unchanged but for host and token, and its answers.

use std::fmt::Write as _;

use diario_tests::{ABILITIES, Nube, Printed, Shop, assert_says, both_engines, num, samples};
use reqwest::Method;
use serde_json::{Value, json};

const HOST: &str = "https://app.gestion.moda";

/// Imports so many items of a price.
async fn stock_up(shop: &Shop, prefix: &str, count: i64, price: &str) {
    let mut file = "part_number,name,price_1\n".to_owned();
    for number in 1..=count {
        let _ = writeln!(file, "{prefix}-{number},Gorra {number},{price}");
    }
    shop.upload("/pos/api/import/items", file, &[]).await.expect(200);
}

/// A size of the printed product.
async fn size(shop: &Shop, size: &str, fields: Value) -> i64 {
    let mut item = json!({
        "part_number": format!("REM-001-{size}"), "name": format!("Remera Oversize {size}"), "cost": 5400,
        "price_3": 11999
    });
    item.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let item = shop.create_item_with(item).await;
    let path = format!("/admin/v1/product-groups/120/variants/{item}");
    shop.put(&path, json!({"size": size})).await.expect(200);
    item
}

/// Runs a curl, and holds what it prints to the printed answer.
fn curl(printed: &Printed, name: &str, replaced: &[(&str, &str)], differ: &[&str]) {
    let text = printed.text(&format!("{name}.sh"), replaced);
    let expected = printed.response(name);
    if let Some(told) = samples::shell(&text, &[]) {
        let answer: Value = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error} in {told}"));
        assert_says(&answer, &expected, differ);
    }
}

/// The printed credentials are those of a person of the shop; the token comes with the printed curl.
async fn token(printed: &Printed, shop: &Shop) -> Nube {
    let email = "usuario@ejemplo.com";
    let person = json!({"email": email, "name": "Ana", "password": "********"});
    shop.post("/admin/v1/users", person).await.expect(201);
    let text = printed.text("token_create.sh", &[(HOST, &shop.base)]);
    let answer: Value = match samples::shell(&text, &[]) {
        Some(told) => serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error} in {told}")),
        None => json!({"token": shop.nube(&ABILITIES).await.token}),
    };
    let token = answer["token"].as_str().unwrap().to_owned();
    Nube { shop: shop.clone(), email: email.to_owned(), token }
}

/// Prices, while the product has one size and the list of the sample has 87 products.
async fn prices(printed: &Printed, nube: &Nube) {
    let answer = nube.read("/api/v1/precios/obtener?lista_id=7").await.expect(200);
    let links = ["links.first", "links.last", "links.next"];
    assert_says(&answer, &printed.response("prices_list"), &links);
    let shown = printed.response("prices_list");
    for name in ["first", "last", "next"] {
        let wanted = shown["links"][name].as_str().unwrap().replace(HOST, &nube.base);
        let (path, page) = wanted.split_once('?').unwrap();
        assert_eq!(answer["links"][name], format!("{path}?lista_id=7&{page}"));
    }
    let answer = nube.read("/api/v1/precios/listas").await.expect(200);
    assert_says(&answer, &printed.response("price_lists"), &[]);
}

async fn products_and_stock(printed: &Printed, nube: &Nube) {
    let shown = nube.read("/api/v1/productos/ver/120?include_stock=1&include_variants=1").await.expect(200);
    assert_says(&shown, &printed.response("products_detail"), &[]);
    let path = "/api/v1/inventario/obtener?product_id=120&size_id=4&store_id=1";
    let answer = nube.read(path).await.expect(200);
    assert_says(&answer, &printed.response("inventory_list"), &["data.0.inventory_id"]);
    let answer = nube.read("/api/v1/inventario/120").await.expect(200);
    let differ = ["variantes.*.stock_por_tienda.*.inventory_id"];
    assert_says(&answer, &printed.response("inventory_detail"), &differ);
}

/// The sixty-first request of a minute.
async fn too_many(printed: &Printed, nube: &Nube) {
    let header = printed.headers("authorization.http", &[("<token>", &nube.token)]);
    let header: Vec<_> = header.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(header.len(), 2);
    let mut answer = nube.send(&Method::GET, "/api/v1/ping", &header, None).await.expect(200);
    assert_eq!(*answer, printed.response("ping"));
    for _ in 0..60 {
        answer = nube.send(&Method::GET, "/api/v1/ping", &header, None).await;
        if answer.status != 200 {
            break;
        }
    }
    assert_says(&answer, &printed.response("too_many"), &["~retry_after"]);
    let text = printed.text("too_many.http", &[]);
    assert!(text.starts_with(&format!("HTTP/1.1 {} Too Many Requests\n", answer.status)));
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    for (name, value) in printed.headers("too_many.http", &[]) {
        let found = answer.header(&name).unwrap_or_else(|| panic!("no {name}"));
        assert!(found == value || name == "retry-after", "{name}: {found}");
    }
}

both_engines! {
    async fn every_sample_runs(shop: Shop) {
        let printed = Printed::of("gestion_nube");
        let options = ["--country", "AR", "--currency", "ARS", "--branch", "Deposito Central"];
        let shop = Shop::as_printed(shop.engine, &shop.base, &shop.database, &options).await;
        // Products 1 to 119 are on no list, and have taken the first three sizes.
        stock_up(&shop, "X", 118, "0.00").await;
        let other = shop.post("/admin/v1/product-groups", json!({"code": "CAM", "name": "Camisa"})).await.expect(201).int("id");
        for (item, size) in [(1, "XS"), (2, "S"), (3, "XL")] {
            shop.put(&format!("/admin/v1/product-groups/{other}/variants/{item}"), json!({"size": size})).await.expect(200);
        }
        let category = shop.post("/pos/api/inventory/categories", json!({"name": "Remeras"})).await.expect(201).int("id");
        let group = json!({
            "code": "REM-001", "name": "Remera Oversize", "description": "Algodon 24/1", "category_id": category,
            "provider": "Textiles SRL"
        });
        assert_eq!(shop.post("/admin/v1/product-groups", group).await.expect(201).int("id"), 120);
        // 15 % more, rounded, is what is printed.
        let m = json!({"price_1": num("10434.695"), "barcode": "7790000000012", "initial_stock": 165});
        let m = size(&shop, "M", m).await;
        let boxy = json!({"part_number": "REM-002", "name": "Remera Boxy", "price_1": num("10868.695")});
        assert_eq!(shop.create_item_with(boxy).await, 122);
        stock_up(&shop, "Y", 85, "10.00").await;
        shop.put("/admin/v1/price-lists/1", json!({"descripcion": "Lista Base Minorista"})).await.expect(200);
        for number in 2..=7 {
            let list = match number {
                2 => json!({"descripcion": "Lista Mayorista", "variacion": -15}),
                7 => json!({"descripcion": "Lista Mayorista", "variacion": 15}),
                other => json!({"descripcion": format!("Lista {other}"), "variacion": other}),
            };
            assert_eq!(shop.post("/admin/v1/price-lists", list).await.expect(201).int("id"), number);
        }

        let nube = token(&printed, &shop).await;
        prices(&printed, &nube).await;

        let north = shop.open_branch("Sucursal Palermo").await;
        shop.transfer(shop.branch_id, north, m, "45", "immediate").await;
        size(&shop, "L", json!({"price_1": 16999, "initial_stock": 155})).await;
        nube.write("/api/v1/productos/120", json!({"retailer_price": 16999})).await.expect(200);
        products_and_stock(&printed, &nube).await;

        let replaced = [(HOST, shop.base.as_str()), ("TU_TOKEN", &nube.token)];
        curl(&printed, "prices_set", &replaced, &[]);
        let replaced = [(HOST, shop.base.as_str()), ("<token>", &nube.token)];
        curl(&printed, "products_update", &replaced, &[]);
        nube.write("/api/v1/productos/120", json!({"retailer_price": 1, "wholesaler_price": 1})).await.expect(200);
        curl(&printed, "products_prices", &replaced, &[]);

        too_many(&printed, &nube).await;
        printed.finish();
        shop.assert_books_tie().await;
    }
}
