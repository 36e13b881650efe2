//! The samples of a document, each a file, and answers held to what they print.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;

use crate::money;

/// The samples of one document. A test takes every one of them, or it fails.
#[derive(Debug)]
pub struct Printed {
    folder: PathBuf,
    taken: Mutex<BTreeSet<String>>,
}

impl Printed {
    pub fn of(document: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(document);
        Self { folder, taken: Mutex::default() }
    }

    /// The text of a sample, with some words of it replaced.
    #[track_caller]
    pub fn text(&self, name: &str, replaced: &[(&str, &str)]) -> String {
        let path = self.folder.join(name);
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        self.taken.lock().unwrap().insert(name.to_owned());
        replaced.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{name} does not say {from}");
            text.replace(from, to)
        })
    }

    /// A sample of JSON. What the document leaves out (`[...]`, `{"..."}`, a comment, the last brace) is empty.
    #[track_caller]
    pub fn json(&self, name: &str) -> Value {
        parse(&self.text(name, &[]), name)
    }

    /// A body as it is printed, `name` without its ending.
    #[track_caller]
    pub fn request(&self, name: &str) -> Value {
        self.json(&format!("{name}.request.json"))
    }

    /// An answer as it is printed, `name` without its ending.
    #[track_caller]
    pub fn response(&self, name: &str) -> Value {
        self.json(&format!("{name}.response.json"))
    }

    /// `Name: value` of a sample that is a header, with some words replaced.
    #[track_caller]
    pub fn headers(&self, name: &str, replaced: &[(&str, &str)]) -> Vec<(String, String)> {
        let text = self.text(name, replaced);
        let lines = text.lines().filter_map(|line| line.split_once(": "));
        lines.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect()
    }

    /// Path and query of a sample that is `GET https://host/path?query`.
    #[track_caller]
    pub fn path(&self, name: &str, host: &str) -> String {
        let text = self.text(name, &[]);
        text.trim()
            .strip_prefix(&format!("GET {host}"))
            .unwrap_or_else(|| panic!("{name}: {text}"))
            .to_owned()
    }

    /// Every sample of the document was taken.
    #[track_caller]
    pub fn finish(&self) {
        let entries = std::fs::read_dir(&self.folder).unwrap();
        let there: BTreeSet<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let taken = self.taken.lock().unwrap();
        let left: Vec<_> = there.difference(&taken).collect();
        assert!(left.is_empty(), "samples that no test runs: {left:?}");
    }
}

#[track_caller]
fn parse(text: &str, name: &str) -> Value {
    let mut text = text.replace("[...]", "[]").replace("{\"...\"}", "{}");
    while let Some((before, rest)) = text.split_once("/*") {
        text = before.to_owned() + rest.split_once("*/").unwrap().1;
    }
    let count = |brace| text.matches(brace).count();
    let missing = count('{') - count('}');
    text.push_str(&"}".repeat(missing));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error} in {text}"))
}

/// Holds an answer to a printed one: every printed key is there, with a value of the printed type and, but for the
/// places of `differ`, with the very value. A list begins with the printed elements; what more it has is like the
/// first of them.
///
/// A place is `data.0.id`, with all that is below it; `*` is any index or key, and the empty place is everything. Where it
/// begins with `?` it may be null, and where it begins with `~` it may differ or not; every other must differ.
#[track_caller]
pub fn assert_says(answer: &Value, printed: &Value, differ: &[&str]) {
    let mut check = Check::of(differ);
    check.value(&mut Vec::new(), answer, printed, false);
    let idle = check.differ.iter().filter(|(_, used)| !**used).map(|(place, _)| *place);
    let needless: Vec<_> = idle.filter(|place| !place.starts_with('~')).collect();
    if !needless.is_empty() && check.faults.is_empty() {
        let _ = writeln!(check.faults, "  is the same as printed in {needless:?}");
    }
    assert!(check.faults.is_empty(), "\n{}in {answer:#}\nprinted {printed:#}", check.faults);
}

