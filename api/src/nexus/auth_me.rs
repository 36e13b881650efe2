//! `GET /pos/api/auth/me` (contract 5.1).

use axum::Json;
use serde_json::{Value, json};

use super::session::Session;

/// The employee of the token.
#[utoipa::path(get, path = "/pos/api/auth/me", operation_id = "nexus.auth_me", tag = "Auth",
    responses((status = 200, example = json!({"employee_id": 1, "name": "Admin", "role": "owner", "tenant_id": 1, "branch_id": 1, "permissions": ["pos.sell"]}))))]
pub async fn handle(session: Session) -> Json<Value> {
    Json(json!({
        "employee_id": session.employee.0,
        "name": session.claims.name,
        "role": session.role.name(),
        "tenant_id": session.tenant.0,
        "branch_id": session.branch.0,
        "permissions": session.role.permissions(),
        "device_id": session.claims.device_id,
    }))
}
