//! Problems and refusals in Lummy's shape (contract 2.4, Y-8).

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{Refusal, refusal::RefusalKind};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::envelope::{self, Call};
use crate::{error::Problem, http::surface::Asked, nexus::messages};

/// A problem as an answer.
pub fn problem(problem: &Problem, asked: &Asked<'_>) -> Response {
    let status =
        if matches!(problem, Problem::TooLarge) { StatusCode::BAD_REQUEST } else { problem.status() };
    let body = json!({
        "requestId": envelope::request_id(asked.request_id),
        "error": error(status, &message(problem)),
        "timestamp": envelope::instant(asked.at),
        "path": envelope::path(asked.path),
        "method": asked.method,
    });
    respond(status, &body)
}

/// A refusal as an answer: what is somebody's already is a conflict.
pub fn refusal(refusal: &Refusal, call: &Call, at: Timestamp) -> Rendered {
    let status = match refusal.kind() {
        RefusalKind::Rule if matches!(refusal, Refusal::DuplicateRfc(_)) => StatusCode::CONFLICT,
        RefusalKind::Rule => StatusCode::BAD_REQUEST,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
    };
    let error = error(status, &messages::refusal(refusal));
    let body = call.answer(at, json!({"error": error}));
    Rendered { status: status.as_u16(), body: body.to_string() }
}

fn error(status: StatusCode, message: &str) -> Value {
    let code = match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "ValidationError",
        StatusCode::UNAUTHORIZED => "UnauthorizedException",
        StatusCode::FORBIDDEN => "ForbiddenException",
        StatusCode::NOT_FOUND => "NotFoundException",
        StatusCode::METHOD_NOT_ALLOWED => "MethodNotAllowedException",
        StatusCode::CONFLICT => "ConflictException",
        StatusCode::TOO_MANY_REQUESTS => "TooManyRequestsException",
        StatusCode::SERVICE_UNAVAILABLE => "ServiceUnavailableException",
        _ => "InternalServerErrorException",
    };
    json!({"message": message, "code": code, "status": status.as_u16()})
}

fn message(problem: &Problem) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are said as on every surface in Spanish")]
    match problem {
        Problem::Unauthenticated => "Token o API Key faltante, expirado o inválido".to_owned(),
        Problem::WrongCredentials => "Correo o contraseña incorrectos".to_owned(),
        Problem::Forbidden { .. } => "Sus credenciales no tienen acceso a esa organización".to_owned(),
        Problem::TooMany { wait } => {
            format!("Demasiados intentos: espere {} minutos", wait.as_secs().div_ceil(60).max(1))
        }
        other => messages::problem(other),
    }
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
