//! The samples of the document, unchanged but for host and credentials, and its tables of fields.

use diario_tests::{Printed, Shop, both_engines, samples};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, organization, refused, sample};

const HOST: &str = "https://sandbox.lummy.io";

/// The two that the samples look for; the token and the organization of their environment.
async fn customers(shop: &Shop) -> [(&'static str, String); 2] {
    let client = Client::of(shop).await;
    client.post("/customers", sample()).await.expect(201);
    let mut other = sample();
    other["rfc"] = json!("OTR010101AB1");
    other["legalName"] = json!("Otra empresa");
    client.post("/customers", other).await.expect(201);
    [("ACCESS_TOKEN", client.token), ("LUMMY_ORG_ID", organization(shop))]
}

fn borrowed<'a>(environment: &'a [(&'static str, String); 2]) -> Vec<(&'static str, &'a str)> {
    environment.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// A field of a printed table.
#[derive(Debug)]
struct Field {
    name: String,
    kind: String,
    required: bool,
    example: Option<Value>,
}

/// The fields of a printed table: each is `"name": kind,requerido`, and its example stands at the head of the next
/// line, before the next field.
fn table(text: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for line in text.lines() {
        let (example, field) = match line.split_once("\": ") {
            Some((before, rest)) => {
                let (example, name) = before.rsplit_once('"').unwrap();
                (example, Some((name, rest)))
            }
            None => (line, None),
        };
        let example = example.trim().trim_end_matches('}').trim();
        if let Ok(value) = serde_json::from_str(example)
            && let Some(last) = fields.last_mut()
        {
            last.example = Some(value);
        }
        if let Some((name, rest)) = field {
            let required = rest.ends_with("requerido");
            assert!(required || rest.ends_with("opcional"), "{line}");
            let kind = rest.trim_end_matches("requerido").trim_end_matches("opcional").trim_end_matches(',');
            fields.push(Field { name: name.to_owned(), kind: kind.to_owned(), required, example: None });
        }
    }
    fields
}

/// Names that lie in the elements of `data`.
const ROW: [&str; 9] =
    ["id", "rfc", "legalName", "fiscalRegime", "fiscalZipCode", "email", "phone", "createdAt", "updatedAt"];
/// Examples that an answer cannot have: they are made at the time.
const MADE: [&str; 5] = ["requestId", "id", "createdAt", "updatedAt", "timestamp"];

/// Both forms of the totals, and the four languages.
async fn languages(printed: &Printed, shop: &Shop) {
    let environment = customers(shop).await;
    let replaced = [(HOST, shop.base.as_str())];
    if let Some(told) = samples::shell(&printed.text("customers.sh", &replaced), &borrowed(&environment)) {
        let answer: Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&answer["meta"]["total"], &answer["total"]), (&json!(1), &json!(1)));
    }
    let told = [
        samples::typescript(&printed.text("customers.ts", &replaced), &borrowed(&environment)),
        samples::python(&printed.text("customers.py", &replaced), &borrowed(&environment)),
        samples::php(&printed.text("customers.php", &replaced), &borrowed(&environment)),
    ];
    for told in told.into_iter().flatten() {
        assert_eq!(told.trim(), "Encontrados: 2 clientes");
    }
}

async fn with_a_token_of_a_login(printed: &Printed, shop: &Shop) {
    let mut environment = customers(shop).await;
    let email = format!("ana@{}.mx", shop.slug);
    let body = json!({"email": email, "name": "Ana", "password": "muy secreta"});
    shop.post("/admin/v1/users", body).await.expect(201);
    let body = json!({"email": email, "password": "muy secreta"}).to_string();
    let answer = shop.send(&Method::POST, "/v1/auth/login", &[], Some(body)).await.expect(200);
    answer["accessToken"].as_str().unwrap().clone_into(&mut environment[0].1);
    let text = printed.text("customers.sh", &[(HOST, &shop.base)]);
    if let Some(told) = samples::shell(&text, &borrowed(&environment)) {
        assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["total"], json!(1));
    }
}

/// The tables of headers, parameters and fields.
async fn tables(printed: &Printed, shop: &Shop) {
    let client = Client::of(shop).await;
    let mut customer = sample();
    customer["rfc"] = json!("XEXX010101000");
    client.post("/customers", customer).await.expect(201);

    let headers = table(&printed.text("customers.headers.txt", &[]));
    let values = [format!("Bearer {}", client.token), client.organization.clone()];
    let given: Vec<_> =
        headers.iter().zip(&values).map(|(field, value)| (field.name.as_str(), value.as_str())).collect();
    assert_eq!(given.len(), 2);
    let path = printed.path("customers.http", "https://api.lummy.io");
    let query = table(&printed.text("customers.query.txt", &[]));
    let query: Vec<_> = query
        .iter()
        .map(|field| {
            assert!(!field.required);
            let example = field.example.as_ref().unwrap();
            format!("{}={}", field.name, example.as_str().map_or_else(|| example.to_string(), str::to_owned))
        })
        .collect();
    let answer =
        shop.send(&Method::GET, &format!("{path}?{}", query.join("&")), &given, None).await.expect(200);
    for field in table(&printed.text("customers.response.txt", &[])) {
        let holder = if ROW.contains(&field.name.as_str()) { &answer["data"][0] } else { &*answer };
        let found =
            holder.get(&field.name).unwrap_or_else(|| panic!("no {} in {}", field.name, answer.text()));
        let alike = match field.kind.as_str() {
            "string" => found.is_string(),
            "number" => found.is_number(),
            "[" => found.is_array(),
            other => panic!("{other}"),
        };
        assert!(alike, "{field:?} is {found}");
        if field.kind != "[" && !MADE.contains(&field.name.as_str()) {
            assert_eq!(Some(found), field.example.as_ref(), "{}", field.name);
        }
    }
    assert_eq!(query, ["search=cliente", "page=1", "limit=20"]);

    // Each header is required.
    refused(&shop.send(&Method::GET, &path, &given[1..], None).await, 401, "UnauthorizedException", "");
    refused(
        &shop.send(&Method::GET, &path, &given[..1], None).await,
        400,
        "ValidationError",
        "x-organization-id",
    );
}

both_engines! {
    async fn every_sample_runs(shop: Shop) {
        let printed = Printed::of("lummy");
        languages(&printed, &shop).await;
        with_a_token_of_a_login(&printed, &shop.neighbour().await).await;
        tables(&printed, &shop.neighbour().await).await;
        printed.finish();
    }
}
