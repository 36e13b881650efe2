//! `GET /pos/api/auth/employees/:tenant_id` (contract 5.1, C-8): the login screen's list; no more than it shows.

use axum::{Json, extract::State};
use diario_domain::{TenantId, employee::Role};
use diario_projections::employees;
use serde_json::{Value, json};

use super::session::Id;
use crate::{error::Problem, http::App};

/// Employees for the login screen.
#[utoipa::path(get, path = "/pos/api/auth/employees/{tenant_id}", operation_id = "nexus.auth_employees", tag = "Auth",
    security(()), params(("tenant_id" = i64, Path)),
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "Admin", "initials": "AD", "role": "owner", "role_label": "Dueno"}]}))))]
pub async fn handle(State(app): State<App>, Id(tenant): Id) -> Result<Json<Value>, Problem> {
    let tenant = TenantId(tenant);
    app.shop(tenant).await?.ok_or(Problem::NotFound { what: "tenant" })?;
    let data: Vec<_> = employees::list(&app.db, tenant)
        .await?
        .into_iter()
        .filter(|employee| employee.is_active)
        .map(|employee| {
            json!({
                "id": employee.employee_id.0,
                "name": employee.name,
                "initials": initials(&employee.name),
                "role": employee.role.name(),
                "role_label": label(employee.role),
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}

/// Two letters: of the first two words, or the first two of the only one.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let letters: String = match (words.next(), words.next()) {
        (Some(first), Some(second)) => first.chars().take(1).chain(second.chars().take(1)).collect(),
        (Some(only), None) => only.chars().take(2).collect(),
        (None, _) => String::new(),
    };
    letters.to_uppercase()
}

fn label(role: Role) -> &'static str {
    match role {
        Role::Owner => "Dueno",
        Role::Admin => "Administrador",
        Role::Cashier => "Cajero",
        Role::Warehouse => "Almacenista",
        Role::Accountant => "Contador",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn initials_are_two_letters() {
        assert_eq!(super::initials("Admin"), "AD");
        assert_eq!(super::initials("juan lópez pérez"), "JL");
        assert_eq!(super::initials(""), "");
    }
}
