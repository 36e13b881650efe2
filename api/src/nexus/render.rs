//! Problems and refusals in the Nexus shape: `{"error": "…"}`, in Spanish, saying what to do (contract 2.4).

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{Refusal, refusal::RefusalKind};

use super::messages;
use crate::error::Problem;

/// A problem as an answer.
pub fn problem(problem: &Problem) -> Response {
    // The contract's table has no 413.
    let status =
        if matches!(problem, Problem::TooLarge) { StatusCode::BAD_REQUEST } else { problem.status() };
    let mut response = Response::new(error(&messages::problem(problem)).into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A refusal as an answer; 400 for every rule, as the contract has neither 409 nor 422.
pub fn refusal(refusal: &Refusal) -> Rendered {
    let status = match refusal.kind() {
        RefusalKind::Rule => 400,
        RefusalKind::NotFound => 404,
        RefusalKind::Forbidden => 403,
    };
    Rendered { status, body: error(&messages::refusal(refusal)) }
}

fn error(message: &str) -> String {
    serde_json::json!({"error": message}).to_string()
}
