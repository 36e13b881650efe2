//! The house rules that the compiler cannot hold: which crate may know what, and where a thing is found.

mod samples;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file below a folder: its path and the text before its unit tests.
fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no sources");
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            (path.strip_prefix(root()).unwrap().display().to_string(), code)
        })
        .collect()
}

/// Lines of code, comments left out.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

fn assert_nowhere(folder: &str, forbidden: &[&str]) {
    for (path, text) in sources(folder) {
        for line in lines(&text) {
            for word in forbidden {
                assert!(!line.contains(word), "{path} holds {word:?}: {}", line.trim());
            }
        }
    }
}

fn dependencies(crate_folder: &str) -> BTreeSet<String> {
    let manifest = read(&format!("{crate_folder}/Cargo.toml"));
    let section = manifest.split("[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap();
    section
        .lines()
        .filter_map(|line| line.split(['.', '=', ' ']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn arrows_point_down() {
    let ours = |folder: &str| -> Vec<String> {
        dependencies(folder).into_iter().filter(|name| name.starts_with("diario-")).collect()
    };
    assert!(ours("domain").is_empty());
    assert_eq!(ours("store"), ["diario-domain"]);
    assert_eq!(ours("commands"), ["diario-domain", "diario-store"]);
    assert_eq!(ours("projections"), ["diario-domain", "diario-store"]);
}

#[test]
fn the_domain_does_no_io_and_reads_no_clock_and_no_randomness() {
    for dependency in ["tokio", "sqlx", "rusqlite", "reqwest", "getrandom", "rand", "axum"] {
        assert!(!dependencies("domain").contains(dependency), "domain depends on {dependency}");
    }
    let forbidden = [
        "Timestamp::now",
        "Zoned::now",
        "SystemTime",
        "Instant::now",
        "rand::",
        "getrandom",
        "new_v4",
        "now_v7",
        "std::fs",
        "std::net",
        "std::env",
        "println!",
        "tokio::",
    ];
    assert_nowhere("domain/src", &forbidden);
}

#[test]
fn the_api_holds_no_sql_and_no_driver() {
    for dependency in ["sqlx", "rusqlite"] {
        assert!(!dependencies("api").contains(dependency), "api depends on {dependency}");
    }
    for (path, text) in sources("api/src") {
        for line in lines(&text) {
            let sql = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
            let readiness = path.ends_with("http/operations.rs") && line.contains("\"SELECT 1\"");
            assert!(
                readiness || !sql.iter().any(|word| line.contains(word)),
                "{path} holds SQL: {}",
                line.trim()
            );
        }
    }
}

#[test]
fn only_the_store_writes_events() {
    for folder in ["domain/src", "commands/src", "projections/src", "api/src"] {
        assert_nowhere(folder, &["INSERT INTO events", "UPDATE events", "DELETE FROM events"]);
    }
}

#[test]
fn no_float_is_near_money() {
    for folder in ["domain/src", "store/src", "commands/src"] {
        assert_nowhere(folder, &["f64", "f32"]);
    }
}

#[test]
fn each_rule_of_the_domain_is_told_in_spanish() {
    let messages = read("api/src/nexus/messages.rs");
    // What a tenant is founded with is refused on the command line, in English.
    for (path, text) in sources("domain/src").iter().filter(|(path, _)| !path.ends_with("tenant.rs")) {
        let rules = text.split("Refusal::Invalid").skip(1).filter_map(|rest| rest.split_once("rule: \""));
        let named = text.split("let rule =").skip(1).filter_map(|rest| rest.split_once('"'));
        for rule in rules.chain(named).filter_map(|(_, rest)| rest.split('"').next()) {
            assert!(messages.contains(&format!("\"{rule}\"")), "{path}: {rule:?} has no Spanish");
        }
    }
}

#[test]
fn each_route_is_a_file_with_a_test_and_an_operation() {
    let table = read("api/src/nexus/mod.rs");
    let openapi = read("api/src/nexus/openapi.rs");
    let handlers: BTreeSet<&str> = table
        .split("::handle")
        .filter_map(|before| before.rsplit(['(', ' ', '.']).next())
        .filter(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect();
    assert!(handlers.len() >= 30, "{handlers:?}");
    for handler in handlers {
        let file = read(&format!("api/src/nexus/{handler}.rs"));
        assert!(
            file.contains(&format!("operation_id = \"nexus.{handler}\"")),
            "{handler} has no operation id"
        );
        assert!(openapi.contains(&format!("{handler}::handle")), "{handler} is not in OpenAPI");
        let test = read(&format!("tests/nexus/{handler}.rs"));
        assert!(test.contains("async fn "), "tests/nexus/{handler}.rs tests nothing");
    }
}
