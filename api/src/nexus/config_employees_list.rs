//! `GET /pos/api/config/employees` (contract 5.2): with what the login screen's list must not show (C-8).

use std::collections::HashMap;

use axum::{Json, extract::State};
use diario_projections::{branches, employees};
use serde_json::{Value, json};

use super::session::{ConfigView, May};
use crate::{
    error::Problem,
    http::{App, json::rate},
};

/// The shop's employees.
#[utoipa::path(get, path = "/pos/api/config/employees", operation_id = "nexus.config_employees_list", tag = "Config",
    security(("token" = ["config.view"])),
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "Admin", "email": null, "phone": null, "role": "owner",
        "branch_id": 1, "branch_name": "Sucursal Centro", "max_discount_pct": 100.0, "is_active": true}]}))))]
pub async fn handle(State(app): State<App>, session: May<ConfigView>) -> Result<Json<Value>, Problem> {
    let names: HashMap<_, _> = branches::list(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|branch| (branch.branch_id, branch.name))
        .collect();
    let data: Vec<_> = employees::list(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|employee| {
            json!({
                "id": employee.employee_id.0,
                "name": employee.name,
                "email": employee.email,
                "phone": employee.phone,
                "role": employee.role.name(),
                "branch_id": employee.branch_id.0,
                "branch_name": names.get(&employee.branch_id),
                "max_discount_pct": rate(employee.max_discount_pct),
                "is_active": employee.is_active,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
