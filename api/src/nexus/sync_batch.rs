//! `POST /pos/api/sync/batch` (our own): what a till did while it was cut off.
//!
//! Each command is one of the other write operations with the till's own id and time. It goes through the same
//! handler, permission and rules as if it had been sent alone, in order, and is applied once whatever is sent again.
//! One that is refused does not stop those behind it.

use std::{collections::BTreeSet, collections::HashMap, sync::LazyLock, time::Duration};

use axum::{
    body::to_bytes,
    extract::State,
    http::{HeaderMap, Method, Request, StatusCode, header::AUTHORIZATION},
    response::Response,
};
use jiff::{SignedDuration, Timestamp, civil::DateTime};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;
use utoipa::{OpenApi as _, openapi::path::Operation};

use super::{
    OpenApi, messages, render,
    session::{Offline, Session},
};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, layers::RequestId, write},
};

/// Commands in one batch: a few seconds' work.
const COMMANDS_MAX: usize = 500;
/// How far a till's clock may run ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// How old a command may be.
const BEHIND: SignedDuration = SignedDuration::from_hours(366 * 24);
/// How long a command waits for the same one in another batch.
const BUSY_TRIES: usize = 100;
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// The largest answer of a command.
const ANSWER_MAX: usize = 4 * 1024 * 1024;

/// What a command is answered with that was not decided and is to be sent again.
const COME_AGAIN: &[StatusCode] =
    &[StatusCode::FAILED_DEPENDENCY, StatusCode::CONFLICT, StatusCode::SERVICE_UNAVAILABLE];

/// Write operations that are no commands of a till.
const NOT_QUEUED: &[&str] = &["auth_login", "sync_batch", "import_items", "import_customers"];

/// Method and path of each operation that may be queued, by name.
static OPERATIONS: LazyLock<HashMap<String, (Method, String)>> = LazyLock::new(|| {
    let mut found = HashMap::new();
    for (path, item) in OpenApi::openapi().paths.paths {
        let of = |operation: &Option<Operation>| operation.as_ref().and_then(|it| it.operation_id.clone());
        for (method, id) in
            [(Method::POST, of(&item.post)), (Method::PUT, of(&item.put)), (Method::DELETE, of(&item.delete))]
        {
            if let Some(name) = id.as_deref().and_then(|id| id.strip_prefix("nexus."))
                && !NOT_QUEUED.contains(&name)
            {
                found.insert(name.to_owned(), (method, path.clone()));
            }
        }
    }
    found
});

/// A command as the till queued it.
struct Queued {
    client_id: String,
    at: Option<Timestamp>,
    method: Method,
    path: String,
    params: Map<String, Value>,
    body: Value,
}

/// What a command came to.
struct Outcome {
    status: StatusCode,
    replayed: bool,
    body: Value,
}

