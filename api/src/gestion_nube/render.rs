//! Problems in Gestion Nube's shape: `{"message": "…"}`, a 422 names its fields (contract 2.4, 4.9).

use axum::{
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{Refusal, refusal::RefusalKind};
use serde_json::{Value, json};

use crate::{error::Problem, nexus::messages};

/// A problem as an answer.
pub fn problem(problem: &Problem) -> Response {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are worded the same everywhere")]
    let message = match problem {
        Problem::Unauthenticated => "No autenticado: falta el token o no es válido".to_owned(),
        Problem::Forbidden { permission } => format!("El token no tiene la habilidad {permission}"),
        Problem::WrongCredentials => "Las credenciales son incorrectas.".to_owned(),
        Problem::TooMany { .. } => "Demasiadas solicitudes. Intenta nuevamente en un minuto.".to_owned(),
        Problem::TooLarge => "El cuerpo es demasiado grande (máximo 4 MB)".to_owned(),
        Problem::NotFound { what: "price_list" } => "La lista de precios no existe".to_owned(),
        Problem::NotFound { what: "product" } => "El producto no existe".to_owned(),
        other => messages::problem(other),
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have only a message")]
    match problem {
        Problem::Field { name, .. } => {
            let body = json!({"message": message, "errors": {name: [message]}});
            respond(StatusCode::UNPROCESSABLE_ENTITY, &body)
        }
        Problem::WrongCredentials => {
            let body = json!({"message": message, "errors": {"email": [message]}});
            respond(StatusCode::UNPROCESSABLE_ENTITY, &body)
        }
        Problem::TooMany { wait } => {
            let body = json!({"message": message, "retry_after": wait.as_secs().max(1)});
            respond(StatusCode::TOO_MANY_REQUESTS, &body)
        }
        Problem::TooLarge => respond(StatusCode::BAD_REQUEST, &json!({"message": message})),
        other => respond(other.status(), &json!({"message": message})),
    }
}

/// A refusal as an answer: 422 for a rule, and 403 and 404 for what they are.
pub fn refusal(refusal: &Refusal) -> Rendered {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are worded the same everywhere")]
    let (message, field) = match refusal {
        Refusal::CostIsAverage => {
            let message = "unit_cost: es el costo promedio de lo recibido y no se puede cambiar mientras haya existencia";
            (message.to_owned(), Some("unit_cost"))
        }
        Refusal::Invalid { field, .. } => (messages::refusal(refusal), Some(*field)),
        Refusal::UnknownKey(_) => ("El token no existe".to_owned(), None),
        other => (messages::refusal(other), None),
    };
    let status = match refusal.kind() {
        RefusalKind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
    };
    let body = match field {
        Some(field) => json!({"message": message, "errors": {field: [message]}}),
        None => json!({"message": message}),
    };
    Rendered { status: status.as_u16(), body: body.to_string() }
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
