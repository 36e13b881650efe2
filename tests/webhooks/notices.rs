//! What is told: body, headers, signatures.

use std::process::Stdio;

use diario_tests::{Received, Receiver, Shop, both_engines, num};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::{Hook, exact, sale};

/// Reads `secret`, `headers` and `body` a line, as JSON; answers whether each is taken.
const JUDGE: &str = "
import json, sys
from standardwebhooks import Webhook, WebhookVerificationError
for line in sys.stdin:
    case = json.loads(line)
    try:
        Webhook(case['secret']).verify(case['body'], case['headers'])
        print('taken')
    except WebhookVerificationError:
        print('refused')
";

/// What an outside judge says of messages; nothing where it is not installed.
async fn judged(cases: &[(&str, &Received, String)]) -> Option<Vec<String>> {
    let python = std::env::var("DIARIO_STANDARDWEBHOOKS_PYTHON").ok().filter(|path| !path.is_empty())?;
    let mut child = tokio::process::Command::new(python)
        .args(["-c", JUDGE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = String::new();
    for (secret, received, body) in cases {
        let headers = json!({
            "webhook-id": received.header("webhook-id"),
            "webhook-timestamp": received.header("webhook-timestamp"),
            "webhook-signature": received.header("webhook-signature"),
        });
        lines.push_str(&json!({"secret": secret, "headers": headers, "body": body}).to_string());
        lines.push('\n');
    }
    child.stdin.take().unwrap().write_all(lines.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect())
}

/// Every message is accepted as it came, and refused with one character altered.
pub async fn assert_verified(secret: &str, received: &[Received]) {
    let mut cases: Vec<_> = received.iter().map(|one| (secret, one, one.body.clone())).collect();
    cases.extend(received.iter().map(|one| (secret, one, one.body.replacen("tienda", "tienDa", 1))));
    let Some(verdicts) = judged(&cases).await else {
        println!("skipped: DIARIO_STANDARDWEBHOOKS_PYTHON is not set");
        return;
    };
    let (taken, refused) = verdicts.split_at(received.len());
    assert!(taken.iter().all(|verdict| verdict == "taken"), "{verdicts:?}");
    assert!(refused.iter().all(|verdict| verdict == "refused"), "{verdicts:?}");
}

fn is_instant(text: &str) -> bool {
    let shape = "0000-00-00T00:00:00.000Z";
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'0' { c.is_ascii_digit() } else { c == s })
}

async fn set_identity(shop: &Shop, customer: i64, rfc: &str) {
    shop.put(&format!("/pos/api/customers/{customer}"), json!({"rfc": rfc})).await.expect(200);
}

both_engines! {
    async fn a_sale_is_told_as_documented_once_by_whatever_door(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["venta.cerrada"], json!({})).await;
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 50).await;
        let customer = shop.create_customer("5000.00").await;
        set_identity(&shop, customer, "PEPJ800101AB1").await;

        let mut body = shop.sale(register, item, "2", "350.00");
        body["customer_id"] = json!(customer);
        let sold = shop.sell(body).await.int("sale_id");
        let quotation = shop.post("/pos/api/quotations", json!({"items": [shop.line(item, "1", "350.00")]}))
            .await.expect(201).int("quotation_id");
        let terms = json!({"payment_method": "tarjeta", "sale_type": "cash", "amount_paid": num("406.00")});
        shop.post(&format!("/pos/api/quotations/{quotation}/convert"), terms).await.expect(201);
        let layaway = shop.set_aside(customer, item, "1", "350.00", "406.00").await;
        shop.post(&format!("/pos/api/layaways/{layaway}/complete"), json!({})).await.expect(200);
        // Later data of the customer are not those of the sale.
        set_identity(&shop, customer, "PEPJ800101AB2").await;

        let told = receiver.wait("/hook", 3).await;
        hook.settled(&shop).await;
        assert_eq!(receiver.count("/hook"), 3, "a sale was told of twice");
        // They arrive in any order.
        let folio = format!("B001-{sold:04}");
        let first = &told.iter().find(|one| one.json()["data"]["folio"] == folio.as_str()).unwrap();
        let body = first.json();
        assert_eq!(first.header("content-type"), "application/json");
        assert_eq!(first.header("x-lunara-event"), "venta.cerrada");
        assert_eq!(body["evento"], "venta.cerrada");
        assert_eq!(body["tenant"], shop.slug.as_str());
        assert!(is_instant(body["ts"].as_str().unwrap()), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 4, "{body}");
        assert_eq!(body["data"], json!({
            "folio": format!("B001-{sold:04}"), "cliente_dni": "PEPJ800101AB1", "total": exact("812.00"),
            "metodo_pago": "EFECTIVO"
        }));
        let order: Vec<usize> = ["\"evento\"", "\"tenant\"", "\"ts\"", "\"data\""]
            .iter().map(|key| first.body.find(key).unwrap()).collect();
        assert!(order.is_sorted(), "{}", first.body);
        let mut methods: Vec<Value> = told.iter().map(|one| one.json()["data"]["metodo_pago"].clone()).collect();
        methods.sort_by_key(ToString::to_string);
        assert_eq!(methods, ["APARTADO", "EFECTIVO", "TARJETA"]);
        let mut ids: Vec<&str> = told.iter().map(|one| one.header("webhook-id")).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 3);
        assert_verified(&hook.secret, &told).await;
    }

    async fn signatures_are_on_every_message(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook?a=b"), &["*"], json!({})).await;
        crate::customer(&shop, "María").await;
        let told = &receiver.wait("/hook?a=b", 1).await[0];
        assert_eq!(told.header("x-lunara-event"), "cliente.creado", "a message carries the concrete name, never *");
        assert_eq!(told.json()["data"], json!({
            "dni": null, "nombre": "María", "apellidos": "", "telefono": null
        }));
        let timestamp = told.header("webhook-timestamp");
        let signature = told.header("x-lunara-signature");
        let (t, v1) = signature.split_once(",v1=").unwrap();
        assert_eq!(t, format!("t={timestamp}"));
        assert!(v1.len() == 64 && v1.bytes().all(|b| b.is_ascii_hexdigit()), "{signature}");
        assert!(told.header("webhook-signature").starts_with("v1,"));
        let uuid = told.header("x-lunara-delivery");
        assert_eq!((uuid.len(), uuid.matches('-').count()), (36, 4), "{uuid}");
        assert_verified(&hook.secret, std::slice::from_ref(told)).await;
    }

    async fn an_endpoint_gets_what_it_asks_for_and_events_of_the_log_by_their_names(shop: Shop) {
        let receiver = Receiver::start().await;
        Hook::create(&shop, &receiver.url("/clients"), &["cliente.creado"], json!({})).await;
        Hook::create(&shop, &receiver.url("/log"), &["sale.completed", "register.opened", "sale.cancelled"], json!({})).await;
        Hook::create(&shop, &receiver.url("/all"), &["*"], json!({})).await;
        Hook::create(&shop, &receiver.url("/both"), &["*", "sale.completed"], json!({})).await;
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 5).await;
        let sold = sale(&shop, register, item).await;
        crate::customer(&shop, "Ana").await;
        let of = |path: &str| -> Vec<String> {
            let mut names: Vec<_> = receiver.at(path).iter().map(|one| one.header("x-lunara-event").to_owned()).collect();
            names.sort();
            names
        };
        receiver.wait("/both", 3).await;
        receiver.wait("/log", 2).await;
        receiver.wait("/all", 2).await;
        receiver.wait("/clients", 1).await;
        assert_eq!(of("/clients"), ["cliente.creado"]);
        assert_eq!(of("/all"), ["cliente.creado", "venta.cerrada"]);
        assert_eq!(of("/both"), ["cliente.creado", "sale.completed", "venta.cerrada"]);
        assert_eq!(of("/log"), ["register.opened", "sale.completed"]);
        let own = receiver.at("/log").into_iter().find(|one| one.header("x-lunara-event") == "sale.completed").unwrap();
        let body = own.json();
        assert_eq!(body["data"]["sale_id"], sold);
        assert_eq!(body["stream"], format!("sale-{sold}"));
        assert!(body["position"].is_i64());
        let mut ids: Vec<_> = receiver.all().iter().map(|one| one.header("webhook-id").to_owned()).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "two messages have the same id");
    }

    async fn a_workshop_order_that_is_ready_is_told_with_its_patient_and_sale(shop: Shop) {
        let receiver = Receiver::start().await;
        Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        let patient = json!({"dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"});
        let patient = shop.post("/admin/v1/patients", patient).await.expect(201).int("id");
        let told = receiver.wait("/hook", 1).await;
        assert_eq!(told[0].json()["data"], json!({
            "dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"
        }));
        let register = shop.open_register("0.00").await;
        let item = shop.create_item("350.00", 5).await;
        let mut body = shop.sale(register, item, "1", "350.00");
        body["customer_id"] = json!(patient);
        let sold = shop.sell(body).await.int("sale_id");
        let order = shop.post("/admin/v1/workshop-orders", json!({"customer_id": patient, "sale_id": sold})).await.expect(201);
        shop.post(&format!("/admin/v1/workshop-orders/{}/ready", order.int("id")), json!({})).await.expect(200);
        let told = receiver.wait("/hook", 3).await;
        let ready = told.iter().find(|one| one.header("x-lunara-event") == "taller.listo").unwrap();
        assert_eq!(ready.json()["data"], json!({
            "orden": order["order"], "cliente_dni": "70123456", "estado": "listo", "folio": format!("B001-{sold:04}")
        }));
        let sale = told.iter().find(|one| one.header("x-lunara-event") == "venta.cerrada").unwrap();
        assert_eq!(sale.json()["data"]["cliente_dni"], "70123456");
    }

    async fn history_that_is_imported_is_told_to_nobody(shop: Shop) {
        let receiver = Receiver::start().await;
        let hook = Hook::create(&shop, &receiver.url("/hook"), &["*"], json!({})).await;
        let file = std::env::temp_dir().join(format!("diario-clients-{}-{:?}.csv", shop.slug, shop.engine));
        std::fs::write(&file, "name\nAna\nBeto\n").unwrap();
        let output = shop.command(&["import", "customers", "--file", file.to_str().unwrap()]).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(file).unwrap();
        crate::customer(&shop, "Ceci").await;
        let told = receiver.wait("/hook", 1).await;
        assert_eq!(told[0].json()["data"]["nombre"], "Ceci");
        assert_eq!(hook.settled(&shop).await.len(), 1);
    }
}
