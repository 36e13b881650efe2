//! Every operation that the server describes has its tests and its place in the table of permissions.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use diario_tests::{Shop, both_engines};
use reqwest::Method;
use serde_json::{Value, json};

use crate::permissions::{OPERATIONS, Who};

/// Operation name, method and path of everything that the server describes.
async fn described(shop: &Shop) -> BTreeSet<(String, String, String)> {
    let answer = shop.send(&Method::GET, "/openapi.json", &[], None).await.expect(200);
    let mut found = BTreeSet::new();
    for (path, operations) in answer["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let name = id.strip_prefix("nexus.").unwrap_or_else(|| panic!("{method} {path} is named {id:?}"));
            found.insert((name.to_owned(), method.clone(), path.trim_end_matches('/').to_owned()));
        }
    }
    found
}

/// What the tests of an operation must hold, in words of the file: each is one of several spellings.
fn wanted(write: bool, public: bool) -> Vec<(&'static str, &'static [&'static str])> {
    let mut wanted: Vec<(&str, &[&str])> =
        vec![("a happy answer", &["expect(200)", "expect(201)", "shop.sell(", "shop.trial_balance()"])];
    if !public {
        wanted.push(("guards", &["guarded("]));
    }
    if write && !public {
        wanted.push((
            "refusals",
            &["refuses_fields(", "refuses(", "upload(PATH, file, &[]).await.expect(400)"],
        ));
        wanted.push(("idempotency", &["idempotent(", "idempotency-key", "x-idempotency"]));
    }
    wanted
}

both_engines! {
    async fn the_table_is_what_the_server_describes(shop: Shop) {
        let described = described(&shop).await;
        let table: BTreeSet<_> = OPERATIONS
            .iter()
            .map(|operation| (operation.name.to_owned(), operation.method.to_owned(), operation.path.to_owned()))
            .collect();
        let unlisted: Vec<_> = described.difference(&table).collect();
        let missing: Vec<_> = table.difference(&described).collect();
        assert!(
            unlisted.is_empty() && missing.is_empty(),
            "described and not in the table: {unlisted:#?}\nin the table and not described: {missing:#?}"
        );
    }

    async fn every_operation_names_the_permission_that_the_contract_gives_it(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi.json", &[], None).await.expect(200);
        for operation in OPERATIONS {
            let described = &answer["paths"][operation.path][operation.method]["security"];
            let expected = match operation.who {
                Who::Public => json!([{}]),
                Who::Employee => Value::Null,
                Who::May(permission) => json!([{"token": [permission]}]),
            };
            assert_eq!(*described, expected, "{}", operation.name);
        }
    }

    async fn every_operation_has_its_tests(shop: Shop) {
        let mut faults = String::new();
        for (name, method, path) in described(&shop).await {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("nexus/{name}.rs"));
            let Ok(text) = fs::read_to_string(&file) else {
                let _ = writeln!(faults, "  {method} {path}: tests/nexus/{name}.rs is missing");
                continue;
            };
            let main = fs::read_to_string(file.with_file_name("main.rs")).unwrap();
            if !main.lines().any(|line| line == format!("mod {name};")) {
                let _ = writeln!(faults, "  {name}: its tests are not compiled");
            }
            let public = OPERATIONS
                .iter()
                .any(|operation| operation.name == name && operation.who == Who::Public);
            for (what, spellings) in wanted(method != "get", public) {
                if !spellings.iter().any(|spelling| text.contains(spelling)) {
                    let _ = writeln!(faults, "  {name} has no test of {what}: none of {spellings:?}");
                }
            }
            if path.contains('{') && !public && !path.contains("/catalog/") && !text.contains("missing_ids(") {
                let _ = writeln!(faults, "  {name} has no test of another tenant's id: missing_ids(");
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
    }

    async fn every_operation_tells_what_it_takes_and_answers(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi.json", &[], None).await.expect(200);
        let mut faults = String::new();
        for (path, operations) in answer["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let name = format!("{method} {path}");
                let responses = operation["responses"].as_object().unwrap();
                if !responses.keys().any(|status| status.starts_with('2')) {
                    let _ = writeln!(faults, "  {name} describes no answer");
                }
                if operation["summary"].as_str().or(operation["description"].as_str()).is_none_or(str::is_empty) {
                    let _ = writeln!(faults, "  {name} says nothing about itself");
                }
                let taken = operation["parameters"].as_array().cloned().unwrap_or_default();
                for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                    let part = part.trim_end_matches('}');
                    let named = |row: &Value| row["name"] == part && row["in"] == "path";
                    if !taken.iter().any(named) {
                        let _ = writeln!(faults, "  {name} does not describe {part}");
                    }
                }
            }
        }
        assert!(faults.is_empty(), "\n{faults}");
    }
}
