//! For those who run it: liveness, readiness, metrics (C-22).

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::App;

/// The process answers.
pub async fn healthz() -> Json<serde_json::Value> {
    Json(json!({"status": "ok"}))
}

/// The database answers and no read model has stopped.
pub async fn readyz(State(app): State<App>) -> Response {
    let database = app.db.query("SELECT 1", vec![]).await.is_ok();
    let stopped: Vec<_> = app
        .projections
        .status()
        .stopped_ones()
        .into_iter()
        .map(|(tenant, name, why)| json!({"tenant_id": tenant.0, "projection": name, "why": why}))
        .collect();
    let ready = database && stopped.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"ready": ready, "database": database, "stopped": stopped}))).into_response()
}

/// Metrics as Prometheus reads them.
pub async fn metrics(State(app): State<App>) -> String {
    app.metrics.render()
}
