//! The samples of the document, unchanged but for host and key, and its answers.

use diario_tests::{Printed, Receiver, Shop, assert_says, assert_shape, both_engines, num, samples};
use serde_json::{Value, json};

use crate::get;

const HOST: &str = "https://lunara-publico.vercel.app";

async fn maria(shop: &Shop) -> i64 {
    let body = json!({"dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"});
    shop.post("/admin/v1/patients", body).await.expect(201).int("id")
}

/// The four languages read the same list.
async fn languages(printed: &Printed, shop: &Shop) {
    maria(shop).await;
    let key = shop.key("lunara", "read:clientes").await;
    let replaced = [(HOST, shop.base.as_str()), ("lk_live_xxxxxxxxxxxxxxxxxxxxxxxx", &key)];
    if let Some(told) = samples::shell(&printed.text("clientes.sh", &replaced), &[]) {
        let answer: Value = serde_json::from_str(&told).unwrap();
        assert_says(&answer, &printed.response("clientes"), &["total", "limit"]);
    }
    let replaced = [(HOST, shop.base.as_str()), ("lk_live_xxx", &key)];
    let text = printed.text("clientes.mjs", &replaced) + "console.log(items[0].apellidos);\n";
    if let Some(told) = samples::node(&text, &[]) {
        assert_eq!(told.trim(), "Quispe Mamani");
    }
    if let Some(told) = samples::python(&printed.text("clientes.py", &replaced), &[]) {
        assert!(told.contains("'apellidos': 'Quispe Mamani'"), "{told}");
    }
    let text = printed.text("clientes.php", &replaced) + "echo $data['items'][0]['apellidos'];\n";
    if let Some(told) = samples::php(&text, &[]) {
        assert_eq!(told.trim(), "Quispe Mamani");
    }
}

/// As many patients and prescriptions as the printed answers count.
async fn reads(printed: &Printed, shop: &Shop) {
    let customer = maria(shop).await;
    for number in 1..137 {
        let body = json!({
            "dni": format!("7{number:07}"), "nombre": "José", "apellidos": "Quispe", "telefono": "+51999000000"
        });
        shop.post("/admin/v1/patients", body).await.expect(201);
    }
    for date in ["2024-05-12", "2026-05-12", "2025-05-12"] {
        let body = json!({
            "customer_id": customer, "date": date, "od": {"esfera": num("-2.50"), "cilindro": num("-0.50"), "eje": 90},
            "oi": {"esfera": num("-2.25"), "cilindro": num("-0.25"), "eje": 85}, "add": num("1.50")
        });
        shop.post("/admin/v1/prescriptions", body).await.expect(201);
    }
    shop.create_item("350.00", 3).await;
    shop.create_item("350.00", 0).await;
    let key = shop.key("lunara", "*").await;
    let header = printed.headers("authorization.http", &[("lk_live_xxx", &key)]);
    let header: Vec<_> = header.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let path = printed.path("clientes.http", HOST);
    let answer = shop.send(&reqwest::Method::GET, &path, &header, None).await.expect(200);
    assert_says(&answer, &printed.response("clientes"), &[]);
    assert_eq!(answer["items"].as_array().unwrap().len(), 20);

    let answer = get(shop, &key, &printed.path("recetas.http", HOST)).await.expect(200);
    assert_says(&answer, &printed.response("recetas"), &[]);

    // The document prints no answer to it (contract L-1).
    let answer = get(shop, &key, &printed.path("inventario.http", HOST)).await.expect(200);
    assert_shape(
        &answer,
        &json!({
            "ok": true, "total": 1, "limit": 200, "offset": 0, "stockMin": 1,
            "items": [{"id": "int", "sku": "string", "nombre": "string", "precio": "number", "stock": 3}]
        }),
    );
}

/// What is told of the printed sale: method, path, headers and body.
async fn webhook(printed: &Printed, shop: &Shop) {
    let receiver = Receiver::start().await;
    let text = printed.text("webhook.http", &[("https://tu-sistema.com", &receiver.base)]);
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let url = lines.next().unwrap().strip_prefix("POST ").unwrap();
    let hook = json!({"url": url, "events": ["venta.cerrada"]});
    shop.post("/admin/v1/webhooks", hook).await.expect(201);
    let customer = maria(shop).await;
    let item = json!({"price_1": num("690.00"), "tax_rate": 0, "initial_stock": 1});
    let item = shop.create_item_with(item).await;
    shop.sell(json!({
        "items": [{"inventory_id": item, "quantity": 1}], "customer_id": customer, "payment_method": "transferencia",
        "payment_brand": "YAPE", "sale_type": "cash"
    })).await;
    let told = receiver.wait("/webhook", 1).await.remove(0);
    for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
        assert_eq!(told.header(name), value);
    }
    let body: Value = serde_json::from_str(body).unwrap();
    assert_says(&told.json(), &body, &["tenant", "ts", "data.folio"]);
    let folio = told.json()["data"]["folio"].as_str().unwrap().to_owned();
    assert_eq!(folio, "B001-0001", "series and number, as printed");
}

both_engines! {
    async fn every_sample_runs(shop: Shop) {
        let printed = Printed::of("lunara");
        languages(&printed, &shop).await;
        reads(&printed, &shop.neighbour().await).await;
        webhook(&printed, &shop.neighbour().await).await;
        printed.finish();
    }
}
