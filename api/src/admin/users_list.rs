//! `GET /admin/v1/users`: who logs in with an address and a password.

use axum::{Json, extract::State};
use diario_projections::access;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::App,
    nexus::session::{ConfigView, May},
};

/// People, by id.
#[utoipa::path(get, path = "/admin/v1/users", operation_id = "admin.users_list", tag = "Users",
    security(("token" = ["config.view"])),
    responses((status = 200, example = json!({"data": [{"id": 1, "email": "ana@tienda.com", "username": "ana@tienda.com",
        "name": "Ana", "customer_id": null, "created_at": "2026-06-15T18:42:11Z"}]}))))]
pub async fn handle(State(app): State<App>, session: May<ConfigView>) -> Result<Json<Value>, Problem> {
    let users = access::users(&app.db, session.tenant).await?;
    let data: Vec<_> = users
        .iter()
        .map(|user| {
            json!({
                "id": user.user_id.0,
                "email": user.email,
                "username": user.username,
                "name": user.name,
                "customer_id": user.customer_id.map(|id| id.0),
                "created_at": user.created_at.to_string(),
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
