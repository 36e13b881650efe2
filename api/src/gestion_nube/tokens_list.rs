//! `GET /api/v1/tokens`: the tokens of the person who asks.

use axum::{Json, extract::State};
use diario_domain::access::Door;
use diario_projections::access;
use serde_json::{Value, json};

use super::{
    caller::{AnyToken, Caller},
    views::instant,
};
use crate::{error::Problem, http::App};

/// The caller's tokens that still open something, by id.
#[utoipa::path(get, path = "/api/v1/tokens", operation_id = "gestion_nube.tokens_list", tag = "Tokens",
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "integracion-tienda", "abilities": ["prices:read"],
        "last_used_at": "2026-06-15T18:42:11.000000Z", "created_at": "2026-06-15T18:42:11.000000Z", "expires_at": null}]})),
        (status = 401), (status = 429)))]
pub async fn handle(State(app): State<App>, caller: Caller<AnyToken>) -> Result<Json<Value>, Problem> {
    let keys =
        access::keys(&app.db, caller.tenant, Some(Door::GestionNube), Some(caller.user.user_id)).await?;
    let data: Vec<_> = keys
        .iter()
        .rev()
        .filter(|key| key.revoked_at.is_none())
        .map(|key| {
            json!({
                "id": key.key_id.0,
                "name": key.name,
                "abilities": key.scopes,
                "last_used_at": key.last_used_at.map(instant),
                "created_at": instant(key.created_at),
                "expires_at": null,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
