//! `DELETE /admin/v1/keys/{key_id}`: a key opens nothing any more, at once.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, KeyId};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Revokes a key.
#[utoipa::path(delete, path = "/admin/v1/keys/{key_id}", operation_id = "admin.keys_revoke", tag = "Keys",
    security(("token" = ["config.edit"])),
    params(("key_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "message": "Key revoked"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
) -> Result<Response, Problem> {
    session
        .write(&app, &[], Command::RevokeKey(KeyId(id)), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Key revoked"}))
        })
        .await
}