/// Applies the commands of a till that was cut off.
#[utoipa::path(post, path = "/pos/api/sync/batch", operation_id = "nexus.sync_batch", tag = "Sync",
    request_body(content = serde_json::Value, example = json!({"commands": [
        {"client_id": "5b0c6a6e-1", "client_time": "2026-04-01T08:00:00", "operation": "register_open",
            "body": {"register_number": 1, "opening_amount": 2000.00}},
        {"client_id": "5b0c6a6e-2", "client_time": "2026-04-01T08:05:00", "operation": "sales_create", "body": {
            "items": [{"inventory_id": 1, "quantity": 2, "unit_price": 350.00, "discount_pct": 0, "tax_rate": 0.16}],
            "payment_method": "efectivo", "sale_type": "cash", "amount_paid": 812.00,
            "register_id": {"ref": "5b0c6a6e-1", "field": "register_id"}}},
    ]})),
    responses((status = 200, example = json!({"results": [{"client_id": "5b0c6a6e-1", "status": 201, "replayed": false,
        "body": {"register_id": 1, "register_number": 1}}]})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let key = session.key(&body.bytes)?;
    if let Some(key) = &key
        && let Some(first) = write::replay(&app, session.tenant, key).await?
    {
        return Ok(first);
    }
    let queued = read(&body.fields, &session)?;
    // Under a key the answer stands for ever, and "come again" must not.
    let mut settled = true;
    let mut done: HashMap<String, Outcome> = HashMap::new();
    let mut results = Vec::with_capacity(queued.len());
    for command in queued {
        let outcome = apply(&app, &session, &headers, &command, &done).await?;
        settled &= !COME_AGAIN.contains(&outcome.status);
        let mut result = json!({
            "client_id": command.client_id,
            "status": outcome.status.as_u16(),
            "replayed": outcome.replayed,
            "body": outcome.body,
        });
        if let Some(error) = outcome.body.get("error").filter(|_| !outcome.status.is_success()) {
            result["error"] = error.clone();
        }
        results.push(result);
        done.insert(command.client_id, outcome);
    }
    let rendered = write::answer(StatusCode::OK, &json!({"results": results}));
    match key {
        Some(key) if settled => write::keep(&app, session.tenant, key, rendered).await,
        Some(_) | None => Ok(write::respond(rendered, false)),
    }
}

fn read(fields: &Fields, session: &Session) -> Result<Vec<Queued>, Problem> {
    let list = fields.list("commands")?;
    if list.len() > COMMANDS_MAX {
        return Err(Problem::field("commands", Rule::AtMost(COMMANDS_MAX)));
    }
    let mut seen = BTreeSet::new();
    let mut queued = Vec::with_capacity(list.len());
    for fields in &list {
        let client_id = fields.text_up_to("client_id", 128)?;
        if !seen.insert(client_id.clone()) {
            return Err(fields.problem("client_id", Rule::Form("que no se repite en el lote")));
        }
        let operation = fields.text_up_to("operation", 100)?;
        let Some((method, path)) = OPERATIONS.get(&operation) else {
            return Err(
                fields.problem("operation", Rule::Form("de una operación de escritura (sales_create …)"))
            );
        };
        let at = match fields.opt_text_up_to("client_time", 64)? {
            Some(text) => match instant(&text, session) {
                Some(at) => Some(at),
                None => return Err(fields.problem("client_time", Rule::Form("2026-04-01T08:00:00[-06:00]"))),
            },
            None => None,
        };
        queued.push(Queued {
            client_id,
            at,
            method: method.clone(),
            path: path.clone(),
            params: fields.opt_object("params")?.unwrap_or_default(),
            body: Value::Object(fields.opt_object("body")?.unwrap_or_default()),
        });
    }
    Ok(queued)
}

/// RFC 3339, or the shop's local time.
fn instant(text: &str, session: &Session) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local: DateTime = text.parse().ok()?;
    local.to_zoned(session.shop.zone.clone()).ok().map(|zoned| zoned.timestamp())
}

async fn apply(
    app: &App,
    session: &Session,
    headers: &HeaderMap,
    command: &Queued,
    done: &HashMap<String, Outcome>,
) -> Result<Outcome, Problem> {
    if let Some(at) = command.at {
        let now = app.now();
        let (oldest, newest) = (now.checked_sub(BEHIND), now.checked_add(AHEAD));
        let far_off = oldest.is_ok_and(|oldest| at < oldest) || newest.is_ok_and(|newest| at > newest);
        // What was applied in time is answered as it was, however late it is sent again.
        let own = BTreeSet::from([command.client_id.clone()]);
        if far_off && answers(app, session, own, done).await?.is_empty() {
            let rule = Rule::Form("de hace 366 días como máximo y no del futuro");
            return Ok(refused(StatusCode::BAD_REQUEST, &Problem::field("client_time", rule)));
        }
    }
    let mut missing = Missing::default();
    let mut content = json!({"params": command.params, "body": command.body});
    let mut wanted = BTreeSet::new();
    references(&content, &mut wanted);
    let answers = answers(app, session, wanted, done).await?;
    resolve(&mut content, &answers, &mut missing);
    if let Some(id) = missing.commands.first() {
        let error = format!("El comando {id} todavía no se ha aplicado: envíe este después de aquel");
        let body = json!({"error": error});
        return Ok(Outcome { status: StatusCode::FAILED_DEPENDENCY, replayed: false, body });
    }
    // Sent again it would answer nothing else.
    if let Some((id, field)) = missing.fields.first() {
        let body = json!({"error": format!("La respuesta al comando {id} no tiene el campo {field}")});
        return Ok(Outcome { status: StatusCode::BAD_REQUEST, replayed: false, body });
    }
    let Some(path) = fill(&command.path, &content["params"]) else {
        return Ok(refused(StatusCode::BAD_REQUEST, &Problem::field("params", Rule::Required)));
    };
    for _ in 0..BUSY_TRIES {
        let outcome = call(app, headers, session, command, &path, &content["body"]).await?;
        if outcome.status != StatusCode::CONFLICT && outcome.status != StatusCode::SERVICE_UNAVAILABLE {
            return Ok(outcome);
        }
        tokio::time::sleep(BUSY_PAUSE).await;
    }
    call(app, headers, session, command, &path, &content["body"]).await
}

