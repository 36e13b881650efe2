use diario_tests::{assert_shape, both_engines, dec, guarded, money, num, refuses_query, walks};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/items";

both_engines! {
    async fn lists_the_documented_rows(shop: Shop) {
        let item = shop.create_item_with(json!({"brand": "Toyota", "min_stock": 5, "max_stock": 50})).await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "id": "int", "part_number": "string", "barcode": "string", "name": "string",
                "description": "?string", "branch_id": "int", "branch_name": "string", "category_id": "?int",
                "brand": "?string", "unit": "?string", "cost": "number", "price_1": "number",
                "price_2": "?number", "price_3": "?number", "tax_rate": "number", "min_stock": "?number",
                "max_stock": "?number", "location": "?string", "image_url": "?string",
                "catalog_part_id": "?int", "stock": "number", "stock_total": "number"
            }],
            "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1}
        }));
        let row = &answer["data"][0];
        assert_eq!(row["id"], json!(item));
        assert_eq!(row["branch_id"], json!(shop.branch_id));
        assert_eq!(row["stock"].to_string(), "10", "an integral quantity has no fraction");
        assert_eq!(money(&row["tax_rate"]), dec("0.16"));
    }

    async fn an_empty_shop_has_an_empty_list(shop: Shop) {
        let answer = shop.get(PATH).await.expect(200);
        assert_eq!(answer["data"], json!([]));
        assert_shape(&answer["pagination"], &json!({"page": 1, "per_page": 50, "total": 0, "total_pages": 0}));
    }

    async fn searches_name_part_number_and_barcode_without_case_or_accents(shop: Shop) {
        let item = shop.create_item_with(json!({
            "name": "Bomba de Dirección", "part_number": "XK-778", "barcode": "7501234567890"
        })).await;
        shop.create_item("10.00", 1).await;
        for q in ["direccion", "DIRECCI%C3%93N", "xk-778", "k-77", "7501234567890", "bomba"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            let rows = answer["data"].as_array().unwrap();
            assert!(rows.len() == 1 && rows[0]["id"] == json!(item), "{q}: {:#}", *answer);
        }
        for q in ["%25", "_", "'", "no-existe"] {
            let answer = shop.get(&format!("{PATH}?q={q}")).await.expect(200);
            assert_eq!(answer["data"], json!([]), "{q} is no pattern");
        }
    }

    async fn pages_and_clamps(shop: Shop) {
        for at in 0..5 {
            shop.create_item_with(json!({"part_number": format!("PG-{at}"), "initial_stock": 0})).await;
        }
        let mut seen = Vec::new();
        for page in 1..=3 {
            let answer = shop.get(&format!("{PATH}?page={page}&per_page=2")).await.expect(200);
            assert_shape(&answer["pagination"], &json!({"page": page, "per_page": 2, "total": 5, "total_pages": 3}));
            seen.extend(answer["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 5, "each item is on one page");
        let beyond = shop.get(&format!("{PATH}?page=9&per_page=2")).await.expect(200);
        assert_eq!(beyond["data"], json!([]));
        let clamped = shop.get(&format!("{PATH}?per_page=5000")).await.expect(200);
        assert_eq!(clamped["pagination"]["per_page"], json!(200));
    }

    async fn filters_low_stock_branch_and_category(shop: Shop) {
        let low = shop.create_item_with(json!({"min_stock": 5, "initial_stock": 2, "category_id": 7})).await;
        shop.create_item_with(json!({"min_stock": 5, "initial_stock": 50})).await;
        for query in ["low_stock=true".to_owned(), "category_id=7".to_owned()] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            let rows = answer["data"].as_array().unwrap();
            assert!(rows.len() == 1 && rows[0]["id"] == json!(low), "{query}: {:#}", *answer);
        }
        let branch = shop.branch_id;
        let answer = shop.get(&format!("{PATH}?branch_id={branch}")).await.expect(200);
        assert_eq!(answer["data"].as_array().unwrap().len(), 2);
    }

    async fn is_walked_by_cursor(shop: Shop) {
        let one_more = async || {
            shop.create_item_with(json!({"category_id": 7})).await;
        };
        for _ in 0..5 {
            one_more().await;
        }
        walks(&shop, PATH, "id", one_more).await;
        walks(&shop, &format!("{PATH}?category_id=7&q=pastillas"), "id", one_more).await;
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "page=0", "page=-1", "page=uno", "per_page=0", "per_page=-5", "per_page=x", "branch_id=centro",
            "category_id=x", "low_stock=tal-vez", "page=99999999999999999999",
        ]).await;
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let other = shop.neighbour().await;
        other.create_item_with(json!({"name": "Ajeno", "price_1": num("1.00")})).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
