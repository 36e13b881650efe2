//! The samples of the document. Its bodies are made of placeholders, `0` and `"string"`: each is sent as it is printed,
//! and where no shop could have what it names, it is refused as the document says and sent again with those places
//! filled.

use diario_tests::{Answer, Printed, Shop, assert_like, both_engines, int};
use reqwest::Method;
use serde_json::{Value, json};

use crate::company::{failed, key, send};

/// What fills a placeholder: where it stands, and by what it is replaced.
type Filled<'a> = &'a [(&'a str, Value)];

struct Caller<'a> {
    printed: &'a Printed,
    shop: &'a Shop,
    headers: Vec<(&'static str, String)>,
}

impl Caller<'_> {
    async fn send(&self, path: &str, body: &Value) -> Answer {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        send(self.shop, path, &headers, body).await
    }

    /// Holds an answer to the printed one: the same keys, values of the same types, and success.
    fn well(&self, name: &str, answer: Answer) -> Answer {
        let answer = answer.expect(200);
        let mut printed = self.printed.response(name);
        // Printed as text in this sample, as a number in all others and in every table (contract T-4).
        printed["status"] = json!(0);
        assert_like(&answer, &printed);
        assert_eq!((int(&answer["status"]), int(&answer["errorResponse"]["status"])), (0, 0));
        answer
    }

    /// The body as it is printed.
    async fn literally(&self, name: &str, path: &str) -> Answer {
        let answer = self.send(path, &self.printed.request(name)).await;
        self.well(name, answer)
    }

    /// The body as it is printed is refused with this status; with its placeholders filled it is taken.
    async fn filled(&self, name: &str, path: &str, refused: u16, filled: Filled<'_>) -> Answer {
        let mut body = self.printed.request(name);
        failed(&self.send(path, &body).await, refused, "");
        for (place, value) in filled {
            let found = body.pointer_mut(place).unwrap_or_else(|| panic!("{name} has no {place}"));
            assert!(*found == json!(0) || *found == json!("string"), "{name}: {place} is {found}");
            *found = value.clone();
        }
        let answer = self.send(path, &body).await;
        self.well(name, answer)
    }

    /// The words between the braces are no JSON (contract T-29): they mean that nothing is sent.
    async fn without_parameters(&self, name: &str, path: &str) -> Answer {
        let text = self.printed.text(&format!("{name}.request.json"), &[]);
        assert!(text.contains("No parameters..."));
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        failed(&self.shop.send(&Method::POST, path, &headers, Some(text)).await, 400, "");
        self.well(name, self.shop.send(&Method::POST, path, &headers, None).await);
        let answer = self.send(path, &json!({})).await;
        self.well(name, answer)
    }
}

/// A company signs up and logs in; what it says with its token from then on.
async fn sign_up<'a>(printed: &'a Printed, shop: &'a Shop) -> Caller<'a> {
    let key = key(shop).await;
    let caller = Caller { printed, shop, headers: vec![("apiKey", key.clone())] };
    let password = json!("çok gizli 1");
    caller
        .filled(
            "auth_sign_up",
            "/v1/Auth/SignUp",
            422,
            &[
                ("/email", json!("ayse@ege.com.tr")),
                ("/password", password.clone()),
                ("/passwordRetry", password.clone()),
                ("/identificationNumber", json!("10000000146")),
                ("/cityId", json!(1)),
                ("/districtId", json!(1)),
                ("/neighborhoodId", json!(1)),
            ],
        )
        .await;
    let caller = Caller { headers: Vec::new(), ..caller };
    let filled = [("/password", password), ("/apiKey", json!(key))];
    let answer = caller.filled("auth_login", "/v1/Auth/Login", 401, &filled).await;
    let token = answer["authToken"].as_str().unwrap();
    Caller { headers: vec![("authorization", format!("Bearer {token}"))], ..caller }
}

async fn addresses(caller: &Caller<'_>) -> i64 {
    let place = [("/cityID", json!(1)), ("/townID", json!(1)), ("/neighborhoodID", json!(1))];
    let address = caller.filled("address_create", "/v1/Address/Create", 422, &place).await.int("id");
    let mut edited = place.to_vec();
    edited.push(("/addressId", json!(address)));
    let answer = caller.filled("address_edit", "/v1/Address/Edit", 422, &edited).await;
    assert_eq!(answer.int("id"), address);
    let list = caller.without_parameters("address_list", "/v1/Address/GetAddress").await;
    assert_eq!(list["addressList"][1]["title"], "string");
    caller.without_parameters("cities", "/v1/Address/GetCitys").await;
    caller.filled("towns", "/v1/Address/GetTowns", 404, &[("/cityId", json!(1))]).await;
    caller.filled("neighbourhoods", "/v1/Address/GetNeighborhood", 404, &[("/townId", json!(1))]).await;
    address
}

async fn products(caller: &Caller<'_>, category: i64, item: i64) {
    caller.without_parameters("sub_categories", "/v1/Category/getSubCategories").await;
    caller.literally("product_masters", "/v1/ProductMaster/getProductMasters").await;
    let filled = [("/productId", json!(item))];
    caller.filled("favourite_toggle", "/v1/Product/favoriteToggle", 404, &filled).await;
    let dates = caller.printed.json("updated_date.json");
    let since = ("/updatedDate/0", dates[0].clone());
    for (name, path, refused, place, id) in [
        ("products", "/v1/Product/getProduct", 422, "/productIds", json!(item.to_string())),
        (
            "products_of_master",
            "/v1/Product/getProductWithProductMaster",
            404,
            "/productMasterId",
            json!(item),
        ),
        (
            "products_of_category",
            "/v1/Product/getProductWithSubCategory",
            404,
            "/subCategoryId",
            json!(category),
        ),
    ] {
        let answer = caller.filled(name, path, refused, &[(place, id), since.clone()]).await;
        assert_eq!(answer["productModel"][0]["productId"], json!(item));
    }
    // Nothing changed in the summer of 2023.
    let answer = caller.send("/v1/Product/getProduct", &json!({"updatedDate": dates})).await.expect(200);
    assert_eq!(answer.int("totalCount"), 0);
}

async fn orders(caller: &Caller<'_>, address: i64, item: i64) {
    let filled = [
        ("/deliveryAddressId", json!(address)),
        ("/orderItems/0/productId", json!(item)),
        ("/orderItems/0/quantity", json!(2)),
    ];
    caller.filled("order_post", "/v1/Order/postOrder", 404, &filled).await;
    let history = caller.literally("order_history", "/v1/OrderHistory/getOrderHistory").await;
    assert_eq!(history["orders"][0]["address"]["title"], "string");
}

both_engines! {
    async fn every_sample_runs(shop: Shop) {
        let printed = Printed::of("lunatel");
        let category = shop.post("/pos/api/inventory/categories", json!({"name": "Kılıf"})).await.expect(201).int("id");
        let item = json!({"name": "Silikon kılıf", "brand": "Lunatel", "category_id": category, "initial_stock": 5});
        let item = shop.create_item_with(item).await;
        let caller = sign_up(&printed, &shop).await;
        let address = addresses(&caller).await;
        products(&caller, category, item).await;
        orders(&caller, address, item).await;
        let filled = [("/addressId", json!(address))];
        let answer = caller.filled("address_delete", "/v1/Address/Delete", 404, &filled).await;
        assert_eq!(answer.int("id"), address);
        printed.finish();
    }
}
