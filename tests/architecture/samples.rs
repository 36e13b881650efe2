//! The table of samples names every file and the test that runs it, and an answer is held to a printed one.

use std::{collections::BTreeSet, fs, panic};

use diario_tests::{assert_like, assert_says};
use serde_json::{Value, json};

use crate::{read, root};

const DOCUMENTS: [(&str, &str); 5] = [
    ("LUNARA", "lunara"),
    ("Gestion Nube", "gestion_nube"),
    ("Nexus", "nexus"),
    ("Lummy", "lummy"),
    ("Lunatel", "lunatel"),
];

/// The text of a function, up to the next one.
fn function<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let begin = text.find(&format!("fn {name}(")).or_else(|| text.find(&format!("fn {name}<")))?;
    let body = &text[begin + 3..];
    let ends = ["\nasync fn ", "\nfn ", "\n    async fn ", "_engines! {", "each_engine! {"];
    let end = ends.iter().filter_map(|end| body.find(end)).min().unwrap_or(body.len());
    Some(&body[..end])
}

#[test]
fn the_table_of_samples_is_what_is_there_and_what_runs() {
    let table = read("tests/samples/README.md");
    let mut listed = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| ") && line.contains(".rs::")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let &[document, _, _, file, test, replaced] = cells.as_slice() else { panic!("{row}") };
        let (file, test) = (file.trim_matches('`'), test.trim_matches('`'));
        let (folder, name) = file.split_once('/').unwrap();
        assert!(DOCUMENTS.contains(&(document, folder)), "{row}");
        assert!(!replaced.is_empty(), "{row}");
        assert!(
            root().join("tests/samples").join(file).is_file(),
            "the table names {file}, which is not there"
        );
        assert!(listed.insert(file.to_owned()), "{file} is listed twice");

        let (source, function_name) = test.split_once("::").unwrap();
        let source = read(source);
        let body = function(&source, function_name).unwrap_or_else(|| panic!("there is no {test}"));
        let stem = [".request.json", ".response.json", ".sh"].iter().find_map(|end| name.strip_suffix(end));
        let runs = [Some(name), stem].iter().flatten().any(|word| body.contains(&format!("\"{word}\"")));
        assert!(runs, "{test} does not run {file}");
    }
    let mut there = BTreeSet::new();
    for (_, folder) in DOCUMENTS {
        for entry in fs::read_dir(root().join("tests/samples").join(folder)).unwrap() {
            there.insert(format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap()));
        }
        let source = read(&format!("tests/{folder}/printed_samples.rs"));
        assert!(source.contains("printed.finish()"), "{folder} does not ask whether it ran every sample");
    }
    let unlisted: Vec<_> = there.difference(&listed).collect();
    assert!(unlisted.is_empty(), "the table does not name {unlisted:?}");
}

#[test]
fn an_answer_is_held_to_what_is_printed() {
    let printed =
        json!({"a": 1, "b_id": 1, "c": "2026-04-01", "d": [{"e": "..."}], "f": ["x", "..."], "g": []});
    let good = json!({
        "a": 1.0, "b_id": 1, "c": "2026-04-01", "d": [{"e": "y"}, {"e": "z"}], "f": ["w", "x"], "g": [1], "h": 1
    });
    let with = |key: &str, value: Value| {
        let mut answer = good.clone();
        answer[key] = value;
        answer
    };
    let differs = with("c", json!("2026-05-05"));
    assert_says(&good, &printed, &[]);
    assert_says(&good, &printed, &["~a"]);
    assert_says(&differs, &printed, &["c"]);
    assert_says(&with("b_id", json!(null)), &printed, &["?b_id"]);
    assert_says(&with("d", json!([{"e": "y"}, {"e": null}])), &printed, &["?d.*.e"]);
    assert_like(&with("a", json!(2)), &printed);

    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("a");
    for (answer, differ) in [
        (without, [].as_slice()),
        (with("a", json!(2)), &[]),
        (with("a", json!("1")), &["a"]),
        (with("b_id", json!(1.5)), &["b_id"]),
        (with("b_id", json!(null)), &["b_id"]),
        (with("c", json!("April")), &["c"]),
        (with("d", json!([])), &["d"]),
        (with("d", json!([{"e": "y"}, {"e": 1}])), &["d"]),
        (with("f", json!(["w"])), &["f"]),
        (with("g", json!({})), &["g"]),
        // Nothing differs there.
        (differs, &["c", "a"]),
    ] {
        let held = panic::catch_unwind(|| assert_says(&answer, &printed, differ));
        assert!(held.is_err(), "{answer} with {differ:?}");
    }
}
