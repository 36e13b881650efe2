//! `GET /admin/v1/keys`: which programs may come in.

use axum::{Json, extract::State};
use diario_domain::access::Door;
use diario_projections::access::{self, KeyRow};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, Params},
    nexus::session::{ConfigView, May},
};

const SURFACES: &[&str] = &["lunara", "gestion_nube", "lummy", "lunatel"];

/// Keys, newest first; none of them can be shown again.
#[utoipa::path(get, path = "/admin/v1/keys", operation_id = "admin.keys_list", tag = "Keys",
    security(("token" = ["config.view"])),
    params(("surface" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "surface": "lunara", "name": "Sitio web", "scopes": ["*"],
        "prefix": "lk_live_00001abc", "sandbox": false, "created_at": "2026-06-15T18:42:11Z", "revoked_at": null,
        "last_used_at": null}]}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let door = params.opt_word("surface", SURFACES)?.and_then(Door::of_name);
    let keys = access::keys(&app.db, session.tenant, door, None).await?;
    Ok(Json(json!({"data": keys.iter().map(view).collect::<Vec<_>>()})))
}

/// A key without its secret.
pub fn view(key: &KeyRow) -> Value {
    json!({
        "id": key.key_id.0,
        "surface": key.door.name(),
        "name": key.name,
        "scopes": key.scopes,
        "prefix": key.prefix,
        "sandbox": key.sandbox,
        "user_id": key.user_id.map(|id| id.0),
        "created_at": key.created_at.to_string(),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
        "last_used_at": key.last_used_at.map(|at| at.to_string()),
    })
}
