//! The table of operations is what the server describes, and each has its tests.

use std::{collections::BTreeSet, fs, path::Path};

use diario_tests::both_engines;
use reqwest::Method;
use serde_json::{Value, json};

use crate::OPERATIONS;

both_engines! {
    async fn the_table_is_what_the_server_describes(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi/gestion_nube.json", &[], None).await.expect(200);
        let mut described = BTreeSet::new();
        for (path, operations) in answer["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap().strip_prefix("gestion_nube.").unwrap();
                assert!(operation["summary"].as_str().or(operation["description"].as_str()).is_some(), "{id}");
                assert!(operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2')));
                described.insert((id.to_owned(), method.to_uppercase(), path.matches('{').count()));
            }
        }
        let mut table: BTreeSet<_> = OPERATIONS
            .iter()
            .map(|one| {
                // The list's id stands in the path as it is.
                let ids = one.path.matches('{').count() + usize::from(one.name == "prices_set");
                (one.name.to_owned(), one.method.to_owned(), ids)
            })
            .collect();
        table.insert(("token_create".to_owned(), "POST".to_owned(), 0));
        assert_eq!(described, table);
        assert_eq!(described.len(), 19);
    }

    async fn every_operation_names_the_ability_that_the_contract_gives_it(shop: Shop) {
        let answer = shop.send(&Method::GET, "/openapi/gestion_nube.json", &[], None).await.expect(200);
        let operations = answer["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
        for operation in operations {
            let name = operation["operationId"].as_str().unwrap().strip_prefix("gestion_nube.").unwrap();
            let Some(known) = OPERATIONS.iter().find(|one| one.name == name) else { continue };
            let expected = known.ability.map_or(Value::Null, |ability| json!([{"token": [ability]}]));
            assert_eq!(operation["security"], expected, "{name}");
        }
    }

    async fn every_operation_has_its_tests(shop: Shop) {
        let _ = shop;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("gestion_nube");
        let mut text = String::new();
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if !path.ends_with("coverage.rs") && !path.ends_with("main.rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
        for name in OPERATIONS.iter().map(|one| one.name).chain(["token_create"]) {
            assert!(text.contains(&format!("// {name}: ")), "no test says that it holds {name} to its contract");
        }
    }
}
