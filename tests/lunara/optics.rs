//! What opticians write on our own surface, and what the tills know of it.

use diario_tests::{Answer, Shop, assert_shape, both_engines, int, num};
use reqwest::Method;
use serde_json::{Value, json};

const PATIENTS: &str = "/admin/v1/patients";
const PRESCRIPTIONS: &str = "/admin/v1/prescriptions";
const ORDERS: &str = "/admin/v1/workshop-orders";

fn maria() -> Value {
    json!({
        "dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456",
        "email": "maria@correo.pe"
    })
}

fn prescription(customer: i64) -> Value {
    json!({
        "customer_id": customer, "date": "2026-05-12",
        "od": {"esfera": num("-2.50"), "cilindro": num("-0.50"), "eje": 90},
        "oi": {"esfera": num("-2.25"), "cilindro": num("-0.25"), "eje": 85}, "add": num("1.50")
    })
}

/// Holds an answer to being a problem that names a word.
#[track_caller]
fn refused(answer: &Answer, statuses: &[u16], word: &str) {
    assert!(
        statuses.contains(&answer.status),
        "{} answered {} {}",
        answer.request,
        answer.status,
        answer.text()
    );
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.request);
    assert_eq!(answer.int("status"), i64::from(answer.status));
    let detail = answer["detail"].as_str().unwrap();
    assert!(detail.contains(word), "{} does not name {word}: {detail}", answer.request);
}

/// What every operation here refuses: no token, a key of a door, an employee without the permission.
async fn guarded(shop: &Shop, method: Method, path: &str, body: Option<Value>) {
    let before = shop.events().await;
    let text = body.as_ref().map(Value::to_string);
    refused(&shop.send(&method, path, &[], text.clone()).await, &[401], "");
    let warehouse = shop.hire("warehouse").await;
    refused(&warehouse.request(method.clone(), path, body.as_ref()).await, &[403], "customers.");
    let mut asked = 0;
    for (surface, token) in shop.credentials().await {
        if surface != "nexus" {
            refused(&shop.bearing(&token, method.clone(), path, &[], body.as_ref()).await, &[401], "");
            asked += 1;
        }
    }
    if body.is_some() {
        let bearer = format!("Bearer {}", shop.token);
        for broken in ["{\"a\":", "[]", "7"] {
            let answer =
                shop.send(&method, path, &[("authorization", &bearer)], Some(broken.to_owned())).await;
            refused(&answer, &[400], "");
        }
    }
    // An employee and three keys.
    assert_eq!(shop.events().await, before + 1 + asked - 1, "{path}");
}

/// Each wrong value is refused by its name and changes nothing.
async fn refuses(shop: &Shop, method: Method, path: &str, good: &Value, wrong: &[(&str, Value)]) {
    let before = shop.events().await;
    for (pointer, value) in wrong {
        let mut body = good.clone();
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[last] = value.clone();
        let answer = shop.request(method.clone(), path, Some(&body)).await;
        refused(&answer, &[400, 422], last);
    }
    assert_eq!(shop.events().await, before);
    assert!(shop.request(method, path, Some(good)).await.status < 300);
}

async fn repeated(shop: &Shop, path: &str, body: &Value) {
    let key = [("idempotency-key", "una-vez")];
    let first = shop.keyed(Method::POST, path, Some(body), &key).await;
    assert!(first.status < 300, "{}", first.text());
    let after = shop.events().await;
    let again = shop.keyed(Method::POST, path, Some(body), &key).await;
    assert_eq!((again.status, again.text()), (first.status, first.text()));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(shop.events().await, after);
}

