use std::fmt::Write as _;

use reqwest::Method;
use serde_json::Value;

use crate::{Answer, Shop, int};

/// Which statuses a refusal may have where the contract leaves a choice.
pub trait Accepts {
    fn accepts(&self, status: u16) -> bool;
}

impl Accepts for u16 {
    fn accepts(&self, status: u16) -> bool {
        *self == status
    }
}

impl<const N: usize> Accepts for [u16; N] {
    fn accepts(&self, status: u16) -> bool {
        self.contains(&status)
    }
}

/// What is wrong with an answer that should be a refusal naming `word`, if anything is.
fn fault(answer: &Answer, accepted: &impl Accepts, word: &str) -> Option<String> {
    // Our own surface words its problems in `detail`.
    let message = answer.body.get("error").or_else(|| answer.body.get("detail"));
    let message = message.and_then(Value::as_str).unwrap_or_default();
    let fault = if !accepted.accepts(answer.status) {
        format!("answered {}", answer.status)
    } else if message.is_empty() {
        "has no error message".to_owned()
    } else if !message.to_lowercase().contains(&word.to_lowercase()) {
        format!("does not name {word:?}")
    } else {
        return None;
    };
    let mut text = answer.text();
    text.truncate(300);
    Some(format!("{} {fault}: {text}", answer.request))
}

/// Holds one answer to being a refusal that names `word`.
#[track_caller]
pub fn refused(answer: &Answer, accepted: impl Accepts, word: &str) {
    if let Some(fault) = fault(answer, &accepted, word) {
        panic!("{fault}");
    }
}

/// Sends what must be refused, and holds the log to having gained nothing.
pub async fn refuses(
    shop: &Shop,
    method: Method,
    path: &str,
    body: Value,
    accepted: impl Accepts,
    word: &str,
) -> Answer {
    let before = shop.events().await;
    let answer = shop.request(method, path, Some(&body)).await;
    refused(&answer, accepted, word);
    assert_eq!(shop.events().await, before, "{} was refused and yet changed something", answer.request);
    answer
}

/// The body without one field.
pub fn without(body: &Value, pointer: &str) -> Value {
    let mut body = body.clone();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(last);
    body
}

fn with(body: &Value, pointer: &str, value: &Value) -> Value {
    let mut body = body.clone();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
    match last.parse::<usize>() {
        Ok(index) => parent[index] = value.clone(),
        Err(_) => parent[last] = value.clone(),
    }
    body
}

/// The word that a message about this field must hold.
fn field_of(pointer: &str) -> &str {
    pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap()
}

