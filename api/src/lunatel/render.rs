//! Problems in Lunatel's envelope (contract 7.0): the status within is the status of HTTP.

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Value, json};

use crate::{error::Problem, http::surface::Asked, nexus::messages};

/// A problem as an answer.
pub fn problem(problem: &Problem, _asked: &Asked<'_>) -> Response {
    let status = if matches!(problem, Problem::Field { .. }) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if matches!(problem, Problem::TooLarge) {
        StatusCode::BAD_REQUEST
    } else {
        problem.status()
    };
    let error = json!({"status": status.as_u16(), "message": messages::problem(problem)});
    respond(status, &json!({"status": status.as_u16(), "errorResponse": error}))
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
