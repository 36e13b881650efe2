use diario_tests::{assert_shape, both_engines};
use serde_json::{Value, json};

use crate::{Client, enveloped, guarded, is_uuid, refused, sample, shape};

fn legal_names(answer: &Value) -> Vec<&str> {
    answer["data"].as_array().unwrap().iter().map(|row| row["legalName"].as_str().unwrap()).collect()
}

both_engines! {
    async fn lists_customers_as_documented(shop: Shop) {
        let client = Client::of(&shop).await;
        client.post("/v1/customers", sample()).await.expect(201);
        for path in ["/v1/customers", "/customers", "/v1/customers/", "/customers/"] {
            let answer = client.get(&format!("{path}?search=cliente&page=1&limit=20")).await.expect(200);
            enveloped(&answer, "/customers", "GET");
            assert_shape(&answer, &json!({
                "requestId": "string", "data": [shape()], "total": 1, "page": 1, "limit": 20, "totalPages": 1,
                "meta": {"page": 1, "limit": 20, "total": 1, "totalPages": 1}
            }));
            let row = &answer["data"][0];
            for (field, value) in sample().as_object().unwrap() {
                assert_eq!(&row[field], value, "{field}");
            }
            assert!(is_uuid(row["id"].as_str().unwrap()));
        }
    }

    async fn finds_by_rfc_and_legal_name_only(shop: Shop) {
        let client = Client::of(&shop).await;
        client.post("/customers", sample()).await.expect(201);
        let other = json!({"rfc": "NUÑ800101XX1", "legalName": "Núñez y Ávila", "fiscalRegime": "612", "fiscalZipCode": "44100"});
        client.post("/customers", other).await.expect(201);
        shop.post("/pos/api/customers", json!({"name": "Mostrador", "razon_social": "Público", "phone": "5559876"})).await.expect(201);
        for (search, found) in [
            ("ecl0101", vec!["Empresa Cliente S.A. de C.V."]), ("EMPRESA", vec!["Empresa Cliente S.A. de C.V."]),
            ("nunez", vec!["Núñez y Ávila"]), ("%C3%81VILA", vec!["Núñez y Ávila"]), ("xaxx", vec!["Público"]),
            ("5559876", vec![]), ("mostrador", vec![]), ("facturacion", vec![]), ("%25", vec![]), ("%00", vec![]), ("'", vec![]),
            ("", vec!["Empresa Cliente S.A. de C.V.", "Núñez y Ávila", "Público"]),
        ] {
            let answer = client.get(&format!("/customers?search={search}")).await.expect(200);
            assert_eq!(legal_names(&answer), found, "{search}");
            assert_eq!(answer.int("total"), i64::try_from(found.len()).unwrap(), "{search}");
        }
    }

    async fn who_came_in_by_another_door_shows_what_stands_on_public_invoices(shop: Shop) {
        let client = Client::of(&shop).await;
        shop.post("/pos/api/customers", json!({"name": "Taller Perez"})).await.expect(201);
        let patient = json!({"nombre": "María", "apellidos": "Quispe"});
        shop.post("/admin/v1/patients", patient).await.expect(201);
        let answer = client.get("/customers").await.expect(200);
        assert_eq!(legal_names(&answer), ["Taller Perez", "María Quispe"]);
        let row = &answer["data"][0];
        assert_eq!((row["rfc"].as_str(), row["fiscalRegime"].as_str()), (Some("XAXX010101000"), Some("616")));
        assert_eq!(row["fiscalZipCode"], "00000");
        assert_eq!((&row["email"], row.get("phone")), (&Value::Null, None));

        let arguments = ["--country", "PE", "--currency", "PEN", "--timezone", "America/Lima", "--postal-code", "08001"];
        let abroad = diario_tests::Shop::create(shop.engine, &shop.base, &shop.database, &arguments).await;
        abroad.post("/pos/api/customers", json!({"name": "Sicuani"})).await.expect(201);
        let client = Client::of(&abroad).await;
        let row = &client.get("/customers?search=xexx").await.expect(200)["data"][0];
        assert_eq!((row["rfc"].as_str(), row["fiscalZipCode"].as_str()), (Some("XEXX010101000"), Some("08001")));
    }

    async fn pages_in_the_order_of_registration(shop: Shop) {
        let client = Client::of(&shop).await;
        for number in 1..=5 {
            shop.post("/pos/api/customers", json!({"name": format!("C{number}")})).await.expect(201);
        }
        for (query, names, pages) in [
            ("page=1&limit=2", vec!["C1", "C2"], 3), ("page=3&limit=2", vec!["C5"], 3), ("page=4&limit=2", vec![], 3),
            ("limit=5", vec!["C1", "C2", "C3", "C4", "C5"], 1), ("page=9223372036854775807&limit=100", vec![], 1),
        ] {
            let answer = client.get(&format!("/customers?{query}")).await.expect(200);
            assert_eq!(legal_names(&answer), names, "{query}");
            assert_eq!((answer.int("total"), answer.int("totalPages")), (5, pages), "{query}");
            assert_eq!(answer["meta"]["totalPages"], json!(pages));
        }
        let none = client.get("/customers?search=nadie").await.expect(200);
        assert_eq!((none.int("total"), none.int("totalPages"), none.int("limit")), (0, 0, 20));
        for query in ["page=0", "page=-1", "page=x", "limit=0", "limit=101", "limit=abc", "limit=1.5", "page=99999999999999999999"] {
            let answer = client.get(&format!("/customers?{query}")).await;
            refused(&answer, 400, "ValidationError", query.split('=').next().unwrap());
        }
        client.get("/customers?page=&limit=").await.expect(200);
    }

    async fn a_callers_request_id_is_echoed(shop: Shop) {
        let client = Client::of(&shop).await;
        let id = "550e8400-e29b-41d4-a716-446655440000";
        let headers = [("x-organization-id", client.organization.as_str()), ("x-request-id", id)];
        let answer = shop.bearing(&client.token, reqwest::Method::GET, "/customers", &headers, None).await.expect(200);
        assert_eq!((answer.header("x-request-id"), answer["requestId"].as_str()), (Some(id), Some(format!("req_{id}").as_str())));
        let headers = [("x-organization-id", client.organization.as_str()), ("x-request-id", "mio-1")];
        let answer = shop.bearing(&client.token, reqwest::Method::GET, "/customers", &headers, None).await.expect(200);
        assert_eq!(answer.header("x-request-id"), Some("mio-1"));
        assert!(is_uuid(answer["requestId"].as_str().unwrap().strip_prefix("req_").unwrap()));
    }

    async fn is_guarded_and_shows_no_neighbours(shop: Shop) {
        guarded(&shop, reqwest::Method::GET, "/customers", None).await;
        let neighbour = shop.neighbour().await;
        neighbour.create_customer("0.00").await;
        assert_eq!(Client::of(&shop).await.get("/customers").await.expect(200).int("total"), 0);
        assert_eq!(Client::of(&neighbour).await.get("/customers").await.expect(200).int("total"), 1);
    }
}
