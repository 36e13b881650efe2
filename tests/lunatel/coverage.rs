//! Every operation that the server describes, with what its document shows: from this table, and for every row of it,
//! the happy answer, the refusals that all share, and the ways in which the document can be read.

use std::{collections::BTreeSet, fmt::Write as _};

use diario_tests::{Answer, assert_shape, both_engines, int};
use reqwest::Method;
use serde_json::{Value, json};

use crate::company::{Company, PASSWORD, address, failed, send, sign_up};

/// What is ready to be asked for.
struct Stage {
    item: i64,
    category: i64,
    address: i64,
}

struct Operation {
    name: &'static str,
    path: &'static str,
    /// It reads: a GET does too.
    reads: bool,
    /// It is open to who has not logged in.
    public: bool,
    body: fn(&Stage, &Company) -> Value,
    shape: fn() -> Value,
}

fn written() -> Value {
    json!({"id": "int", "response": "string"})
}

fn message() -> Value {
    json!({"message": "string"})
}

fn products() -> Value {
    json!({"totalCount": "int", "productModel": [{
        "productId": "int", "minStockQty": "number", "maxStockQty": "number", "price": "number", "discount": "number",
        "basketDiscount": "number", "tax": "number", "productName": "string", "brandName": "string",
        "categoryName": "string", "subCategoryName": "string", "productMasterName": "string", "categoryId": "int",
        "subCategoryId": "int", "productMasterId": "int", "brandId": "int", "productImageLink": "string",
        "productImageLiteLink": "string", "categoryImageLink": "string", "categorySubImageLink": "string",
        "expressId": "int", "isFavorited": "bool", "fastShipping": "bool", "listPrice": "number",
        "isHasCompanyPrice": "bool", "unitName": "string", "isUnitConvert": "bool"
    }]})
}

