//! A company that orders: it has signed up, logged in and speaks with its own token.

use diario_tests::{Answer, Shop, assert_shape};
use reqwest::Method;
use serde_json::{Value, json};

pub const PASSWORD: &str = "çok gizli 1";

/// A key of the shop for programs that order.
pub async fn key(shop: &Shop) -> String {
    let body = json!({"surface": "lunatel", "name": "B2B"});
    shop.post("/admin/v1/keys", body).await.expect(201)["key"].as_str().unwrap().to_owned()
}

/// What a company says of itself: the document's fields, all of them.
pub fn sign_up(name: &str) -> Value {
    // Ten digits that differ with the name.
    let number = name.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_000_000);
    json!({
        "companyName": format!("{name} Telefon"),
        "companyTitle": format!("{name} Telefon Ltd. Şti."),
        "name": "Ayşe",
        "surname": "Yılmaz",
        "userName": name,
        "email": format!("{name}@ege.com.tr"),
        "phone": "+90 322 000 00 00",
        "taxNumber": format!("1{number:09}"),
        "taxUnit": "Seyhan",
        "identificationNumber": "string",
        "deliveryAddress": "Atatürk Cad. 1",
        "invoiceAddress": "İnönü Cad. 2",
        "password": PASSWORD,
        "passwordRetry": PASSWORD,
        "isPerson": false,
        "isDifferentInvoiceAddress": true,
        "cityId": 1,
        "districtId": 1,
        "neighborhoodId": 1,
        "userContract": true,
        "privacyPolicy": true,
        "kvkk": true,
        "cookiePolicy": true,
        "ipAdress": "192.0.2.1"
    })
}

/// An address as the document has it.
pub fn address() -> Value {
    json!({
        "addressTitle": "Depo",
        "fullAdress": "Sanayi Sitesi 5",
        "cityID": 1,
        "townID": 1,
        "neighborhoodID": 2,
        "name": "Mehmet Demir",
        "phoneNumber": "+90 322 111 11 11",
        "taxNumber": "1234567890",
        "taxUnit": "Seyhan",
        "commercialTitle": "Ege Telefon Ltd. Şti.",
        "email": "depo@ege.com.tr",
        "invoiceAddress": "İnönü Cad. 2",
        "isDifferentInvoiceAddress": false
    })
}

/// A company that logged in.
pub struct Company {
    pub shop: Shop,
    pub key: String,
    pub name: String,
    pub token: String,
    /// Its first address.
    pub address: i64,
    /// The customer that it is.
    pub customer: i64,
}

impl Company {
    pub async fn new(shop: &Shop, name: &str) -> Self {
        let key = key(shop).await;
        Self::with_key(shop, name, &key).await
    }

    pub async fn with_key(shop: &Shop, name: &str, key: &str) -> Self {
        send(shop, "/v1/Auth/SignUp", &[("apiKey", key)], &sign_up(name)).await.expect(200);
        let login = json!({"username": name, "password": PASSWORD, "apiKey": key});
        let answer = send(shop, "/v1/Auth/Login", &[], &login).await.expect(200);
        let token = answer["authToken"].as_str().unwrap().to_owned();
        let mut company = Self {
            shop: shop.clone(),
            key: key.to_owned(),
            name: name.to_owned(),
            token,
            address: 0,
            customer: 0,
        };
        let list = company.call("/v1/Address/GetAddress", json!({})).await.expect(200);
        company.address = diario_tests::int(&list["addressList"][0]["id"]);
        company.customer = diario_tests::int(&list["addressList"][0]["companyId"]);
        company
    }

    /// An operation with the token, as the document shows it.
    pub async fn call(&self, path: &str, body: Value) -> Answer {
        self.call_with(path, &[], body).await
    }

    pub async fn call_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers: Vec<_> =
            [("authorization", bearer.as_str())].into_iter().chain(headers.iter().copied()).collect();
        send(&self.shop, path, &headers, &body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.shop.send(&Method::GET, path, &[("authorization", &bearer)], None).await
    }

    /// An order of one product.
    pub fn order_of(&self, item: i64, quantity: &str) -> Value {
        json!({
            "note": "Kapıya bırakın", "deliveryAddressId": self.address, "ipAddress": "192.0.2.1",
            "orderItems": [{"productId": item, "quantity": diario_tests::num(quantity)}]
        })
    }

    pub async fn order(&self, item: i64, quantity: &str) -> Answer {
        self.call("/v1/Order/postOrder", self.order_of(item, quantity)).await
    }
}

pub async fn send(shop: &Shop, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    shop.send(&Method::POST, path, headers, Some(body.to_string())).await
}

/// A failure in the surface's envelope whose message holds a word.
#[track_caller]
pub fn failed(answer: &Answer, status: u16, word: &str) {
    assert_eq!(answer.status, status, "{} answered {}", answer.request, answer.text());
    let shape = json!({"status": status, "errorResponse": {"status": status, "message": "string"}});
    assert_shape(answer, &shape);
    let message = answer["errorResponse"]["message"].as_str().unwrap();
    assert!(!message.is_empty() && message.contains(word), "{} says nothing of {word:?}", answer.text());
}
