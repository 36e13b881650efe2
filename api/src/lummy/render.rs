//! Problems in Lummy's shape (contract 2.4, Y-8).

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Value, json};

use crate::{error::Problem, http::surface::Asked, nexus::messages};

/// A problem as an answer.
pub fn problem(problem: &Problem, asked: &Asked<'_>) -> Response {
    let status =
        if matches!(problem, Problem::TooLarge) { StatusCode::BAD_REQUEST } else { problem.status() };
    let code = match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "ValidationError",
        StatusCode::UNAUTHORIZED => "UnauthorizedException",
        StatusCode::FORBIDDEN => "ForbiddenException",
        StatusCode::NOT_FOUND => "NotFoundException",
        StatusCode::CONFLICT => "ConflictException",
        StatusCode::TOO_MANY_REQUESTS => "TooManyRequestsException",
        _ => "InternalServerErrorException",
    };
    let body = json!({
        "requestId": format!("req_{}", asked.request_id),
        "error": {"message": messages::problem(problem), "code": code, "status": status.as_u16()},
        "timestamp": format!("{:.3}", asked.at),
        "path": asked.path.strip_prefix("/v1").unwrap_or(asked.path),
        "method": asked.method,
    });
    respond(status, &body)
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