/// Sends the body once without each required field, and once with each bad value: each is a 400 that names
/// the field and changes nothing. All differences are shown together. At last the good body itself must be
/// accepted, which proves that nothing else was wrong with it.
pub async fn refuses_fields(
    shop: &Shop,
    method: Method,
    path: &str,
    good: &Value,
    required: &[&str],
    bad: &[(&str, Value)],
) -> Answer {
    let before = shop.events().await;
    let mut cases: Vec<(String, Value)> =
        required.iter().map(|pointer| ((*pointer).to_owned(), without(good, pointer))).collect();
    cases.extend(bad.iter().map(|(pointer, value)| ((*pointer).to_owned(), with(good, pointer, value))));
    let mut faults = String::new();
    for (pointer, body) in cases {
        let answer = shop.request(method.clone(), path, Some(&body)).await;
        if let Some(fault) = fault(&answer, &400, field_of(&pointer)) {
            let _ = writeln!(faults, "  {pointer}: {fault}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert_eq!(shop.events().await, before, "{path} was refused and yet changed something");
    let answer = shop.request(method, path, Some(good)).await;
    assert!(answer.status < 300, "{} answered {}", answer.request, answer.text());
    answer
}

/// Asks once with each bad query: each is a 400 that names the parameter.
pub async fn refuses_query(shop: &Shop, path: &str, bad: &[&str]) {
    let mut faults = String::new();
    for query in bad {
        let answer = shop.get(&format!("{path}?{query}")).await;
        if let Some(fault) = fault(&answer, &400, query.split('=').next().unwrap()) {
            let _ = writeln!(faults, "  {fault}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Walks a list by its cursors, two rows a page, while `add` makes a new row between two pages: every row that
/// was there before is met once and in the list's order, and nothing is met twice. `id` names the field that
/// tells rows apart. The list must have at least three rows.
pub async fn walks(shop: &Shop, path: &str, id: &str, add: impl AsyncFn()) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let old: Vec<i64> = shop.all(path).await.iter().map(|row| int(&row[id])).collect();
    assert!(old.len() > 2, "{path} has too few rows to walk");
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer = shop.get(&format!("{path}{joint}per_page=2&cursor={cursor}")).await.expect(200);
        let rows = answer["data"].as_array().unwrap();
        assert!(rows.len() <= 2, "{} answered {} rows", answer.request, rows.len());
        seen.extend(rows.iter().map(|row| int(&row[id])));
        let pagination = answer["pagination"].as_object().unwrap();
        assert_eq!(pagination["per_page"], Value::from(2), "{}", answer.request);
        assert_eq!(pagination.len(), 2, "nothing is counted under a cursor: {pagination:?}");
        match &pagination["next_cursor"] {
            Value::Null => break,
            next => next.as_str().unwrap().clone_into(&mut cursor),
        }
        assert!(seen.len() < 20 * old.len(), "{path} has no end");
        add().await;
    }
    let mut distinct = seen.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), seen.len(), "{path} showed a row twice: {seen:?}");
    let met: Vec<i64> = seen.into_iter().filter(|id| old.contains(id)).collect();
    assert_eq!(met, old, "{path} skipped or moved rows (left: by cursor, right: by page)");

    for bad in ["x", "1", "%00", "AAAA", "%27", "null", &format!("{cursor}x"), &"9".repeat(3_000)] {
        let answer = shop.get(&format!("{path}{joint}cursor={bad}")).await;
        refused(&answer, 400, "cursor");
    }
    refused(&shop.get(&format!("{path}{joint}cursor=&page=1")).await, 400, "cursor");
    refused(&shop.get(&format!("{path}{joint}cursor={cursor}&page=2")).await, 400, "cursor");
}

/// What every operation behind a token refuses in the same way: no token and false tokens, another method,
/// a path below it that does not exist, and a body that is no JSON object.
pub async fn guarded(shop: &Shop, method: Method, path: &str, body: Option<Value>) {
    let before = shop.events().await;
    let text = body.as_ref().map(Value::to_string);
    let mut faults = String::new();
    let mut note = |answer: &Answer, status: u16, what: &str| {
        if let Some(fault) = fault(answer, &status, "") {
            let _ = writeln!(faults, "  {what}: {fault}");
        }
    };

    let mut forged = shop.token.clone();
    // The last character of a signature holds unused bits; the one before it does not.
    let kept = forged.len() - 2;
    let other = if forged[kept..].starts_with('A') { "BA" } else { "AA" };
    forged.replace_range(kept.., other);
    for (what, value) in [
        ("without a token", String::new()),
        ("with an empty token", "Bearer ".to_owned()),
        ("with a token that is none", "Bearer abc.def.ghi".to_owned()),
        ("with a forged token", format!("Bearer {forged}")),
        ("with another scheme", format!("Basic {}", shop.token)),
    ] {
        let headers = [("authorization", value.as_str())];
        let headers: &[(&str, &str)] = if value.is_empty() { &[] } else { &headers };
        note(&shop.send(&method, path, headers, text.clone()).await, 401, what);
    }

    let bare = path.split('?').next().unwrap();
    let other = if method == Method::DELETE { Method::PATCH } else { Method::DELETE };
    note(&shop.request(other, bare, None).await, 405, "with another method");
    note(&shop.get(&format!("{bare}/no/existe")).await, 404, "below it");

    if body.is_some() {
        let bearer = format!("Bearer {}", shop.token);
        for broken in ["{\"a\":", "nada", "[]", "\"texto\"", "7", "{\"a\":1}{", "\u{feff}{"] {
            let answer =
                shop.send(&method, path, &[("authorization", &bearer)], Some(broken.to_owned())).await;
            note(&answer, 400, "with a body that is no JSON object");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert_eq!(shop.events().await, before, "{path} was refused and yet changed something");
}

/// Ids that name nothing of this tenant are 404; what is no id is 404 or 400. `path` makes a path of an id.
pub async fn missing_ids(
    shop: &Shop,
    method: Method,
    path: impl Fn(&str) -> String,
    foreign: i64,
    body: Option<Value>,
) {
    let before = shop.events().await;
    let mut faults = String::new();
    for id in [foreign.to_string().as_str(), "999999", "2147483647"] {
        let answer = shop.request(method.clone(), &path(id), body.as_ref()).await;
        if let Some(fault) = fault(&answer, &404, "") {
            let _ = writeln!(faults, "  {fault}");
        }
    }
    for id in ["0", "-1", "abc", "1.5", "99999999999999999999999", "%00", "1%27"] {
        let answer = shop.request(method.clone(), &path(id), body.as_ref()).await;
        if let Some(fault) = fault(&answer, &[400, 404], "") {
            let _ = writeln!(faults, "  {fault}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert_eq!(shop.events().await, before, "a missing id changed something");
}

/// The same key with the same body answers the first response again, with another body 422, and neither
/// does anything. Both spellings of the header count.
pub async fn idempotent(shop: &Shop, method: Method, path: &str, body: Value, other: Value) -> Answer {
    let key = [("idempotency-key", "llave-1")];
    let first = shop.keyed(method.clone(), path, Some(&body), &key).await;
    assert!(first.status < 300, "{} answered {} {}", first.request, first.status, first.text());
    assert_eq!(first.header("idempotent-replayed"), None, "{}", first.request);
    let after = shop.events().await;

    for name in ["idempotency-key", "x-idempotency"] {
        let again = shop.keyed(method.clone(), path, Some(&body), &[(name, "llave-1")]).await;
        assert_eq!(again.status, first.status, "{} again answered {}", again.request, again.text());
        assert_eq!(again.text(), first.text(), "{} answered other bytes the second time", again.request);
        assert_eq!(again.header("idempotent-replayed"), Some("true"), "{}", again.request);
        assert_eq!(shop.events().await, after, "{} was done twice", again.request);
    }

    let clash = shop.keyed(method, path, Some(&other), &key).await;
    refused(&clash, 422, "");
    assert_eq!(shop.events().await, after, "{} changed something", clash.request);
    assert_eq!(clash.header("idempotent-replayed"), None);
    first
}
