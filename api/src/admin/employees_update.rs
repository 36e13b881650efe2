//! `PUT /admin/v1/employees/{employee_id}`: only the fields that are sent.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    BranchId, Command, EmployeeId,
    employee::{Role, UpdateEmployee},
};
use serde_json::json;

use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::{
        config_employees_create::ROLES,
        session::{ConfigEdit, Id, May},
    },
};

/// Changes an employee's record, or dismisses them with `is_active: false`. With another role, or dismissed, their
/// tokens open nothing any more: here at once, at other servers of the same database within a second. Nobody but the
/// owner changes the owner's record, and the owner keeps the role.
#[utoipa::path(put, path = "/admin/v1/employees/{employee_id}", operation_id = "admin.employees_update", tag = "Employees",
    security(("token" = ["config.edit"])), params(("employee_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"role": "warehouse", "max_discount_pct": 5, "is_active": true})),
    responses((status = 200, example = json!({"id": 2, "message": "Employee updated"})), (status = 400), (status = 404),
        (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let sent = |name: &str, max: usize| -> Result<Option<Option<String>>, Problem> {
        let text = fields.opt_text_up_to(name, max)?.filter(|text| !text.trim().is_empty());
        Ok(fields.has(name).then_some(text))
    };
    let name = sent("name", 300)?.map(|name| name.ok_or_else(|| Problem::field("name", Rule::NotEmpty)));
    let update = UpdateEmployee {
        name: name.transpose()?,
        email: sent("email", 254)?,
        phone: sent("phone", 50)?,
        role: fields.opt_word("role", ROLES)?.and_then(Role::of_name),
        branch_id: fields.opt_id("branch_id")?.map(BranchId),
        max_discount_pct: fields.opt_rate("max_discount_pct")?,
        is_active: fields.opt_bool("is_active")?,
    };
    let employee = EmployeeId(id);
    let answered = session
        .write(&app, &body.bytes, Command::UpdateEmployee(employee, update), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Employee updated"}))
        })
        .await;
    app.badges.forget(session.tenant, employee);
    answered
}
