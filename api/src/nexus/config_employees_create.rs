//! `POST /pos/api/config/employees` (contract 5.2, N-4, N-5).

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use diario_commands::Secret;
use diario_domain::{
    BranchId, Command, Event, TenantId,
    employee::{HireEmployee, Role},
};
use diario_store::SecretKind;
use serde_json::json;

use super::session::{ConfigEdit, May};
use crate::{
    admin::users_password::hidden,
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
    security::pins::{self, PinError},
};

/// An owner comes with the tenant and is nobody's to create.
pub const ROLES: &[&str] = &["admin", "cashier", "warehouse", "accountant"];

/// Hires an employee.
#[utoipa::path(post, path = "/pos/api/config/employees", operation_id = "nexus.config_employees_create", tag = "Config",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"name": "Juan Lopez", "role": "cashier", "pin": "5678",
        "email": "juan@correo.com", "phone": "555-1234", "branch_id": 1, "max_discount_pct": 10})),
    responses((status = 201, example = json!({"id": 2, "message": "Employee created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let optional = |name: &str, max: usize| -> Result<Option<String>, Problem> {
        Ok(fields.opt_text_up_to(name, max)?.filter(|text| !text.trim().is_empty()))
    };
    let hire = HireEmployee {
        name: fields.text_up_to("name", 300)?,
        email: optional("email", 254)?,
        phone: optional("phone", 50)?,
        role: Role::of_name(fields.word("role", ROLES)?).ok_or(Problem::field("role", Rule::OneOf(ROLES)))?,
        branch_id: fields.opt_id("branch_id")?.map_or(session.branch, BranchId),
        max_discount_pct: fields.opt_rate("max_discount_pct")?.unwrap_or_default(),
    };
    let pin = enrol(&app, session.tenant, fields).await?;
    // A PIN is quickly guessed from a plain hash.
    let hidden = hidden(&app, session.tenant, &body.bytes);
    session
        .write_with(&app, &hidden, Command::HireEmployee(hire), Some(pin), |events| {
            let Some(Event::EmployeeHired(employee)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": employee.employee_id.0, "message": "Employee created"}))
        })
        .await
}

/// The `pin` of a request as it is kept.
pub async fn enrol(app: &App, tenant: TenantId, fields: &Fields) -> Result<Secret, Problem> {
    let pin = fields.text_up_to("pin", 64)?;
    let key = Arc::clone(&app.pin_key);
    // argon2 is slow on purpose.
    let enrolled = tokio::task::spawn_blocking(move || {
        pins::enrol(&key, &pin).map(|hash| Secret {
            kind: SecretKind::Pin,
            lookup: pins::lookup(&key, tenant, &pin),
            hash,
        })
    });
    let internal = |error: Box<dyn std::error::Error + Send + Sync>| Problem::Internal(error.into());
    enrolled.await.map_err(|error| internal(error.into()))?.map_err(|error| match error {
        PinError::Shape => Problem::field("pin", Rule::Form("de 4 a 12 dígitos")),
        PinError::Hash(_) => internal(error.into()),
    })
}
