//! Answers and problems in Lunatel's envelope (contract 7.0): the status within is 0, or the status of HTTP.

use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderValue, StatusCode,
        header::{ACCEPT, CONTENT_TYPE},
    },
    middleware::Next,
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{Refusal, refusal::RefusalKind};
use serde_json::{Map, Value, json};

use super::{
    messages::{self, Language},
    paths,
};
use crate::{error::Problem, http::surface::Asked};

/// The media type of an API that this one is said to follow (T-28); the body is the same.
const JSON_API: &str = "application/vnd.api+json";

/// An answer: what the operation has to say, in its envelope.
pub fn ok(payload: Value) -> Rendered {
    let mut body = if let Value::Object(map) = payload { map } else { Map::new() };
    body.insert("status".to_owned(), json!(0));
    body.insert("errorResponse".to_owned(), json!({"status": 0, "message": ""}));
    Rendered { status: StatusCode::OK.as_u16(), body: Value::Object(body).to_string() }
}

/// The same as a response.
pub fn respond(payload: Value) -> Response {
    response(ok(payload), HeaderValue::from_static("application/json"))
}

/// A problem as an answer.
pub fn problem(problem: &Problem, asked: &Asked<'_>) -> Response {
    let status = if matches!(problem, Problem::Field { .. }) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if matches!(problem, Problem::TooLarge) {
        StatusCode::BAD_REQUEST
    } else {
        problem.status()
    };
    let message = messages::problem(problem, Language::of(asked.accept_language));
    response(failed(asked.path, status, &message), media_type(asked.accept))
}

/// A refusal as an answer. What a body names and the shop has not is not found, as what a path names would be.
pub fn refusal(refusal: &Refusal, path: &str, language: Language) -> Rendered {
    let status = match refusal.kind() {
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::Rule if matches!(refusal, Refusal::UnknownItem(_)) => StatusCode::NOT_FOUND,
        RefusalKind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
    };
    failed(path, status, &messages::refusal(refusal, language))
}

fn failed(path: &str, status: StatusCode, message: &str) -> Rendered {
    let mut body = paths::empty(path);
    body.insert("status".to_owned(), json!(status.as_u16()));
    body.insert("errorResponse".to_owned(), json!({"status": status.as_u16(), "message": message}));
    Rendered { status: status.as_u16(), body: Value::Object(body).to_string() }
}

fn response(rendered: Rendered, media_type: HeaderValue) -> Response {
    let mut response = Response::new(Body::from(rendered.body));
    *response.status_mut() =
        StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

fn media_type(accept: &str) -> HeaderValue {
    HeaderValue::from_static(if accept.contains(JSON_API) { JSON_API } else { "application/json" })
}

/// Answers in the media type that the caller takes.
pub async fn as_accepted(request: Request, next: Next) -> Response {
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type(accept);
    let mut response = next.run(request).await;
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// An instant as the surface shows it: UTC, with milliseconds (contract 2.7).
pub fn instant(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