fn refused(status: StatusCode, problem: &Problem) -> Outcome {
    Outcome { status, replayed: false, body: json!({"error": messages::problem(problem)}) }
}

/// The client ids that a command refers to.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => match reference(map) {
            Some((id, _)) => {
                found.insert(id.to_owned());
            }
            None => map.values().for_each(|value| references(value, found)),
        },
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `{"ref": client id, "field": name}`.
fn reference(map: &Map<String, Value>) -> Option<(&str, &str)> {
    match (map.len(), map.get("ref"), map.get("field")) {
        (2, Some(Value::String(id)), Some(Value::String(field))) => Some((id, field)),
        _ => None,
    }
}

/// Successful answers to earlier commands: of this batch, and of those before.
async fn answers(
    app: &App,
    session: &Session,
    wanted: BTreeSet<String>,
    done: &HashMap<String, Outcome>,
) -> Result<HashMap<String, Value>, Problem> {
    let mut found = HashMap::new();
    let mut before = Vec::new();
    for id in wanted {
        match done.get(&id) {
            Some(outcome) if outcome.status.is_success() => {
                found.insert(id, outcome.body.clone());
            }
            Some(_) => {}
            None => before.push(id),
        }
    }
    if before.is_empty() {
        return Ok(found);
    }
    let scopes: Vec<_> = before.iter().map(|id| Offline::scope(id)).collect();
    let rows = app.log.answered(session.tenant, &scopes).await?;
    for (id, scope) in before.into_iter().zip(scopes) {
        if let Some(row) = rows.get(&scope).filter(|row| (200..300).contains(&row.status))
            && let Ok(body) = serde_json::from_str(&row.response)
        {
            found.insert(id, body);
        }
    }
    Ok(found)
}

/// What references name and nobody has: commands without a successful answer yet, and fields that an answer lacks.
#[derive(Default)]
struct Missing {
    commands: BTreeSet<String>,
    fields: BTreeSet<(String, String)>,
}

/// Puts the fields of earlier answers in the place of references; names those that are not there.
fn resolve(value: &mut Value, answers: &HashMap<String, Value>, missing: &mut Missing) {
    match value {
        Value::Object(map) => {
            let Some((id, field)) = reference(map) else {
                map.values_mut().for_each(|value| resolve(value, answers, missing));
                return;
            };
            let Some(answer) = answers.get(id) else {
                missing.commands.insert(id.to_owned());
                return;
            };
            match answer.get(field) {
                Some(found) => *value = found.clone(),
                None => {
                    missing.fields.insert((id.to_owned(), field.to_owned()));
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, answers, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The path with its parameters; nothing where one is missing or is no word.
fn fill(path: &str, params: &Value) -> Option<String> {
    let mut filled = Vec::new();
    for part in path.split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            filled.push(part.to_owned());
            continue;
        };
        let word = match params.get(name)? {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        let plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        filled.push(plain.then_some(word)?);
    }
    Some(filled.join("/"))
}

/// Has the operation's own handler answer.
async fn call(
    app: &App,
    headers: &HeaderMap,
    session: &Session,
    command: &Queued,
    path: &str,
    body: &Value,
) -> Result<Outcome, Problem> {
    let internal = |error: axum::http::Error| Problem::Internal(std::sync::Arc::new(error));
    let mut request = Request::builder().method(command.method.clone()).uri(path);
    if let Some(token) = headers.get(AUTHORIZATION) {
        request = request.header(AUTHORIZATION, token);
    }
    let mut request = request.body(axum::body::Body::from(body.to_string())).map_err(internal)?;
    request.extensions_mut().insert(Offline { client_id: command.client_id.clone(), at: command.at });
    if let Some(id) = session.request_id() {
        request.extensions_mut().insert(RequestId(id.to_owned()));
    }
    let Some(routes) = app.nexus.get() else { return Err(Problem::Busy) };
    let mut response = match routes.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = render::problem(&problem);
    }
    let status = response.status();
    let replayed = response.headers().contains_key("idempotent-replayed");
    let bytes = to_bytes(response.into_body(), ANSWER_MAX)
        .await
        .map_err(|error| Problem::Internal(std::sync::Arc::new(error)))?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok(Outcome { status, replayed, body })
}
