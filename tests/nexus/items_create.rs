use diario_tests::{
    Shop, assert_shape, both_engines, dec, guarded, idempotent, long_text, num, refuses, refuses_fields,
};
use reqwest::Method;
use serde_json::{Value, json};

const PATH: &str = "/pos/api/inventory/items";

fn sample() -> Value {
    json!({
        "part_number": "04465-02220", "name": "Pastillas de freno delanteras",
        "description": "Pastillas ceramicas originales Toyota", "brand": "Toyota", "unit": "PZA",
        "cost": num("150.00"), "price_1": num("350.00"), "price_2": num("300.00"), "price_3": num("280.00"),
        "tax_rate": num("0.16"), "min_stock": 5, "max_stock": 50, "location": "A-3-2", "initial_stock": 10,
        "catalog_part_id": 12345
    })
}

both_engines! {
    async fn what_names_no_tax_has_its_countrys(shop: Shop) {
        for (country, rate) in [("MX", "0.16"), ("PE", "0.18"), ("TR", "0.2"), ("AR", "0.21"), ("UY", "0.16")] {
            let shop = Shop::create(shop.engine, &shop.base, &shop.database, &["--country", country]).await;
            let item = shop.post(PATH, json!({"part_number": "A", "name": "Aceite"})).await.expect(201).int("id");
            let told = shop.get(&format!("{PATH}/{item}")).await.expect(200);
            assert_eq!(told["tax_rate"].to_string(), rate, "{country}");
        }
    }

    async fn creates_the_documented_item(shop: Shop) {
        let mut body = sample();
        body["branch_id"] = json!(shop.branch_id);
        let answer = shop.post(PATH, body).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "barcode": "string", "message": "Item created"}));
        let item = shop.get(&format!("{PATH}/{}", answer.int("id"))).await.expect(200);
        assert_eq!(item["part_number"], "04465-02220");
        assert_eq!(item["brand"], "Toyota");
        assert_eq!(item["barcode"], answer["barcode"]);
        assert_eq!(item.money("price_2"), dec("300"));
        assert_eq!(item.money("cost"), dec("150"));
        assert_eq!(item.money("stock"), dec("10"));
        assert_eq!(shop.balances().await.of("115.01"), dec("1500"));
    }

    async fn needs_no_more_than_part_number_and_name(shop: Shop) {
        let answer = shop.post(PATH, json!({"part_number": "A-1", "name": "Filtro"})).await.expect(201);
        let item = shop.get(&format!("{PATH}/{}", answer.int("id"))).await.expect(200);
        assert_eq!(item.money("stock"), dec("0"));
    }

    async fn a_generated_barcode_is_a_valid_ean_13_of_the_in_store_range(shop: Shop) {
        let answer = shop.post(PATH, sample()).await.expect(201);
        let code = answer["barcode"].as_str().unwrap().to_owned();
        assert!(code.len() == 13 && code.starts_with('2'), "{code}");
        let sum: u32 = code.chars().enumerate()
            .map(|(at, digit)| digit.to_digit(10).unwrap() * if at % 2 == 0 { 1 } else { 3 })
            .sum();
        assert_eq!(sum % 10, 0, "{code}");
    }

    async fn a_given_barcode_is_kept(shop: Shop) {
        let mut body = sample();
        body["barcode"] = json!("7501234567890");
        let answer = shop.post(PATH, body).await.expect(201);
        assert_eq!(answer["barcode"], "7501234567890");
    }

    async fn refuses_bad_fields(shop: Shop) {
        let required = ["/part_number", "/name"];
        refuses_fields(&shop, Method::POST, PATH, &sample(), &required, &[
            ("/part_number", json!(7)),
            ("/part_number", json!("")),
            ("/part_number", long_text()),
            ("/name", json!(null)),
            ("/name", json!("")),
            ("/name", json!(["a"])),
            ("/name", long_text()),
            ("/description", json!({})),
            ("/brand", json!(3)),
            ("/cost", json!("mucho")),
            ("/cost", json!(-1)),
            ("/cost", num("1e30")),
            ("/price_1", json!(-350)),
            ("/price_1", json!("gratis")),
            ("/price_1", num("99999999999999999999999999")),
            ("/price_2", json!(-1)),
            ("/price_3", json!(true)),
            ("/tax_rate", json!(-0.16)),
            ("/tax_rate", json!(16)),
            ("/tax_rate", json!("iva")),
            ("/min_stock", json!(-5)),
            ("/max_stock", json!("x")),
            ("/initial_stock", json!(-1)),
            ("/initial_stock", json!("diez")),
            ("/initial_stock", num("1e25")),
            ("/branch_id", json!("centro")),
            ("/branch_id", json!(987_654)),
            ("/barcode", json!(75)),
        ]).await;
    }

    /// A shop may have put codes of its own on the range that ours are made in.
    async fn a_code_that_is_taken_is_not_made(shop: Shop) {
        let first = shop.post(PATH, json!({"part_number": "A", "name": "A"})).await.expect(201);
        let code = first["barcode"].as_str().unwrap();
        let number: u64 = code[..12].parse().unwrap();
        for ahead in 2..5 {
            let body = (number + ahead).to_string();
            let odd: u32 = body.chars().step_by(2).filter_map(|digit| digit.to_digit(10)).sum();
            let even: u32 = body.chars().skip(1).step_by(2).filter_map(|digit| digit.to_digit(10)).sum();
            let check = (10 - (odd + 3 * even) % 10) % 10;
            let own = json!({"part_number": format!("O{ahead}"), "name": "O", "barcode": format!("{body}{check}")});
            shop.post(PATH, own).await.expect(201);
        }
        let mut codes = std::collections::BTreeSet::new();
        for part in ["B", "C", "D", "E"] {
            let made = shop.post(PATH, json!({"part_number": part, "name": part})).await.expect(201);
            let code = made["barcode"].as_str().unwrap().to_owned();
            assert!(code.starts_with('2') && code.len() == 13, "{code}");
            assert!(codes.insert(code));
        }
    }

    /// Sums of documents must stay inside 64 bits on every account, or the journal stops for good.
    async fn refuses_a_stock_worth_more_than_a_document(shop: Shop) {
        let mut body = sample();
        body["cost"] = json!(100_000_000);
        body["initial_stock"] = json!(1_000);
        let worth = shop.post(PATH, body.clone()).await.expect(201);
        assert_eq!(shop.stock(worth.int("id")).await, dec("1000"));
        body["part_number"] = json!("OTRA");
        body["initial_stock"] = num("1000.01");
        refuses(&shop, Method::POST, PATH, body, 400, "demasiado grande").await;
    }

    async fn a_key_makes_it_once(shop: Shop) {
        let mut other = sample();
        other["name"] = json!("Balatas");
        let first = idempotent(&shop, Method::POST, PATH, sample(), other).await;
        assert_eq!(shop.all(PATH).await.len(), 1);
        assert_eq!(shop.stock(first.int("id")).await, dec("10"));
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATH, Some(sample())).await;
    }
}
