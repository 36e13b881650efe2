//! `GET /pos/health` (contract 5.10, N-2).

use axum::Json;
use serde_json::{Value, json};

/// Whether the server answers.
#[utoipa::path(get, path = "/pos/health", operation_id = "nexus.health", tag = "Health", security(()),
    responses((status = 200, example = json!({"status": "ok"}))))]
pub async fn handle() -> Json<Value> {
    Json(json!({"status": "ok"}))
}
