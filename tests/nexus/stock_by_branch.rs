use diario_tests::{assert_shape, both_engines, dec, guarded, money, refuses_query};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/stock-by-branch";

fn figures(row: &Value) -> [rust_decimal::Decimal; 4] {
    ["stock", "reserved", "available", "in_transit"].map(|field| money(&row[field]).normalize())
}

both_engines! {
    async fn shows_each_branch_and_the_sum(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let item = shop.create_item_with(json!({"part_number": "SB-1", "name": "Balatas"})).await;
        let customer = shop.create_customer("0.00").await;
        shop.transfer(shop.branch_id, north, item, "3", "immediate").await;
        shop.transfer(shop.branch_id, north, item, "2", "in_transit").await;
        shop.set_aside(customer, item, "1", "350.00", "0.00").await;
        let answer = shop.get(PATH).await.expect(200);
        assert_shape(&answer, &json!({
            "data": [{
                "inventory_id": item, "part_number": "SB-1", "name": "Balatas", "stock": "number",
                "reserved": "number", "available": "number", "in_transit": "number",
                "branches": [{
                    "branch_id": "int", "branch_name": "string", "stock": "number", "reserved": "number",
                    "available": "number", "in_transit": "number"
                }]
            }],
            "pagination": {"page": 1, "per_page": "int", "total": 1, "total_pages": 1}
        }));
        let row = &answer["data"][0];
        assert_eq!(figures(row), ["8", "1", "7", "2"].map(dec));
        let branch = |id: i64| {
            let branches = row["branches"].as_array().unwrap();
            figures(branches.iter().find(|branch| branch["branch_id"] == json!(id)).unwrap())
        };
        assert_eq!(branch(shop.branch_id), ["5", "1", "4", "0"].map(dec));
        assert_eq!(branch(north), ["3", "0", "3", "2"].map(dec));
    }

    async fn filters(shop: Shop) {
        let north = shop.open_branch("Norte").await;
        let one = shop.create_item_with(json!({"part_number": "ZX-900", "name": "Bomba de Dirección"})).await;
        let two = shop.create_item("10.00", 5).await;
        shop.transfer(shop.branch_id, north, one, "3", "immediate").await;
        for (query, expected) in [
            (format!("inventory_id={one}"), vec![one]),
            (format!("inventory_id={two}"), vec![two]),
            ("q=direccion".to_owned(), vec![one]),
            ("q=zx-9".to_owned(), vec![one]),
            ("q=no-existe".to_owned(), vec![]),
        ] {
            let answer = shop.get(&format!("{PATH}?{query}")).await.expect(200);
            let rows = answer["data"].as_array().unwrap();
            let ids: Vec<i64> = rows.iter().map(|row| diario_tests::int(&row["inventory_id"])).collect();
            assert_eq!(ids, expected, "{query}");
        }
        let answer = shop.get(&format!("{PATH}?branch_id={north}&inventory_id={one}")).await.expect(200);
        let row = &answer["data"][0];
        assert_eq!(figures(row), ["3", "0", "3", "0"].map(dec), "the figures are the branch's");
        assert_eq!(row["branches"].as_array().unwrap().len(), 1);
        assert_eq!(row["branches"][0]["branch_id"], json!(north));
    }

    async fn pages(shop: Shop) {
        for _ in 0..5 {
            shop.create_item("10.00", 1).await;
        }
        let mut seen = Vec::new();
        for page in 1..=3 {
            let answer = shop.get(&format!("{PATH}?page={page}&per_page=2")).await.expect(200);
            assert_eq!(answer["pagination"]["total"], json!(5));
            let rows = answer["data"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| diario_tests::int(&row["inventory_id"])));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }

    async fn refuses_bad_queries(shop: Shop) {
        refuses_query(&shop, PATH, &[
            "inventory_id=x", "branch_id=centro", "page=0", "page=x", "per_page=0", "per_page=x",
        ]).await;
    }

    async fn shows_nothing_of_another_tenant(shop: Shop) {
        let foreign = shop.neighbour().await.create_item("1.00", 1).await;
        assert_eq!(shop.get(PATH).await.expect(200)["data"], json!([]));
        let answer = shop.get(&format!("{PATH}?inventory_id={foreign}")).await;
        assert!(answer.status == 404 || answer["data"] == json!([]), "{}", answer.text());
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::GET, PATH, None).await;
    }
}