both_engines! {
    async fn a_patient_is_a_customer(shop: Shop) {
        let answer = shop.post(PATIENTS, maria()).await.expect(201);
        assert_shape(&answer, &json!({"id": "int", "message": "Patient created"}));
        let id = answer.int("id");
        let detail = shop.get(&format!("/pos/api/customers/{id}")).await.expect(200);
        assert_eq!((detail["name"].as_str(), detail["phone"].as_str()), (Some("María Quispe Mamani"), Some("+51999123456")));
        let path = format!("{PATIENTS}/{id}");
        shop.put(&path, json!({"apellidos": "Quispe", "telefono": null, "dni": "70123456"})).await.expect(200);
        let detail = shop.get(&format!("/pos/api/customers/{id}")).await.expect(200);
        assert_eq!((detail["name"].as_str(), &detail["phone"]), (Some("María Quispe"), &Value::Null));
        assert_eq!(detail["email"], "maria@correo.pe");
        // What is as it was is no change.
        let before = shop.events().await;
        shop.put(&path, json!({"apellidos": "Quispe"})).await.expect(200);
        assert_eq!(shop.events().await, before);
    }

    async fn no_two_patients_have_the_same_document(shop: Shop) {
        shop.post(PATIENTS, maria()).await.expect(201);
        refused(&shop.post(PATIENTS, maria()).await, &[422], "dni");
        let other = shop.post(PATIENTS, json!({"nombre": "José", "dni": "70123457"})).await.expect(201).int("id");
        let path = format!("{PATIENTS}/{other}");
        refused(&shop.put(&path, json!({"dni": "70123456"})).await, &[422], "dni");
        // A document that was given up is free.
        shop.put(&path, json!({"dni": "70123458"})).await.expect(200);
        shop.post(PATIENTS, json!({"nombre": "Ana", "dni": "70123457"})).await.expect(201);
        shop.neighbour().await.post(PATIENTS, maria()).await.expect(201);
        for name in ["Luis", "Rosa"] {
            shop.post(PATIENTS, json!({"nombre": name})).await.expect(201);
        }
    }

    async fn patients_are_guarded(shop: Shop) {
        guarded(&shop, Method::POST, PATIENTS, Some(maria())).await;
        refuses(&shop, Method::POST, PATIENTS, &maria(), &[
            ("/nombre", json!("")), ("/nombre", json!(null)), ("/nombre", json!(5)), ("/dni", json!(70_123_456)),
            ("/dni", json!("7".repeat(21))), ("/telefono", json!([])), ("/email", json!("x".repeat(255))),
        ]).await;
        repeated(&shop, PATIENTS, &json!({"nombre": "Ana"})).await;
        guarded(&shop, Method::PUT, &format!("{PATIENTS}/1"), Some(json!({"telefono": "1"}))).await;
        let theirs = shop.neighbour().await;
        theirs.post(PATIENTS, maria()).await.expect(201);
        theirs.post(PATIENTS, json!({"nombre": "Ana"})).await.expect(201);
        let foreign = theirs.post(PATIENTS, json!({"nombre": "Eva"})).await.expect(201).int("id");
        for id in [foreign.to_string(), "999999".to_owned()] {
            refused(&shop.put(&format!("{PATIENTS}/{id}"), json!({"telefono": "1"})).await, &[404], "");
        }
        refused(&shop.put(&format!("{PATIENTS}/abc"), json!({"telefono": "1"})).await, &[400], "id");
        refused(&shop.put(&format!("{PATIENTS}/1"), json!({"nombre": ""})).await, &[400], "nombre");
    }

    async fn prescriptions_are_recorded_and_listed(shop: Shop) {
        let id = shop.post(PATIENTS, maria()).await.expect(201).int("id");
        let answer = shop.post(PRESCRIPTIONS, prescription(id)).await.expect(201);
        assert_shape(&answer, &json!({"id": 1, "message": "Prescription recorded"}));
        let today = json!({"customer_id": id, "od": {"esfera": 0}, "oi": {"esfera": num("1.25")}});
        shop.post(PRESCRIPTIONS, today).await.expect(201);
        let listed = shop.get(&format!("{PRESCRIPTIONS}?dni=70123456")).await.expect(200);
        assert_eq!(listed["data"][0]["date"], shop.today().await);
        assert_shape(&listed["data"][1], &json!({
            "id": 1, "customer_id": id, "customer_name": "María Quispe Mamani", "dni": "70123456", "date": "2026-05-12",
            "od": {"esfera": num("-2.50"), "cilindro": num("-0.50"), "eje": 90}, "oi": "object", "add": num("1.50")
        }));
        let other = shop.get(&format!("{PRESCRIPTIONS}?customer_id=999")).await.expect(200);
        assert_eq!(other["data"], json!([]));
        shop.post(PRESCRIPTIONS, prescription(id)).await.expect(201);
        diario_tests::walks(&shop, PRESCRIPTIONS, "id", async || {
            shop.post(PRESCRIPTIONS, prescription(id)).await.expect(201);
        }).await;
    }

    async fn prescriptions_are_guarded(shop: Shop) {
        let id = shop.post(PATIENTS, maria()).await.expect(201).int("id");
        guarded(&shop, Method::POST, PRESCRIPTIONS, Some(prescription(id))).await;
        guarded(&shop, Method::GET, PRESCRIPTIONS, None).await;
        refuses(&shop, Method::POST, PRESCRIPTIONS, &prescription(id), &[
            ("/customer_id", json!(null)), ("/customer_id", json!(999)), ("/date", json!("12/05/2026")),
            ("/date", json!("2999-01-01")), ("/od", json!(null)), ("/od", json!(5)), ("/oi/esfera", json!(null)),
            ("/oi/esfera", json!("-2.50")), ("/oi/esfera", num("0.125")), ("/oi/esfera", json!(41)),
            ("/oi/esfera", json!(-41)), ("/oi/esfera", num("1e300")), ("/od/eje", json!(181)), ("/od/eje", json!(-1)), ("/od/eje", num("0.5")),
            ("/od/cilindro", json!(null)), ("/add", json!(-1)), ("/add", json!(7)),
        ]).await;
        repeated(&shop, PRESCRIPTIONS, &prescription(id)).await;
        let theirs = shop.neighbour().await;
        for _ in 0..2 {
            theirs.create_customer("0.00").await;
        }
        refused(&shop.post(PRESCRIPTIONS, prescription(2)).await, &[422], "customer_id");
        assert_eq!(theirs.get(PRESCRIPTIONS).await.expect(200)["data"], json!([]));
    }

    async fn an_order_is_opened_and_ready_once(shop: Shop) {
        let id = shop.post(PATIENTS, maria()).await.expect(201).int("id");
        let item = shop.create_item("350.00", 5).await;
        let register = shop.open_register("0.00").await;
        let sale = shop.sell_cash(register, item, "1", "350.00").await;
        let body = json!({"customer_id": id, "sale_id": sale, "notes": "Armazón azul"});
        let answer = shop.post(ORDERS, body).await.expect(201);
        assert_shape(&answer, &json!({
            "id": 1, "order": "OT-0001", "folio": "B001-0001", "message": "Workshop order opened"
        }));
        let elsewhere = json!({"customer_id": id, "folio": "F002-0007"});
        assert_eq!(shop.post(ORDERS, elsewhere).await.expect(201)["folio"], "F002-0007");
        let ready = shop.post(&format!("{ORDERS}/1/ready"), json!({})).await.expect(200);
        assert_shape(&ready, &json!({"id": 1, "status": "ready", "message": "string"}));
        refused(&shop.post(&format!("{ORDERS}/1/ready"), json!({})).await, &[422], "taller");
        for (status, found) in [("open", vec![2]), ("ready", vec![1])] {
            let listed = shop.get(&format!("{ORDERS}?status={status}")).await.expect(200);
            let ids: Vec<_> = listed["data"].as_array().unwrap().iter().map(|row| int(&row["id"])).collect();
            assert_eq!(ids, found, "{status}");
        }
        let listed = shop.get(&format!("{ORDERS}?customer_id={id}")).await.expect(200);
        assert_shape(&listed["data"][1], &json!({
            "id": 1, "order": "OT-0001", "customer_id": id, "customer_name": "María Quispe Mamani", "dni": "70123456",
            "folio": "B001-0001", "notes": "Armazón azul", "status": "ready", "opened_at": "string", "ready_at": "string"
        }));
        let log = format!(
            "SELECT CAST(payload AS TEXT) FROM events WHERE tenant_id = {} AND event_type = 'workshop.ready'",
            shop.tenant_id
        );
        let payload: Value = serde_json::from_str(shop.sql().rows(&log).await[0][0].as_ref().unwrap()).unwrap();
        assert_eq!(payload, json!({"order_id": 1, "number": "OT-0001", "customer_id": id, "folio": "B001-0001"}));
    }

    async fn orders_are_guarded(shop: Shop) {
        let id = shop.post(PATIENTS, maria()).await.expect(201).int("id");
        let good = json!({"customer_id": id, "notes": "x"});
        guarded(&shop, Method::POST, ORDERS, Some(good.clone())).await;
        guarded(&shop, Method::GET, ORDERS, None).await;
        refuses(&shop, Method::POST, ORDERS, &good, &[
            ("/customer_id", json!(null)), ("/customer_id", json!(999)), ("/sale_id", json!(1)), ("/sale_id", json!(0)),
            ("/folio", json!("B".repeat(31))), ("/notes", json!(5)),
        ]).await;
        let both = json!({"customer_id": id, "sale_id": 1, "folio": "B001-0001"});
        refused(&shop.post(ORDERS, both).await, &[400], "folio");
        repeated(&shop, ORDERS, &good).await;
        guarded(&shop, Method::POST, &format!("{ORDERS}/1/ready"), None).await;
        let theirs = shop.neighbour().await;
        let patient = theirs.post(PATIENTS, maria()).await.expect(201).int("id");
        for _ in 0..3 {
            theirs.post(ORDERS, json!({"customer_id": patient})).await.expect(201);
        }
        for order in ["3", "999999"] {
            refused(&shop.post(&format!("{ORDERS}/{order}/ready"), json!({})).await, &[404], "");
        }
        refused(&shop.post(&format!("{ORDERS}/x/ready"), json!({})).await, &[400], "id");
        refused(&shop.get(&format!("{ORDERS}?status=lista")).await, &[400], "status");
    }

    async fn a_brand_of_payment_is_kept_with_the_sale(shop: Shop) {
        let item = shop.create_item("100.00", 9).await;
        let mut sale = shop.sale(0, item, "1", "100.00");
        sale.as_object_mut().unwrap().remove("register_id");
        sale["payment_method"] = json!("transferencia");
        sale["payment_brand"] = json!(" Yape ");
        let id = shop.sell(sale.clone()).await.int("sale_id");
        let detail = shop.get(&format!("/pos/api/sales/{id}")).await.expect(200);
        assert_eq!(detail["payment_method"], "transferencia");
        assert_eq!(detail["payments"][0]["brand"], "YAPE");
        sale["payment_brand"] = json!("x".repeat(31));
        let answer = shop.post("/pos/api/sales", sale.clone()).await.expect(400);
        assert!(answer.error().contains("payment_brand"));
        sale["payment_brand"] = json!("YAPE");
        sale["payment_method"] = json!("mixto");
        sale["payment_details"] = json!([{"method": "tarjeta", "amount": num("116.00")}]);
        let answer = shop.post("/pos/api/sales", sale).await.expect(400);
        assert!(answer.error().contains("payment_brand"));
    }
}
