//! `PUT /admin/v1/employees/{employee_id}/pin`: an employee has another PIN.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, EmployeeId};
use serde_json::json;

use super::users_password::hidden;
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::{
        config_employees_create::enrol,
        session::{ConfigEdit, Id, May},
    },
};

/// Gives an employee another PIN; the one before opens nothing any more. The owner's is changed by nobody else.
#[utoipa::path(put, path = "/admin/v1/employees/{employee_id}/pin", operation_id = "admin.employees_pin", tag = "Employees",
    security(("token" = ["config.edit"])), params(("employee_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"pin": "909090"})),
    responses((status = 200, example = json!({"id": 2, "message": "PIN changed"})), (status = 400), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let pin = enrol(&app, session.tenant, &body.fields).await?;
    let hidden = hidden(&app, session.tenant, &body.bytes);
    session
        .write_with(&app, &hidden, Command::ChangePin(EmployeeId(id)), Some(pin), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "PIN changed"}))
        })
        .await
}
