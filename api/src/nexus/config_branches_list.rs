//! `GET /pos/api/config/branches` (contract 5.2).

use axum::{Json, extract::State};
use diario_projections::branches;
use serde_json::{Value, json};

use super::session::Session;
use crate::{error::Problem, http::App};

/// The shop's branches.
#[utoipa::path(get, path = "/pos/api/config/branches", operation_id = "nexus.config_branches_list", tag = "Config",
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "Sucursal Centro", "address": "Av. Juarez 100",
        "phone": "555-0001", "is_active": true}]}))))]
pub async fn handle(State(app): State<App>, session: Session) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = branches::list(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|branch| {
            json!({
                "id": branch.branch_id.0,
                "name": branch.name,
                "address": branch.address,
                "phone": branch.phone,
                "is_active": branch.is_active,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
