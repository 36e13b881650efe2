//! Problems of our own surface: RFC 9457.

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{Refusal, refusal::RefusalKind};
use serde_json::json;

use crate::{error::Problem, nexus::messages};

/// What problems are answered as.
pub const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A problem as an answer.
pub fn problem(problem: &Problem) -> Response {
    let status = problem.status();
    let mut response = Response::new(body(status, &messages::problem(problem)).into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
    response
}

/// A refusal as an answer: 422 for a rule, and 403 and 404 for what they are.
pub fn refusal(refusal: &Refusal) -> Rendered {
    let status = match refusal.kind() {
        RefusalKind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
    };
    Rendered { status: status.as_u16(), body: body(status, &messages::refusal(refusal)) }
}

fn body(status: StatusCode, detail: &str) -> String {
    json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": detail,
    })
    .to_string()
}
