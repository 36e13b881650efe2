//! Gestion Nube's door: people, tokens and requests with them.

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Shop};

/// The password of everybody who comes in by this door.
pub const PASSWORD: &str = "muy secreta";

/// Every ability.
pub const ABILITIES: [&str; 5] =
    ["products:read", "products:write", "prices:read", "prices:write", "inventory:read"];

/// A token of a person of the shop. It has 60 requests a minute: a test that needs more takes another.
#[derive(Debug, Clone)]
pub struct Nube {
    pub shop: Shop,
    pub email: String,
    pub token: String,
}

impl Deref for Nube {
    type Target = Shop;

    fn deref(&self) -> &Shop {
        &self.shop
    }
}

impl Shop {
    /// A person with an address that nobody else on the server has.
    pub async fn nube_person(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let email = format!("ana-{}@tienda.com", NEXT.fetch_add(1, Ordering::Relaxed));
        let body = json!({"email": email, "name": "Ana", "password": PASSWORD});
        self.post("/admin/v1/users", body).await.expect(201);
        email
    }

    /// A token with these abilities, of a person of its own.
    pub async fn nube(&self, abilities: &[&str]) -> Nube {
        let email = self.nube_person().await;
        self.nube_of(&email, abilities).await
    }

    /// A token of somebody who is there already.
    pub async fn nube_of(&self, email: &str, abilities: &[&str]) -> Nube {
        let body =
            json!({"email": email, "password": PASSWORD, "device_name": "prueba", "abilities": abilities});
        let answer = self.send(&Method::POST, "/api/sanctum/token", &[], Some(body.to_string())).await;
        let token = answer.expect(200)["token"].as_str().unwrap().to_owned();
        Nube { shop: self.clone(), email: email.to_owned(), token }
    }

    /// A product of sizes, each an item with this price and stock: the group's id and the items'.
    pub async fn product(
        &self,
        code: &str,
        name: &str,
        price: &str,
        sizes: &[(&str, i64)],
    ) -> (i64, Vec<i64>) {
        let body = json!({"code": code, "name": name});
        let group = self.post("/admin/v1/product-groups", body).await.expect(201).int("id");
        let mut items = Vec::new();
        for (size, stock) in sizes {
            let item = json!({
                "part_number": format!("{code}-{size}"), "name": format!("{name} {size}"),
                "price_1": crate::num(price), "initial_stock": stock
            });
            let item = self.create_item_with(item).await;
            let path = format!("/admin/v1/product-groups/{group}/variants/{item}");
            self.put(&path, json!({"size": size})).await.expect(200);
            items.push(item);
        }
        (group, items)
    }
}

impl Nube {
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.ask_with(method, path, body, &[]).await
    }

    /// A request with further headers.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend(headers);
        self.shop.send(&method, path, &all, body.map(Value::to_string)).await
    }

    pub async fn read(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn write(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(&body)).await
    }
}
