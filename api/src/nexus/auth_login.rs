//! `POST /pos/api/auth/login` (contract 5.1, N-4, N-42).

use axum::{Json, extract::State};
use diario_domain::{BranchId, EmployeeId, TenantId};
use diario_projections::{branches, employees};
use diario_store::{SecretKind, secrets::Found};
use serde_json::{Value, json};

use super::session::Address;
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, json::rate},
    security::{
        jwt::{self, Claims},
        pins,
    },
};

/// A token for the employee whose PIN it is.
#[utoipa::path(post, path = "/pos/api/auth/login", operation_id = "nexus.auth_login", tag = "Auth", security(()),
    request_body(content = Value, example = json!({"tenant_id": 1, "pin": "1234", "device_id": "tablet-01", "branch_id": 1})),
    responses(
        (status = 200, example = json!({"token": "eyJhbGciOi…", "employee": {"id": 1, "name": "Admin", "role": "owner", "branch_id": 1, "max_discount_pct": 100.0}, "permissions": ["pos.sell"]})),
        (status = 400, description = "A field is missing"), (status = 401, description = "Wrong PIN"),
        (status = 404, description = "No such tenant"), (status = 429, description = "Too many wrong PINs"),
    ))]
pub async fn handle(
    State(app): State<App>,
    Address(address): Address,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let fields = body.fields;
    let tenant = TenantId(fields.int("tenant_id")?);
    let pin = fields.text_up_to("pin", 64)?;
    let device = fields.opt_text_up_to("device_id", 200)?;
    let branch = fields.opt_id("branch_id")?;
    let named = fields.opt_id("employee_id")?;
    app.shop(tenant).await?.ok_or(Problem::NotFound { what: "tenant" })?;

    let by_device = device.as_ref().map(|device| format!("{tenant}/device/{device}"));
    let sources: Vec<_> = by_device.iter().cloned().chain([format!("{tenant}/address/{address}")]).collect();
    if let Some(wait) = app.attempts.wait(&sources) {
        return Err(Problem::TooMany { wait });
    }
    let lookup = pins::lookup(&app.pin_key, tenant, &pin);
    let found = app.db.secret(tenant, SecretKind::Pin, &lookup).await?;
    let employee = match found {
        Some(Found { subject: id, hash }) => {
            let right =
                tokio::task::spawn_blocking(move || pins::is_right(&hash, &pin)).await.unwrap_or(false);
            if right { employees::find(&app.db, tenant, EmployeeId(id)).await? } else { None }
        }
        None => None,
    };
    let matches = |employee: &employees::Employee| {
        employee.is_active && named.is_none_or(|named| named == employee.employee_id.0)
    };
    let Some(employee) = employee.filter(matches) else {
        app.attempts.failed(&sources);
        return Err(Problem::WrongCredentials);
    };
    app.attempts.succeeded(by_device.as_ref());
    let branch = match branch.map(BranchId) {
        Some(id) if branches::list(&app.db, tenant).await?.iter().all(|branch| branch.branch_id != id) => {
            return Err(Problem::field("branch_id", Rule::Form("el id de una sucursal de la empresa")));
        }
        Some(id) => id,
        None => employee.branch_id,
    };
    let permissions: Vec<String> = employee.role.permissions().iter().map(ToString::to_string).collect();
    let claims = Claims {
        tenant_id: tenant.0,
        employee_id: employee.employee_id.0,
        name: employee.name.clone(),
        role: employee.role.name().to_owned(),
        branch_id: branch.0,
        permissions: permissions.clone(),
        device_id: device,
        aud: String::new(),
        exp: app.now().as_second() + jwt::SECONDS,
    };
    let token = app.tokens.sign(claims).map_err(|error| Problem::Internal(std::sync::Arc::new(error)))?;
    Ok(Json(json!({
        "token": token,
        "employee": {
            "id": employee.employee_id.0,
            "name": employee.name,
            "role": employee.role.name(),
            "branch_id": branch.0,
            "max_discount_pct": rate(employee.max_discount_pct),
        },
        "permissions": permissions,
    })))
}
