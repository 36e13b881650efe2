//! From a handler to the tenant's writer and back: who asks, the idempotency key, the answer.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::{Key, Rendered, Request, Secret};
use diario_domain::{
    Command, Refusal, TenantId,
    command::Issued,
    event::{Metadata, Recorded},
};
use diario_store::IdempotencyRow;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::App;
use crate::error::{Problem, Rule};

/// Who asks, and through which door.
pub struct Caller {
    /// The shop.
    pub tenant: TenantId,
    /// Stored with the events.
    pub metadata: Metadata,
}

/// The answer to a command that was taken: a status and a body made of its events.
pub fn answer<T: Serialize>(status: StatusCode, body: &T) -> Rendered {
    Rendered { status: status.as_u16(), body: serde_json::to_string(body).unwrap_or_default() }
}

/// The header that carries an idempotency key, by either name (contract 2.6).
pub fn key_header(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get("idempotency-key").or_else(|| headers.get("x-idempotency"))
}

/// An idempotency key, scoped to who sent it and where to (contract 2.6).
pub fn key(
    surface: &str,
    principal: &dyn std::fmt::Display,
    given: &HeaderValue,
    method: &str,
    path: &str,
    body: &[u8],
) -> Result<Key, Problem> {
    let usable = given.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && !key.trim().is_empty());
    let Some(key) = usable else {
        return Err(Problem::field("Idempotency-Key", Rule::TextUpTo(255)));
    };
    let scope = format!("{surface}/{principal}/{method}/{path}/{key}");
    Ok(Key { scope, body_hash: Sha256::digest(body).to_vec() })
}

/// Has one command decided and answers in the surface's words; `secret` is that of what it makes.
pub async fn one(
    app: &App,
    caller: Caller,
    key: Option<Key>,
    secret: Option<Secret>,
    issued: Issued<Command>,
    refused: impl Fn(&Refusal) -> Rendered + Send + Sync + 'static,
    taken: impl Fn(&[Recorded]) -> Rendered + Send + Sync + 'static,
) -> Result<Response, Problem> {
    let mut metadata = caller.metadata;
    metadata.idempotency_key = key.as_ref().map(|key| key.scope.clone());
    app.projections.ensure(caller.tenant);
    let request = Request {
        commands: vec![issued],
        metadata,
        key,
        secret,
        render: Box::new(move |outcome| match outcome {
            Ok(events) => taken(events),
            Err(refusal) => refused(refusal),
        }),
    };
    let answer = app.commands.execute(caller.tenant, request).await?;
    Ok(respond(answer.rendered, answer.replayed))
}

/// A response of a command's answer.
pub fn respond(rendered: Rendered, replayed: bool) -> Response {
    let mut response = Response::new(Body::from(rendered.body));
    *response.status_mut() =
        StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// The first answer to a key, for an operation that is more than one decision.
pub async fn replay(app: &App, tenant: TenantId, key: &Key) -> Result<Option<Response>, Problem> {
    let mut rows = app.log.answered(tenant, std::slice::from_ref(&key.scope)).await?;
    rows.remove(&key.scope).map(|row| again(row, key)).transpose()
}

fn again(row: IdempotencyRow, key: &Key) -> Result<Response, Problem> {
    if row.body_hash != key.body_hash {
        return Err(Problem::KeyReused);
    }
    let status = u16::try_from(row.status).unwrap_or(500);
    Ok(respond(Rendered { status, body: row.response }, true))
}

/// Answers such an operation, under a key for ever so. Where the same request ran twice at once, the one that was
/// through first has answered for both.
pub async fn keep(app: &App, tenant: TenantId, key: Key, rendered: Rendered) -> Result<Response, Problem> {
    let row = IdempotencyRow {
        scope_key: key.scope.clone(),
        body_hash: key.body_hash.clone(),
        position: 0,
        status: i64::from(rendered.status),
        response: rendered.body.clone(),
    };
    app.log.put_answers(tenant, vec![row]).await?;
    let mut rows = app.log.answered(tenant, std::slice::from_ref(&key.scope)).await?;
    match rows.remove(&key.scope) {
        Some(first) if first.body_hash != key.body_hash || first.response != rendered.body => {
            again(first, &key)
        }
        Some(_) | None => Ok(respond(rendered, false)),
    }
}
