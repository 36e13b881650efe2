use diario_tests::{assert_shape, both_engines, money, num};
use rust_decimal::Decimal;
use serde_json::json;

use crate::{get, guarded};

const PATH: &str = "/api/v1/inventario";

both_engines! {
    async fn lists_what_is_sold_from_stock(shop: Shop) {
        let key = shop.key("lunara", "read:inventario").await;
        let body = json!({"name": "Armazones"});
        let frames = shop.post("/pos/api/inventory/categories", body).await.expect(201).int("id");
        let item = shop.create_item_with(json!({
            "part_number": "ARM-01", "name": "Armazón azul", "brand": "Ray-Ban", "category_id": frames,
            "price_1": num("350.00"), "initial_stock": 23
        })).await;
        let answer = get(&shop, &key, &format!("{PATH}?stockMin=1&limit=200")).await.expect(200);
        assert_shape(&answer, &json!({
            "ok": true, "total": 1, "limit": 200, "offset": 0, "stockMin": 1,
            "items": [{
                "id": item, "sku": "ARM-01", "codigo": "ARM-01", "codigo_barras": "string", "nombre": "Armazón azul",
                "marca": "Ray-Ban", "categoria": "Armazones", "precio": num("350.00"), "moneda": "MXN", "stock": 23
            }]
        }));
    }

    async fn stock_is_of_all_branches_and_what_was_sold_is_gone(shop: Shop) {
        let key = shop.key("lunara", "*").await;
        let item = shop.create_item("350.00", 10).await;
        let stock = async || {
            let answer = get(&shop, &key, PATH).await.expect(200);
            money(&answer["items"][0]["stock"])
        };
        let north = shop.open_branch("Norte").await;
        shop.transfer(shop.branch_id, north, item, "4", "immediate").await;
        assert_eq!(stock().await, Decimal::from(10));
        let register = shop.open_register("0.00").await;
        shop.sell_cash(register, item, "2", "350.00").await;
        assert_eq!(stock().await, Decimal::from(8));
        // What is promised lies there still.
        let customer = shop.create_customer("0.00").await;
        shop.set_aside(customer, item, "1", "350.00", "100.00").await;
        assert_eq!(stock().await, Decimal::from(8));
    }

    async fn stock_min_narrows(shop: Shop) {
        let key = shop.key("lunara", "*").await;
        for stock in [0, 1, 5] {
            shop.create_item("10.00", stock).await;
        }
        for (query, total, shown) in [
            ("", 3, "0"), ("?stockMin=1", 2, "1"), ("?stockMin=1.0000001", 1, "1.000001"), ("?stockMin=5", 1, "5"),
            ("?stockMin=6", 0, "6"), ("?stockMin=0", 3, "0"),
        ] {
            let answer = get(&shop, &key, &format!("{PATH}{query}")).await.expect(200);
            assert_eq!(answer.int("total"), total, "{query}");
            assert_eq!(money(&answer["stockMin"]), shown.parse().unwrap(), "{query}");
            assert_eq!(answer.int("limit"), 100);
        }
        assert_eq!(get(&shop, &key, &format!("{PATH}?limit=1001")).await.expect(200).int("limit"), 1000);
        let page = get(&shop, &key, &format!("{PATH}?limit=1&offset=2")).await.expect(200);
        assert_eq!((page.int("total"), page["items"].as_array().unwrap().len()), (3, 1));
        for huge in ["9e40", "99999999999999999999999999"] {
            crate::refused(&get(&shop, &key, &format!("{PATH}?stockMin={huge}")).await, 422);
        }
    }

    async fn services_and_what_is_not_sold_any_more_are_left_out(shop: Shop) {
        let key = shop.key("lunara", "*").await;
        let item = shop.create_item("10.00", 3).await;
        assert_eq!(get(&shop, &key, PATH).await.expect(200).int("total"), 1);
        shop.put(&format!("/pos/api/inventory/items/{item}"), json!({"is_active": false})).await.expect(200);
        assert_eq!(get(&shop, &key, PATH).await.expect(200).int("total"), 0);
        let neighbour = shop.neighbour().await;
        let theirs = neighbour.key("lunara", "*").await;
        assert_eq!(get(&neighbour, &theirs, PATH).await.expect(200).int("total"), 0);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, PATH, "read:inventario", &["limit", "offset", "stockMin"]).await;
    }
}