/// Holds an answer to the keys and types of a printed one whose values stand for any.
#[track_caller]
pub fn assert_like(answer: &Value, printed: &Value) {
    assert_says(answer, printed, &["~"]);
}

struct Check<'a> {
    /// Each place, and whether something differs there.
    differ: BTreeMap<&'a str, bool>,
    faults: String,
}

impl<'a> Check<'a> {
    fn of(differ: &[&'a str]) -> Self {
        Self { differ: differ.iter().map(|place| (*place, false)).collect(), faults: String::new() }
    }

    fn fault(&mut self, at: &[String], what: &str) {
        let _ = writeln!(self.faults, "  {} {what}", at.join("."));
    }

    /// The places that a value lies in.
    fn covering(&self, at: &[String]) -> Vec<&'a str> {
        let covers = |place: &str| {
            let place = place.trim_start_matches(['?', '~']);
            let parts: Vec<&str> = place.split('.').filter(|part| !part.is_empty()).collect();
            parts.len() <= at.len() && parts.iter().zip(at).all(|(part, step)| *part == "*" || part == step)
        };
        self.differ.keys().copied().filter(|place| covers(place)).collect()
    }

    fn value(&mut self, at: &mut Vec<String>, answer: &Value, printed: &Value, like: bool) {
        match (answer, printed) {
            (Value::Object(answer), Value::Object(printed)) => {
                for (key, printed) in printed {
                    at.push(key.clone());
                    match answer.get(key) {
                        Some(value) => self.value(at, value, printed, like),
                        None => self.fault(at, "is missing"),
                    }
                    at.pop();
                }
            }
            (Value::Array(answer), Value::Array(printed)) if printed.iter().any(|one| one == "...") => {
                for one in printed.iter().filter(|one| *one != "...") {
                    if !answer.contains(one) {
                        self.fault(at, &format!("has no {one}"));
                    }
                }
            }
            (Value::Array(answer), Value::Array(printed)) => {
                let fewest = if like { printed.len().min(1) } else { printed.len() };
                if answer.len() < fewest {
                    self.fault(at, &format!("has {} elements of {fewest}", answer.len()));
                }
                for (index, value) in answer.iter().enumerate() {
                    let Some(first) = printed.first() else { break };
                    at.push(index.to_string());
                    self.value(
                        at,
                        value,
                        printed.get(index).unwrap_or(first),
                        like || index >= printed.len(),
                    );
                    at.pop();
                }
            }
            _ => self.scalar(at, answer, printed, like),
        }
    }

    fn scalar(&mut self, at: &[String], answer: &Value, printed: &Value, like: bool) {
        let same = match (answer, printed) {
            (Value::Number(_), Value::Number(_)) => money(answer) == money(printed),
            _ => answer == printed || printed == "..." && answer.is_string(),
        };
        let places = self.covering(at);
        let nullable = places.iter().any(|place| place.starts_with('?'));
        let last = at.last().map_or("", String::as_str);
        let is_id = ["id", "Id", "ID"].iter().any(|end| last.ends_with(end)) && printed.is_i64();
        let alike = match (answer, printed) {
            (Value::Null, _) => printed.is_null() || nullable,
            (_, Value::Null) | (Value::Bool(_), Value::Bool(_)) => true,
            (Value::String(found), Value::String(form)) => !is_date(form) || dated(found) == dated(form),
            (Value::Number(_), Value::Number(_)) => !is_id || answer.is_i64(),
            _ => false,
        };
        if !alike {
            self.fault(at, &format!("is {answer} where {printed} is printed"));
        } else if !same && !like {
            if places.is_empty() {
                self.fault(at, &format!("is {answer}, not {printed}"));
            }
            for place in places {
                self.differ.insert(place, true);
            }
        } else if nullable && answer.is_null() {
            for place in places {
                self.differ.insert(place, true);
            }
        }
    }
}

/// A date or an instant with its digits made equal.
fn dated(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect()
}

fn is_date(text: &str) -> bool {
    dated(text).starts_with("0000-00-00")
}
