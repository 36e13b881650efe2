//! `GET /api/v1/ping`: whether a token works.

use axum::Json;
use serde_json::{Value, json};

use super::caller::{AnyToken, Caller};

/// The token works.
#[utoipa::path(get, path = "/api/v1/ping", operation_id = "gestion_nube.ping", tag = "Session",
    responses((status = 200, example = json!({"status": "ok"})), (status = 401), (status = 429)))]
pub async fn handle(_caller: Caller<AnyToken>) -> Json<Value> {
    Json(json!({"status": "ok"}))
}
