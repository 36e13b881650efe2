use std::collections::BTreeSet;

use diario_tests::{assert_shape, both_engines, guarded, idempotent, num, refuses, refuses_fields};
use reqwest::Method;
use serde_json::json;

const PATH: &str = "/pos/api/inventory/generate-barcode";

fn is_ean_13(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let sum: u32 = digits.iter().enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 1 } else { 3 }).sum();
    code.len() == 13 && digits.len() == 13 && sum.is_multiple_of(10)
}

both_engines! {
    async fn makes_a_valid_code_of_the_shops_own_range(shop: Shop) {
        let mut codes = BTreeSet::new();
        for _ in 0..20 {
            let answer = shop.post(PATH, json!({})).await.expect(200);
            assert_shape(&answer, &json!({"barcode": "string"}));
            let code = answer["barcode"].as_str().unwrap().to_owned();
            assert!(is_ean_13(&code) && code.starts_with("21"), "{code}");
            assert!(codes.insert(code.clone()), "{code} was given twice");
        }
    }

    async fn needs_no_body(shop: Shop) {
        shop.request(Method::POST, PATH, None).await.expect(200);
    }

    async fn many_at_once_are_all_different(shop: Shop) {
        let asked = (0..20).map(|_| shop.post(PATH, json!({})));
        let answers = futures_util::future::join_all(asked).await;
        let codes: BTreeSet<String> = answers
            .into_iter()
            .map(|answer| answer.expect(200)["barcode"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(codes.len(), 20);
    }

    async fn is_given_to_the_item(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        let code = shop.post(PATH, json!({"inventory_id": item})).await.expect(200)["barcode"].clone();
        let path = format!("/pos/api/inventory/items/{item}");
        assert_eq!(shop.get(&path).await.expect(200)["barcode"], code);
        let again = shop.post(PATH, json!({"inventory_id": item})).await.expect(200)["barcode"].clone();
        assert_ne!(again, code);
        assert_eq!(shop.get(&path).await.expect(200)["barcode"], again);
        let found = shop.get(&format!("/pos/api/inventory/items?q={}", again.as_str().unwrap())).await.expect(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 1);
    }

    async fn refuses_an_unknown_or_foreign_item(shop: Shop) {
        let other = shop.neighbour().await;
        let foreign = other.create_item_with(json!({"barcode": "7501234567890"})).await;
        for id in [foreign, 999_999] {
            refuses(&shop, Method::POST, PATH, json!({"inventory_id": id}), 400, "inventory_id").await;
        }
        let theirs = other.get(&format!("/pos/api/inventory/items/{foreign}")).await.expect(200);
        assert_eq!(theirs["barcode"], "7501234567890");
    }

    async fn refuses_bad_fields(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        refuses_fields(&shop, Method::POST, PATH, &json!({"inventory_id": item}), &[], &[
            ("/inventory_id", json!("uno")),
            ("/inventory_id", json!(-1)),
            ("/inventory_id", json!(0)),
            ("/inventory_id", num("1.5")),
            ("/inventory_id", num("99999999999999999999999")),
            ("/inventory_id", json!(true)),
        ]).await;
    }

    async fn a_key_makes_one(shop: Shop) {
        let item = shop.create_item("350.00", 10).await;
        idempotent(&shop, Method::POST, PATH, json!({"inventory_id": item}), json!({})).await;
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(json!({}))).await;
    }
}
