//! Price lists: the base, those derived from it, and prices that are written.

use diario_tests::{ABILITIES, Shop, assert_shape, both_engines, dec, int, money, num};
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{paged, refused};

const LIST: &str = "/api/v1/precios/obtener";

async fn derived(shop: &Shop, name: &str, percent: &str) -> i64 {
    let body = json!({"descripcion": name, "variacion": num(percent)});
    shop.post("/admin/v1/price-lists", body).await.expect(201).int("id")
}

fn price_of(answer: &Value, product: i64) -> Option<Decimal> {
    let rows = answer["data"].as_array().unwrap();
    rows.iter().find(|row| int(&row["id"]) == product).map(|row| money(&row["price"]))
}

both_engines! {
    // price_lists: those in use, the base from the beginning.
    async fn lists_in_use_are_told(shop: Shop) {
        let nube = shop.nube(&["prices:read"]).await;
        let answer = nube.read("/api/v1/precios/listas").await.expect(200);
        assert_shape(&answer, &json!({"data": [{
            "id": 1, "descripcion": "Lista Base Minorista", "is_base": true, "variacion": null, "moneda": "MXN"
        }]}));
        let less = derived(&shop, "Lista Mayorista", "-15").await;
        let more = derived(&shop, "Lista Mayorista", "15.5").await;
        assert_eq!((less, more), (2, 3));
        shop.put("/admin/v1/price-lists/2", json!({"active": false})).await.expect(200);
        shop.put("/admin/v1/price-lists/1", json!({"descripcion": "Mostrador"})).await.expect(200);
        let answer = nube.read("/api/v1/precios/listas").await.expect(200);
        assert_eq!(answer["data"], json!([
            {"id": 1, "descripcion": "Mostrador", "is_base": true, "variacion": null, "moneda": "MXN"},
            {"id": 3, "descripcion": "Lista Mayorista", "is_base": false, "variacion": num("15.5"), "moneda": "MXN"}
        ]));
        refused(&nube.read(&format!("{LIST}?lista_id=2")).await, 404, "lista");
        let nube = shop.nube(&["prices:write"]).await;
        let item = shop.create_item("10.00", 0).await;
        let path = format!("/api/v1/precios/2/producto/{item}");
        refused(&nube.write(&path, json!({"price": 1})).await, 404, "lista");
    }

    // prices_list: paged, searched, derived, and each list by either name.
    async fn prices_follow_the_base(shop: Shop) {
        let (one, _) = shop.product("REM-001", "Remera Oversize", "16999.00", &[("M", 3), ("L", 2)]).await;
        let (two, _) = shop.product("PAN-7", "Pantalón", "0.03", &[("40", 0)]).await;
        let lone = shop.create_item_with(json!({"part_number": "GOR-1", "name": "Gorra", "price_1": num("99.99")})).await;
        let free = shop.create_item_with(json!({"name": "Sin precio", "price_1": 0})).await;
        let (empty, _) = shop.product("VACIO", "Sin talles", "1.00", &[]).await;
        let (less, more) = (derived(&shop, "Menos", "-15").await, derived(&shop, "Más", "50").await);
        let nube = shop.nube(&ABILITIES).await;

        let base = nube.read(LIST).await.expect(200);
        assert_shape(&base, &json!({
            "price_list": {"id": 1, "descripcion": "string", "is_base": true, "moneda": "string", "variacion": null},
            "data": [{"id": "int", "code": "string", "name": "string", "price": "number"}]
        }));
        paged(&base, 1, 50, 3);
        let ids: Vec<_> = base["data"].as_array().unwrap().iter().map(|row| int(&row["id"])).collect();
        assert_eq!(ids, [one, two, lone], "by id, without {free} and {empty}");
        for (query, list, prices) in [
            (String::new(), 1, ["16999.00", "0.03", "99.99"]),
            (format!("?lista_id={less}"), less, ["14449.15", "0.03", "84.99"]),
            (format!("?price_list_id={more}"), more, ["25498.50", "0.05", "149.99"]),
            (format!("?price_list_id={more}&lista_id={more}"), more, ["25498.50", "0.05", "149.99"]),
        ] {
            let answer = nube.read(&format!("{LIST}{query}")).await.expect(200);
            assert_eq!(int(&answer["price_list"]["id"]), list);
            let found = [one, two, lone].map(|product| price_of(&answer, product).unwrap());
            assert_eq!(found, prices.map(dec), "list {list}");
        }
        refused(&nube.read(&format!("{LIST}?lista_id={less}&price_list_id={more}")).await, 400, "lista_id");
        for (query, wanted) in [("q=pantalon", two), ("q=rem-00", one), ("q=OVERSIZE", one)] {
            let answer = nube.read(&format!("{LIST}?{query}")).await.expect(200);
            assert_eq!(answer["data"].as_array().unwrap().len(), 1, "{query}");
            assert!(price_of(&answer, wanted).is_some(), "{query}");
        }
        for bad in ["per_page=abc", "page=x", "lista_id=uno", "price_list_id=1.5"] {
            refused(&nube.read(&format!("{LIST}?{bad}")).await, 400, bad.split('=').next().unwrap());
        }
    }

    async fn pages_are_laravels(shop: Shop) {
        for number in 0..5 {
            shop.create_item("10.00", number).await;
        }
        let nube = shop.nube(&["prices:read"]).await;
        for (query, page, per_page) in [
            ("per_page=2", 1, 2), ("per_page=2&page=2", 2, 2), ("page=3&per_page=2", 3, 2), ("per_page=2&page=9", 9, 2),
            ("per_page=0", 1, 1), ("per_page=-4", 1, 1), ("per_page=201", 1, 200), ("page=0", 1, 50), ("page=-1", 1, 50),
            ("per_page=5", 1, 5), ("per_page=", 1, 50), ("page=9223372036854775807", i64::MAX, 50),
        ] {
            let answer = nube.read(&format!("{LIST}?{query}")).await.expect(200);
            if page == i64::MAX {
                assert_eq!(answer["data"], json!([]));
            } else {
                paged(&answer, page, per_page, 5);
            }
        }
        // Links lead on, and keep what else was asked.
        let mut answer = nube.read(&format!("{LIST}?per_page=2&q=freno")).await.expect(200);
        let mut seen = Vec::new();
        loop {
            seen.extend(answer["data"].as_array().unwrap().iter().map(|row| int(&row["id"])));
            let Some(next) = answer["links"]["next"].as_str() else { break };
            assert!(next.starts_with(&shop.base), "{next}");
            answer = nube.read(next.strip_prefix(&shop.base).unwrap()).await.expect(200);
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted());
    }

    // prices_set: the base only; every size and the till have it at once; 0 takes it out everywhere.
    async fn a_price_is_written_for_every_size(shop: Shop) {
        let (group, items) = shop.product("REM-001", "Remera", "100.00", &[("S", 1), ("M", 0), ("L", 4)]).await;
        let list = derived(&shop, "Mayorista", "-10").await;
        let nube = shop.nube(&ABILITIES).await;
        let path = format!("/api/v1/precios/1/producto/{group}");
        let before = shop.events().await;
        let answer = nube.write(&path, json!({"price": num("2500.00")})).await.expect(200);
        assert_eq!(answer.body, json!({
            "message": "Precio actualizado correctamente", "price_list_id": 1, "product_id": group,
            "product_code": "REM-001", "product_name": "Remera", "price": num("2500.00"), "aditional_price": null
        }));
        assert_eq!(shop.events().await - before, 3, "an event a size");
        for item in &items {
            let till = shop.get(&format!("/pos/api/inventory/items/{item}")).await.expect(200);
            assert_eq!(till.money("price_1"), dec("2500"));
            assert_eq!(till.money("tax_rate"), dec("0.16"));
        }
        let derived_list = format!("{LIST}?lista_id={list}");
        assert_eq!(price_of(&*nube.read(&derived_list).await, group), Some(dec("2250")));

        let answer = nube.write(&path, json!({"price": 2500, "aditional_price": num("2400.50")})).await.expect(200);
        assert_eq!(answer.money("aditional_price"), dec("2400.50"));
        let answer = nube.write(&path, json!({"price": 2600})).await.expect(200);
        assert_eq!(answer.money("aditional_price"), dec("2400.50"), "what is not sent stays");
        let answer = nube.write(&path, json!({"price": 2600, "aditional_price": null})).await.expect(200);
        assert!(answer["aditional_price"].is_null());

        let answer = nube.write(&path, json!({"price": 0})).await.expect(200);
        assert_eq!((answer.money("price"), &answer["aditional_price"]), (Decimal::ZERO, &Value::Null));
        for list in [LIST, derived_list.as_str()] {
            assert_eq!(price_of(&*nube.read(list).await, group), None);
        }
        // It is back with its next price, written from either door (G-5).
        nube.write(&format!("/api/v1/productos/{group}"), json!({"retailer_price": 5})).await.expect(200);
        assert_eq!(price_of(&*nube.read(LIST).await, group), Some(dec("5")));
    }

    async fn what_may_not_be_written_changes_nothing(shop: Shop) {
        let (group, _) = shop.product("REM-001", "Remera", "100.00", &[("S", 1)]).await;
        let (empty, _) = shop.product("VACIO", "Sin talles", "1.00", &[]).await;
        let list = derived(&shop, "Mayorista", "-10").await;
        let nube = shop.nube(&ABILITIES).await;
        let before = shop.events().await;
        let path = |list: i64, product: i64| format!("/api/v1/precios/{list}/producto/{product}");
        let answer = nube.write(&path(list, group), json!({"price": 1})).await;
        refused(&answer, 422, "");
        assert_eq!(answer["message"], "Solo se pueden editar listas base");
        refused(&nube.write(&path(9, group), json!({"price": 1})).await, 404, "lista");
        refused(&nube.write(&path(1, empty), json!({"price": 1})).await, 422, "variantes");
        for (body, field) in [
            (json!({}), "price"), (json!({"price": null}), "price"), (json!({"price": -1}), "price"), (json!({"price": "1"}), "price"),
            (json!({"price": num("1.1234567")}), "price"), (json!({"price": num("1e12")}), "price"),
            (json!({"price": 1, "aditional_price": -1}), "aditional_price"), (json!({"price": 1, "aditional_price": []}), "aditional_price"),
        ] {
            let answer = nube.write(&path(1, group), body).await;
            refused(&answer, 422, field);
            assert!(answer["errors"][field].is_array(), "{}", answer.text());
        }
        assert_eq!(shop.events().await, before);
    }

    async fn the_same_key_writes_once(shop: Shop) {
        let (group, _) = shop.product("REM-001", "Remera", "100.00", &[("S", 1), ("M", 1)]).await;
        let nube = shop.nube(&ABILITIES).await;
        for (method, path, body) in [
            (Method::PUT, format!("/api/v1/precios/1/producto/{group}"), json!({"price": 7})),
            (Method::PUT, format!("/api/v1/productos/{group}"), json!({"retailer_price": 8})),
            (Method::PATCH, format!("/api/v1/productos/{group}/precios"), json!({"retailer_price": 9})),
        ] {
            let key = [("idempotency-key", "llave")];
            let first = nube.ask_with(method.clone(), &path, Some(&body), &key).await.expect(200);
            let after = shop.events().await;
            nube.ask_with(method.clone(), &path, Some(&body), &[("x-idempotency", "otra")]).await.expect(200);
            let again = nube.ask_with(method.clone(), &path, Some(&body), &key).await.expect(200);
            assert_eq!((first.text(), again.header("idempotent-replayed")), (again.text(), Some("true")));
            refused(&nube.ask_with(method, &path, Some(&json!({"price": 1, "retailer_price": 1})), &key).await, 422, "");
            assert_eq!(shop.events().await, after);
        }
    }
}