const OPERATIONS: &[Operation] = &[
    Operation {
        name: "auth_login",
        path: "/v1/Auth/Login",
        reads: false,
        public: true,
        body: |_, company| json!({"username": company.name, "password": PASSWORD, "apiKey": company.key}),
        shape: || json!({"authenticateResult": true, "authToken": "string", "accessTokenExpireDate": "string"}),
    },
    Operation {
        name: "auth_sign_up",
        path: "/v1/Auth/SignUp",
        reads: false,
        public: true,
        body: |_, company| {
            let mut body = sign_up("yeni");
            body["apiKey"] = json!(company.key);
            body
        },
        shape: message,
    },
    Operation {
        name: "address_create",
        path: "/v1/Address/Create",
        reads: false,
        public: false,
        body: |_, _| address(),
        shape: written,
    },
    Operation {
        name: "address_edit",
        path: "/v1/Address/Edit",
        reads: false,
        public: false,
        body: |stage, _| {
            let mut body = address();
            body["addressId"] = json!(stage.address);
            body
        },
        shape: written,
    },
    Operation {
        name: "address_list",
        path: "/v1/Address/GetAddress",
        reads: true,
        public: false,
        body: |_, _| json!({}),
        shape: || {
            json!({"addressList": [{
                "id": "int", "companyId": "int", "title": "string", "fullAddress": "string", "cityId": "int",
                "townId": "int", "neighborhoodId": "int", "cityname": "string", "townname": "string",
                "neighborhoodname": "string", "name": "string", "commericalTitle": "string", "phoneNumber": "string",
                "eMail": "string", "taxNumber": "string", "taxUnit": "string", "invoiceAddress": "string"
            }]})
        },
    },
    Operation {
        name: "cities",
        path: "/v1/Address/GetCitys",
        reads: true,
        public: false,
        body: |_, _| json!({}),
        shape: || json!({"list": [{"id": "int", "cityName": "string"}]}),
    },
    Operation {
        name: "towns",
        path: "/v1/Address/GetTowns",
        reads: true,
        public: false,
        body: |_, _| json!({"cityId": 34}),
        shape: || json!({"list": [{"id": "int", "cityId": "int", "townName": "string"}]}),
    },
    Operation {
        name: "neighbourhoods",
        path: "/v1/Address/GetNeighborhood",
        reads: true,
        public: false,
        body: |_, _| json!({"townId": 1}),
        shape: || {
            json!({"list": [{
                "id": "int", "townID": "int", "townId": "int", "neigborhoodName": "string", "zipCode": "string"
            }]})
        },
    },
    Operation {
        name: "sub_categories",
        path: "/v1/Category/getSubCategories",
        reads: true,
        public: false,
        body: |_, _| json!({}),
        shape: || json!({"categoryList": [{"categoryId": "int", "categoryName": "string", "productCount": "int"}]}),
    },
    Operation {
        name: "product_masters",
        path: "/v1/ProductMaster/getProductMasters",
        reads: true,
        public: false,
        body: |stage, _| json!({"categorySubId": stage.category}),
        shape: || {
            json!({"productMasterList": [{
                "productMasterId": "int", "productMasterName": "string", "productCount": "int"
            }]})
        },
    },
    Operation {
        name: "products",
        path: "/v1/Product/getProduct",
        reads: true,
        public: false,
        body: |stage, _| {
            json!({
                "count": 0, "page": 0, "getFavorite": false, "productIds": stage.item.to_string(),
                "updatedDate": ["gt:2023-06-06"]
            })
        },
        shape: products,
    },
    Operation {
        name: "products_of_master",
        path: "/v1/Product/getProductWithProductMaster",
        reads: true,
        public: false,
        body: |stage, _| json!({"count": 0, "page": 0, "getFavorite": false, "productMasterId": stage.item, "updatedDate": []}),
        shape: products,
    },
    Operation {
        name: "products_of_category",
        path: "/v1/Product/getProductWithSubCategory",
        reads: true,
        public: false,
        body: |stage, _| json!({"count": 0, "page": 0, "getFavorite": false, "subCategoryId": stage.category, "updatedDate": []}),
        shape: products,
    },
    Operation {
        name: "favourite_toggle",
        path: "/v1/Product/favoriteToggle",
        reads: false,
        public: false,
        body: |stage, _| json!({"productId": stage.item}),
        shape: message,
    },
    Operation {
        name: "order_post",
        path: "/v1/Order/postOrder",
        reads: false,
        public: false,
        body: |stage, company| company.order_of(stage.item, "2"),
        shape: message,
    },
    Operation {
        name: "order_history",
        path: "/v1/OrderHistory/getOrderHistory",
        reads: true,
        public: false,
        body: |_, _| json!({"count": 0, "page": 0}),
        shape: || {
            json!({"totalCount": "int", "orders": [{
                "orderNo": "int", "orderDate": "string",
                "address": {
                    "title": "string", "address": "string", "invoiceAddress": "string", "companyName": "string",
                    "phone": "string"
                },
                "billingInformation": {
                    "title": "string", "address": "string", "companyName": "string", "phone": "string"
                },
                "paymentInformation": {
                    "productsAmount": "number", "cargoAmount": "number", "totalAmount": "number",
                    "paymentType": "string"
                },
                "orderItems": [{
                    "productId": "int", "quantity": "number", "unitName": "string", "productName": "string",
                    "unitPrice": "number", "totalPrice": "number"
                }]
            }]})
        },
    },
    // At last: it takes away what the others use.
    Operation {
        name: "address_delete",
        path: "/v1/Address/Delete",
        reads: false,
        public: false,
        body: |stage, _| json!({"addressId": stage.address}),
        shape: written,
    },
];

async fn stage(company: &Company) -> Stage {
    let category = json!({"name": "Kılıf"});
    let category = company.shop.post("/pos/api/inventory/categories", category).await.expect(201).int("id");
    let item =
        json!({"name": "Silikon kılıf", "brand": "Lunatel", "category_id": category, "initial_stock": 50});
    let item = company.shop.create_item_with(item).await;
    let address = company.call("/v1/Address/Create", address()).await.expect(200).int("id");
    Stage { item, category, address }
}

/// The envelope of every answer that went well.
#[track_caller]
fn well(answer: &Answer, shape: &Value) {
    assert_shape(answer, &json!({"status": 0, "errorResponse": {"status": 0, "message": ""}}));
    assert_shape(answer, shape);
}

/// An answer's own fields are there in a failure too, and empty.
fn empty(answer: &Answer, shape: &Value) -> Result<(), String> {
    for (name, kind) in shape.as_object().unwrap() {
        let right = match (kind, &answer[name.as_str()]) {
            (Value::Array(_), Value::Array(list)) => list.is_empty(),
            (Value::Bool(_), Value::Bool(value)) => !value,
            (Value::String(kind), found) if kind == "int" => *found == json!(0),
            (Value::String(_), found) => *found == json!(""),
            _ => false,
        };
        if !right {
            return Err(format!("{name} is {}", answer[name.as_str()]));
        }
    }
    Ok(())
}

fn swapped_case(text: &str) -> String {
    let swap = |letter: char| {
        if letter.is_ascii_uppercase() { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() }
    };
    text.chars().map(swap).collect()
}

