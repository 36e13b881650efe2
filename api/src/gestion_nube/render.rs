//! Problems in Gestion Nube's shape: `{"message": "…"}`, a 422 names its fields (contract 2.4, 4.9).

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Value, json};

use crate::{error::Problem, nexus::messages};

/// A problem as an answer. A field of a body is 422; of a query, 400: handlers say which by
/// [`crate::error::Problem::BadJson`] for what cannot be read at all.
pub fn problem(problem: &Problem) -> Response {
    let message = messages::problem(problem);
    if let Problem::Field { name, .. } = problem {
        let body = json!({"message": message, "errors": {name: [message]}});
        return respond(StatusCode::UNPROCESSABLE_ENTITY, &body);
    }
    if let Problem::TooMany { wait } = problem {
        let body = json!({
            "message": "Demasiadas solicitudes. Intenta nuevamente en un minuto.",
            "retry_after": wait.as_secs().max(1),
        });
        return respond(StatusCode::TOO_MANY_REQUESTS, &body);
    }
    let status =
        if matches!(problem, Problem::TooLarge) { StatusCode::BAD_REQUEST } else { problem.status() };
    respond(status, &json!({"message": message}))
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
