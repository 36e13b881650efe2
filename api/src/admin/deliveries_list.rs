//! `GET /admin/v1/webhooks/{webhook_id}/deliveries`: what an endpoint was told, and what came of it.

use axum::{Json, extract::State};
use diario_domain::WebhookId;
use diario_projections::webhooks::{self, AttemptRow, DeliveryRow};
use serde_json::{Map, Value, json};

use crate::{
    error::Problem,
    http::{App, Params},
    nexus::{
        session::{ConfigView, Id, May},
        views,
    },
};

/// Deliveries, newest event first.
#[utoipa::path(get, path = "/admin/v1/webhooks/{webhook_id}/deliveries", operation_id = "admin.deliveries_list",
    tag = "Webhooks",
    security(("token" = ["config.view"])),
    params(("webhook_id" = i64, Path), ("state" = Option<String>, Query),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"id": "1-1042", "event": "venta.cerrada", "position": 521,
        "state": "delivered", "attempts": 1, "status": 200, "answer": "ok", "created_at": "2026-06-15T18:42:11Z",
        "next_at": null, "finished_at": "2026-06-15T18:42:12Z"}], "pagination": {"per_page": 50, "next_cursor": null}})),
        (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigView>,
    Id(id): Id,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let webhook = WebhookId(id);
    let state = params.opt_word("state", webhooks::STATES)?;
    let asked = params.page(50, 200)?;
    if webhooks::find_endpoint(&app.db, session.tenant, webhook).await?.is_none() {
        return Err(Problem::NotFound { what: "webhook" });
    }
    let found = webhooks::deliveries(&app.db, session.tenant, webhook, state, asked.page).await?;
    Ok(Json(views::list(&asked, &found, view)))
}

/// A delivery's id: the endpoint's number and its own.
pub fn read_id(text: &str) -> Option<(WebhookId, i64)> {
    let (webhook, delivery) = text.split_once('-')?;
    Some((WebhookId(webhook.parse().ok()?), delivery.parse().ok()?))
}

/// A delivery.
pub fn view(row: &DeliveryRow) -> Map<String, Value> {
    let value = json!({
        "id": format!("{}-{}", row.webhook_id, row.delivery),
        "event": row.event,
        "position": row.position,
        "state": row.state,
        "attempts": row.attempts,
        "status": row.status,
        "answer": row.answer,
        "created_at": row.created_at.to_string(),
        "next_at": row.next_at.map(|at| at.to_string()),
        "finished_at": row.finished_at.map(|at| at.to_string()),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}

/// An attempt at a delivery.
pub fn attempt(row: &AttemptRow) -> Value {
    json!({
        "at": row.at.to_string(),
        "milliseconds": row.millis,
        "outcome": row.outcome,
        "status": row.status,
        "answer": row.answer,
    })
}
