use diario_tests::{Shop, assert_shape, both_engines, num};
use serde_json::{Value, json};

use crate::{get, guarded};

const PATH: &str = "/api/v1/recetas";

async fn patient(shop: &Shop, dni: Option<&str>) -> i64 {
    let body = json!({"dni": dni, "nombre": "María", "apellidos": "Quispe Mamani"});
    shop.post("/admin/v1/patients", body).await.expect(201).int("id")
}

fn documented(customer: i64, date: &str) -> Value {
    json!({
        "customer_id": customer, "date": date,
        "od": {"esfera": num("-2.50"), "cilindro": num("-0.50"), "eje": 90},
        "oi": {"esfera": num("-2.25"), "cilindro": num("-0.25"), "eje": 85}, "add": num("1.50")
    })
}

both_engines! {
    async fn lists_prescriptions_as_documented(shop: Shop) {
        let key = shop.key("lunara", "read:recetas").await;
        let (one, two) = (patient(&shop, Some("70123456")).await, patient(&shop, Some("70123457")).await);
        for (customer, date) in [(one, "2026-05-12"), (one, "2026-01-02"), (two, "2026-03-01"), (one, "2026-05-12")] {
            shop.post("/admin/v1/prescriptions", documented(customer, date)).await.expect(201);
        }
        let answer = get(&shop, &key, &format!("{PATH}?dni=70123456")).await.expect(200);
        let eye = json!({"esfera": "number", "cilindro": "number", "eje": "int"});
        assert_shape(&answer, &json!({
            "ok": true, "total": 3, "limit": 50, "offset": 0,
            "items": [{"dni": "70123456", "fecha": "date", "od": eye, "oi": eye, "add": "number"}]
        }));
        assert_eq!(answer["items"][0], json!({
            "dni": "70123456", "fecha": "2026-05-12",
            "od": {"esfera": num("-2.50"), "cilindro": num("-0.50"), "eje": 90},
            "oi": {"esfera": num("-2.25"), "cilindro": num("-0.25"), "eje": 85}, "add": num("1.50")
        }));
        let all = get(&shop, &key, PATH).await.expect(200);
        let days: Vec<_> = all["items"].as_array().unwrap().iter().map(|row| row["fecha"].as_str().unwrap()).collect();
        assert_eq!(days, ["2026-05-12", "2026-05-12", "2026-03-01", "2026-01-02"]);
        let page = get(&shop, &key, &format!("{PATH}?limit=1&offset=2")).await.expect(200);
        assert_eq!((page.int("total"), page.int("limit"), page.int("offset")), (4, 1, 2));
        assert_eq!(page["items"][0]["fecha"], "2026-03-01");
        assert_eq!(get(&shop, &key, &format!("{PATH}?limit=501")).await.expect(200).int("limit"), 500);
    }

    async fn a_number_nobody_has_is_an_empty_list(shop: Shop) {
        let key = shop.key("lunara", "*").await;
        for dni in ["99999999", "%00", "'", "%25"] {
            let answer = get(&shop, &key, &format!("{PATH}?dni={dni}")).await.expect(200);
            assert_eq!((answer.int("total"), &answer["items"]), (0, &json!([])), "{dni}");
        }
    }

    async fn what_was_not_measured_is_null_and_the_tax_id_stands_for_a_number(shop: Shop) {
        let key = shop.key("lunara", "*").await;
        let body = json!({"name": "Luis", "rfc": "LUIS010101AB1"});
        let customer = shop.post("/pos/api/customers", body).await.expect(201).int("id");
        let body = json!({"customer_id": customer, "od": {"esfera": 0}, "oi": {"esfera": num("0.1")}});
        shop.post("/admin/v1/prescriptions", body).await.expect(201);
        let answer = get(&shop, &key, &format!("{PATH}?dni=LUIS010101AB1")).await.expect(200);
        assert_eq!(answer["items"], json!([{
            "dni": "LUIS010101AB1", "fecha": shop.today().await,
            "od": {"esfera": num("0.00"), "cilindro": null, "eje": null},
            "oi": {"esfera": num("0.10"), "cilindro": null, "eje": null}, "add": null
        }]));
        let neighbour = shop.neighbour().await;
        let theirs = neighbour.key("lunara", "*").await;
        assert_eq!(get(&neighbour, &theirs, PATH).await.expect(200).int("total"), 0);
    }

    async fn is_guarded(shop: Shop) {
        guarded(&shop, PATH, "read:recetas", &["limit", "offset"]).await;
    }
}
