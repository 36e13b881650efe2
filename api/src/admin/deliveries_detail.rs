//! `GET /admin/v1/deliveries/{delivery_id}`: a delivery with every attempt.

use axum::{
    Json,
    extract::{Path, State},
};
use diario_projections::webhooks;
use serde_json::{Value, json};

use super::deliveries_list::{attempt, read_id, view};
use crate::{
    error::Problem,
    http::App,
    nexus::session::{ConfigView, May},
};

/// A delivery with its newest attempts (100 at the most), in order.
#[utoipa::path(get, path = "/admin/v1/deliveries/{delivery_id}", operation_id = "admin.deliveries_detail", tag = "Webhooks",
    security(("token" = ["config.view"])),
    params(("delivery_id" = String, Path)),
    responses((status = 200, example = json!({"id": "1-1042", "event": "venta.cerrada", "position": 521, "state": "delivered",
        "attempts": 1, "status": 200, "answer": "ok", "history": [{"at": "2026-06-15T18:42:11Z", "milliseconds": 80,
        "outcome": "delivered", "status": 200, "answer": "ok"}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigView>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let unknown = || Problem::NotFound { what: "delivery" };
    let (webhook, number) = read_id(&id).ok_or_else(unknown)?;
    let found = webhooks::find_delivery(&app.db, session.tenant, webhook, number).await?;
    let mut body = view(&found.ok_or_else(unknown)?);
    let attempts = webhooks::attempts(&app.db, session.tenant, webhook, number).await?;
    body.insert("history".to_owned(), json!(attempts.iter().map(attempt).collect::<Vec<_>>()));
    Ok(Json(body.into()))
}
