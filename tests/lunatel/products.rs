use diario_tests::{both_engines, dec, int, money, num};
use serde_json::{Value, json};

use crate::company::{Company, failed};

const ALL: &str = "/v1/Product/getProduct";
const OF_MASTER: &str = "/v1/Product/getProductWithProductMaster";
const OF_CATEGORY: &str = "/v1/Product/getProductWithSubCategory";

async fn ids(company: &Company, path: &str, body: Value) -> Vec<i64> {
    let answer = company.call(path, body).await.expect(200);
    answer["productModel"].as_array().unwrap().iter().map(|row| int(&row["productId"])).collect()
}

async fn one(company: &Company, item: i64) -> Value {
    let answer = company.call(ALL, json!({"productIds": item.to_string()})).await.expect(200);
    assert_eq!(answer.int("totalCount"), 1);
    answer["productModel"][0].clone()
}

both_engines! {
    async fn a_product_is_what_the_shop_says_of_its_item(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let root = shop.post("/pos/api/inventory/categories", json!({"name": "Aksesuar"})).await.expect(201).int("id");
        let leaf = json!({"name": "Kılıf", "parent_id": root});
        let leaf = shop.post("/pos/api/inventory/categories", leaf).await.expect(201).int("id");
        let item = shop
            .create_item_with(json!({
                "name": "Silikon kılıf", "brand": "Lunatel", "category_id": leaf, "price_1": num("100.00"),
                "price_2": num("95.00"), "price_3": num("90.50"), "tax_rate": num("0.20"), "min_stock": 2,
                "max_stock": 80, "unit": "ADET", "image_url": "https://ornek.com/k.jpg", "catalog_part_id": 77
            }))
            .await;
        let row = one(&company, item).await;
        for (field, value) in [
            ("productName", json!("Silikon kılıf")), ("brandName", json!("Lunatel")), ("categoryName", json!("Aksesuar")),
            ("subCategoryName", json!("Kılıf")), ("productMasterName", json!("Silikon kılıf")), ("categoryId", json!(root)),
            ("subCategoryId", json!(leaf)), ("productMasterId", json!(item)), ("minStockQty", json!(2)),
            ("maxStockQty", json!(80)), ("productImageLink", json!("https://ornek.com/k.jpg")), ("expressId", json!(77)),
            ("isFavorited", json!(false)), ("fastShipping", json!(false)), ("isHasCompanyPrice", json!(false)),
            ("unitName", json!("ADET")), ("isUnitConvert", json!(false)),
        ] {
            assert_eq!(row[field], value, "{field}");
        }
        for (field, amount) in [("price", "90.50"), ("listPrice", "100"), ("tax", "20"), ("discount", "0"), ("basketDiscount", "0")] {
            assert_eq!(money(&row[field]), dec(amount), "{field}");
        }
        assert!(int(&row["brandId"]) > 0);

        let categories = company.call("/v1/Category/getSubCategories", json!({})).await.expect(200);
        assert_eq!(categories["categoryList"], json!([{"categoryId": leaf, "categoryName": "Kılıf", "productCount": 1}]));
        let body = json!({"categorySubId": leaf});
        let masters = company.call("/v1/ProductMaster/getProductMasters", body).await.expect(200);
        let expected = json!([{"productMasterId": item, "productMasterName": "Silikon kılıf", "productCount": 1}]);
        assert_eq!(masters["productMasterList"], expected);
        assert_eq!(ids(&company, OF_MASTER, json!({"productMasterId": item})).await, [item]);
        assert_eq!(ids(&company, OF_CATEGORY, json!({"subCategoryId": leaf})).await, [item]);
        assert_eq!(ids(&company, OF_CATEGORY, json!({"subCategoryId": root})).await, [0; 0]);

        shop.put(&format!("/pos/api/inventory/items/{item}"), json!({"is_active": false})).await.expect(200);
        assert_eq!(ids(&company, ALL, json!({})).await, [0; 0]);
    }

    async fn a_company_has_prices_of_its_own(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let other = Company::with_key(&shop, "ada", &company.key).await;
        let item = shop.create_item("100.00", 10).await;
        let path = format!("/admin/v1/customers/{}/prices/{item}", company.customer);
        shop.put(&path, json!({"price": num("80.00"), "discount_pct": num("5")})).await.expect(200);
        let row = one(&company, item).await;
        assert_eq!((money(&row["price"]), money(&row["discount"])), (dec("80.00"), dec("5")));
        assert_eq!((money(&row["listPrice"]), &row["isHasCompanyPrice"]), (dec("100.00"), &json!(true)));
        assert_eq!(one(&other, item).await["isHasCompanyPrice"], false);
        shop.request(reqwest::Method::DELETE, &path, None).await.expect(200);
        let row = one(&company, item).await;
        assert_eq!((money(&row["price"]), &row["isHasCompanyPrice"]), (dec("100.00"), &json!(false)));
        assert_eq!(money(&row["discount"]), dec("0"));
    }

    async fn favourites_are_each_companys_own(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let other = Company::with_key(&shop, "ada", &company.key).await;
        let (one_item, two) = (shop.create_item("1.00", 1).await, shop.create_item("2.00", 1).await);
        let toggle = "/v1/Product/favoriteToggle";
        assert_eq!(company.call(toggle, json!({"productId": two})).await.expect(200)["isFavorited"], true);
        assert_eq!(ids(&company, ALL, json!({"getFavorite": true})).await, [two]);
        assert_eq!(ids(&company, ALL, json!({"getFavorite": false})).await, [one_item, two]);
        assert_eq!(ids(&other, ALL, json!({"getFavorite": true})).await, [0; 0]);
        assert_eq!(one(&company, two).await["isFavorited"], true);
        assert_eq!(company.call(toggle, json!({"productId": two})).await.expect(200)["isFavorited"], false);
        assert_eq!(ids(&company, ALL, json!({"getFavorite": true})).await, [0; 0]);
        let foreign = shop.neighbour().await;
        for _ in 0..3 {
            foreign.create_item("1.00", 1).await;
        }
        let before = shop.events().await;
        for id in [3, 999_999, 0, -1] {
            failed(&company.call(toggle, json!({"productId": id})).await, 404, "");
        }
        failed(&company.call(toggle, json!({})).await, 422, "productId");
        assert_eq!(shop.events().await, before);
        let key = [("idempotency-key", "bir")];
        for _ in 0..2 {
            company.call_with(toggle, &key, json!({"productId": two})).await.expect(200);
        }
        assert_eq!(ids(&company, ALL, json!({"getFavorite": true})).await, [two]);
    }

    async fn pages_count_from_one_and_0_is_the_first(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let mut items = Vec::new();
        for _ in 0..5 {
            items.push(shop.create_item("1.00", 1).await);
        }
        for (page, expected) in [(0, &items[..2]), (1, &items[..2]), (2, &items[2..4]), (3, &items[4..]), (4, &[])] {
            let answer = company.call(ALL, json!({"count": 2, "page": page})).await.expect(200);
            let found: Vec<_> =
                answer["productModel"].as_array().unwrap().iter().map(|row| int(&row["productId"])).collect();
            assert_eq!(found, expected, "page {page}");
            assert_eq!((answer.int("totalCount"), answer.int("pageCount"), answer.int("page")), (5, 3, page.max(1)));
        }
        let from_zero = json!({"surface": "lunatel", "name": "Sıfırdan", "page_base": 0});
        let key = shop.post("/admin/v1/keys", from_zero).await.expect(201)["key"].as_str().unwrap().to_owned();
        let zero = Company::with_key(&shop, "ada", &key).await;
        for (page, expected) in [(0, &items[..2]), (1, &items[2..4]), (2, &items[4..])] {
            assert_eq!(ids(&zero, ALL, json!({"count": 2, "page": page})).await, expected, "page {page} from 0");
        }
        assert_eq!(ids(&company, ALL, json!({"count": 9_999})).await.len(), 5);
        for (field, value) in [("count", json!(-1)), ("page", json!("x")), ("page", num("1.5")), ("getFavorite", json!(1)), ("productIds", json!("string"))] {
            for path in [ALL, "/v1/OrderHistory/getOrderHistory"] {
                if path != ALL && !["count", "page"].contains(&field) {
                    continue;
                }
                failed(&company.call(path, json!({field: value})).await, 422, field);
            }
        }
    }

    async fn what_changed_since_is_found(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let item = shop.create_item("1.00", 1).await;
        let today = shop.today().await;
        let (yesterday, tomorrow) = (diario_tests::plus_days(&today, -1), diario_tests::plus_days(&today, 1));
        for (conditions, found) in [
            (json!([format!("eq:{today}")]), true),
            (json!([format!("eq:{yesterday}")]), false),
            (json!([format!("gt:{yesterday}")]), true),
            (json!([format!("gt:{today}")]), false),
            (json!([format!("gteq:{today}")]), true),
            (json!([format!("lt:{today}")]), false),
            (json!([format!("lt:{tomorrow}")]), true),
            (json!([format!("lteq:{today}")]), true),
            (json!([format!("lteq:{yesterday}")]), false),
            (json!(["gt:2023-06-06", "lt:2023-10-06"]), false),
            (json!([format!("gt:{yesterday}"), format!("lt:{tomorrow}")]), true),
            (json!("gt:2023-06-06T10:00:00Z"), true),
            (json!([]), true),
        ] {
            let shown = ids(&company, ALL, json!({"updatedDate": conditions})).await;
            assert_eq!(!shown.is_empty(), found, "{conditions}");
            let of_master = json!({"productMasterId": item, "updatedDate": conditions});
            assert_eq!(ids(&company, OF_MASTER, of_master).await, shown, "{conditions}");
        }
        for wrong in [json!(["string"]), json!(["gt:string"]), json!(["since:2023-06-06"]), json!([7]), json!(["gt:2023-13-06"])] {
            failed(&company.call(ALL, json!({"updatedDate": wrong})).await, 422, "updatedDate");
        }
    }

    async fn a_category_or_product_that_is_none_is_said(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let foreign = shop.neighbour().await;
        foreign.post("/pos/api/inventory/categories", json!({"name": "Kılıf"})).await.expect(201);
        foreign.create_item("1.00", 1).await;
        for (path, field) in [(OF_MASTER, "productMasterId"), (OF_CATEGORY, "subCategoryId")] {
            failed(&company.call(path, json!({})).await, 422, field);
            failed(&company.call(path, json!({field: "x"})).await, 422, field);
            for id in [1, 999_999, 0] {
                failed(&company.call(path, json!({field: id})).await, 404, "");
            }
        }
        failed(&company.call("/v1/ProductMaster/getProductMasters", json!({"categorySubId": 1})).await, 404, "");
        let all = company.call("/v1/ProductMaster/getProductMasters", json!({"categorySubId": 0})).await.expect(200);
        assert_eq!(all["productMasterList"], json!([]));
    }
}