both_engines! {
    async fn the_table_is_what_the_server_describes(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi/lunatel.json", &[], None).await.expect(200);
        let mut described = BTreeSet::new();
        for (path, operations) in answer["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                assert_eq!(method, "post", "{path}");
                let name = operation["operationId"].as_str().unwrap().strip_prefix("lunatel.").unwrap();
                assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
                described.insert((name.to_owned(), path.clone()));
            }
        }
        let table: BTreeSet<_> =
            OPERATIONS.iter().map(|operation| (operation.name.to_owned(), operation.path.to_owned())).collect();
        assert_eq!(described, table);
        assert_eq!(table.len(), 17);
    }

    async fn every_operation_answers_as_documented(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let stage = stage(&company).await;
        for operation in OPERATIONS {
            let body = (operation.body)(&stage, &company);
            let answer = company.call(operation.path, body).await.expect(200);
            well(&answer, &(operation.shape)());
            assert_eq!(answer.header("content-type"), Some("application/json"), "{}", operation.name);
            assert!(answer.header("x-request-id").is_some(), "{}", operation.name);
        }
    }

    async fn paths_and_fields_come_in_any_case(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let stage = stage(&company).await;
        for operation in OPERATIONS {
            let body = (operation.body)(&stage, &company);
            let renamed: serde_json::Map<_, _> =
                body.as_object().unwrap().iter().map(|(name, value)| (swapped_case(name), value.clone())).collect();
            for path in [swapped_case(operation.path), format!("{}/", operation.path.to_lowercase())] {
                let mut renamed = renamed.clone();
                if path.ends_with('/') && ["auth_sign_up", "address_delete"].contains(&operation.name) {
                    // The second time it would be another's already, or gone.
                    continue;
                }
                if operation.name == "order_post" {
                    renamed["ORDERiTEMS"] = json!([{"PRODUCTID": stage.item, "Quantity": 1}]);
                }
                let answer = company.call(&path, Value::Object(renamed)).await.expect(200);
                well(&answer, &(operation.shape)());
            }
        }
    }

    async fn what_reads_takes_a_get_and_two_writes_their_own_method(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let stage = stage(&company).await;
        company.order(stage.item, "1").await.expect(200);
        let bearer = format!("Bearer {}", company.token);
        for operation in OPERATIONS {
            let body = (operation.body)(&stage, &company);
            let mut query = String::new();
            for (name, value) in body.as_object().unwrap() {
                match value {
                    Value::Array(values) => {
                        for value in values {
                            let _ = write!(query, "{name}={}&", value.as_str().unwrap_or_default());
                        }
                    }
                    Value::String(text) => { let _ = write!(query, "{name}={text}&"); }
                    other => { let _ = write!(query, "{name}={other}&"); }
                }
            }
            let answer = company.get(&format!("{}?{query}", operation.path)).await;
            if operation.reads {
                well(&answer.expect(200), &(operation.shape)());
                // A body says it too.
                let answer = shop
                    .send(&Method::GET, operation.path, &[("authorization", &bearer)], Some(body.to_string()))
                    .await;
                well(&answer.expect(200), &(operation.shape)());
            } else {
                failed(&answer, 405, "");
                empty(&answer, &(operation.shape)()).unwrap();
            }
        }
        let mut edited = address();
        edited["addressId"] = json!(stage.address);
        let headers = [("authorization", bearer.as_str())];
        shop.send(&Method::PUT, "/v1/address/edit", &headers, Some(edited.to_string())).await.expect(200);
        let path = format!("/v1/Address/Delete?addressId={}", stage.address);
        let gone = shop.send(&Method::DELETE, &path, &headers, None).await.expect(200);
        assert_eq!(gone.int("id"), stage.address);
    }

    async fn a_token_comes_in_four_ways_and_no_other_opens(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let stage = stage(&company).await;
        let bearer = format!("Bearer {}", company.token);
        for (name, value) in [
            ("authorization", bearer.as_str()), ("authorization", &company.token), ("authToken", &company.token),
            ("X-Auth-Token", &company.token),
        ] {
            send(&shop, "/v1/Address/GetCitys", &[(name, value)], &json!({})).await.expect(200);
        }
        let lunara = json!({"surface": "lunara", "name": "Sitio", "scopes": ["*"]});
        let lunara = shop.post("/admin/v1/keys", lunara).await.expect(201)["key"].as_str().unwrap().to_owned();
        let mut forged = company.token.clone();
        forged.replace_range(forged.len() - 4..forged.len() - 2, if forged.ends_with("AAAA") { "BB" } else { "AA" });
        let before = shop.events().await;
        let mut faults = String::new();
        for operation in OPERATIONS.iter().filter(|operation| !operation.public) {
            let body = (operation.body)(&stage, &company);
            let tokens = [("nothing", ""), ("Nexus", &shop.token), ("LUNARA", &lunara), ("the key", &company.key), ("forged", &forged)];
            for (what, token) in tokens {
                let bearer = format!("Bearer {token}");
                let headers = [("authorization", bearer.as_str())];
                let headers: &[(&str, &str)] = if token.is_empty() { &[] } else { &headers };
                let answer = send(&shop, operation.path, headers, &body).await;
                let message = answer["errorResponse"]["message"].as_str().unwrap_or_default();
                let whole = empty(&answer, &(operation.shape)());
                if answer.status != 401 || answer["status"] != 401 || message.is_empty() || whole.is_err() {
                    let _ = writeln!(faults, "  {} with {what}: {} {}", operation.name, answer.status, answer.text());
                }
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
        // And this surface's token opens no other door.
        let headers = [("authorization", bearer.as_str())];
        for path in ["/pos/api/inventory/items", "/admin/v1/keys"] {
            assert_eq!(shop.send(&Method::GET, path, &headers, None).await.status, 401, "{path}");
        }
        assert_eq!(shop.events().await, before);
    }

    async fn who_acts_for_no_company_is_403(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let body = json!({"email": "ana@tienda.com", "name": "Ana", "password": PASSWORD});
        shop.post("/admin/v1/users", body).await.expect(201);
        let login = json!({"username": "ana@tienda.com", "password": PASSWORD, "apiKey": company.key});
        let answer = send(&shop, "/v1/Auth/Login", &[], &login).await;
        failed(&answer, 403, "");
        assert_eq!(answer["authenticateResult"], false);
    }

    async fn a_revoked_key_ends_the_tokens_that_came_with_it(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let keys = shop.get("/admin/v1/keys").await.expect(200);
        let id = int(&keys["data"][0]["id"]);
        shop.request(Method::DELETE, &format!("/admin/v1/keys/{id}"), None).await.expect(200);
        failed(&company.call("/v1/Address/GetAddress", json!({})).await, 401, "");
        let login = json!({"username": "ege", "password": PASSWORD, "apiKey": company.key});
        failed(&send(&shop, "/v1/Auth/Login", &[], &login).await, 401, "");
    }

    async fn what_is_no_json_is_400_and_what_is_no_path_404(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        let before = shop.events().await;
        let bearer = format!("Bearer {}", company.token);
        let headers = [("authorization", bearer.as_str())];
        for operation in OPERATIONS {
            for broken in ["{\"a\":", "nada", "[]", "7", "{\n  No parameters...\n}"] {
                let answer = shop.send(&Method::POST, operation.path, &headers, Some(broken.to_owned())).await;
                failed(&answer, 400, "");
                empty(&answer, &(operation.shape)()).unwrap();
            }
            let large = format!("{{\"note\":\"{}\"}}", "x".repeat(5_000_000));
            let answer = shop.send(&Method::POST, operation.path, &headers, Some(large)).await;
            failed(&answer, 400, "");
            // Another media type, none at all, nothing in it: it is read all the same.
            let typed = [("authorization", bearer.as_str()), ("content-type", "application/vnd.api+json")];
            let body = if operation.name == "address_list" { String::new() } else { "{}".to_owned() };
            let answer = shop.send(&Method::POST, operation.path, &typed, Some(body)).await;
            assert!([200, 422].contains(&answer.status), "{}: {}", operation.name, answer.text());
            failed(&company.call(&format!("{}/9", operation.path), json!({})).await, 404, "");
        }
        for path in ["/v1", "/v1/Order", "/v1/Customers", "/v1/Order/getOrder"] {
            failed(&company.call(path, json!({})).await, 404, "");
        }
        assert_eq!(shop.events().await, before);
    }

    async fn it_speaks_turkish_and_english_or_spanish_to_who_asks(shop: Shop) {
        let company = Company::new(&shop, "ege").await;
        for (language, word) in
            [("", "zorunludur"), ("de", "zorunludur"), ("en-US,en;q=0.9", "required"), ("ES-mx", "Falta")]
        {
            let answer = company.call_with("/v1/Address/GetTowns", &[("accept-language", language)], json!({})).await;
            failed(&answer, 422, word);
            let headers = [("accept-language", language)];
            let answer = company.call_with("/v1/Product/favoriteToggle", &headers, json!({"productId": 999})).await;
            failed(&answer, 404, "999");
        }
        let accept = [("accept", "application/vnd.api+json")];
        let answer = company.call_with("/v1/Address/GetCitys", &accept, json!({})).await.expect(200);
        assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
        let answer = company.call_with("/v1/Address/GetTowns", &accept, json!({})).await.expect(422);
        assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
    }
}
