//! Problems in LUNARA's shape: `{"ok": false, "error": "…"}`, in Spanish; wrong data is 422 (contract 2.4, L-4, L-5).

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use serde_json::{Value, json};

use crate::{error::Problem, nexus::messages};

/// A problem as an answer.
pub fn problem(problem: &Problem) -> Response {
    let (status, code) = match problem {
        Problem::BadJson(_) | Problem::Field { .. } | Problem::Parameter { .. } | Problem::TooLarge => {
            (StatusCode::UNPROCESSABLE_ENTITY, "datos_invalidos")
        }
        Problem::Unauthenticated | Problem::WrongCredentials => (StatusCode::UNAUTHORIZED, "no_autorizado"),
        Problem::Forbidden { .. } => (StatusCode::FORBIDDEN, "sin_permiso"),
        Problem::NoRoute | Problem::NotFound { .. } => (StatusCode::NOT_FOUND, "no_encontrado"),
        Problem::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "demasiadas_solicitudes"),
        Problem::NoMethod | Problem::KeyReused | Problem::KeyBusy | Problem::Busy | Problem::Internal(_) => {
            (problem.status(), "error")
        }
    };
    respond(status, &json!({"ok": false, "error": message(problem), "code": code}))
}

fn message(problem: &Problem) -> String {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are said as on every surface in Spanish")]
    match problem {
        Problem::Unauthenticated => "Authorization faltante o key inválida".to_owned(),
        Problem::Forbidden { permission } => format!("Tu key no tiene el scope requerido: {permission}"),
        Problem::TooMany { wait } => {
            format!(
                "Demasiados requests: tu plan no permite más hoy; espera {} segundos",
                wait.as_secs().max(1)
            )
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
