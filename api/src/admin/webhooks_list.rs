//! `GET /admin/v1/webhooks`: which endpoints are told of what happens.

use axum::{Json, extract::State};
use diario_domain::webhook::WebhookDetails;
use diario_projections::webhooks::{self, Endpoint, State as Told};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::App,
    nexus::session::{ConfigView, May},
};

/// Endpoints, by number. Their secrets cannot be shown again.
#[utoipa::path(get, path = "/admin/v1/webhooks", operation_id = "admin.webhooks_list", tag = "Webhooks",
    security(("token" = ["config.view"])),
    responses((status = 200, example = json!({"data": [{"id": 1, "url": "https://tu-sistema.com/webhook",
        "events": ["venta.cerrada"], "delivery": "durable", "ordered": false, "description": null, "state": "disabled",
        "reason": "it has failed for five days", "since_position": 512, "created_at": "2026-06-15T18:42:11Z"}]}))))]
pub async fn handle(State(app): State<App>, session: May<ConfigView>) -> Result<Json<Value>, Problem> {
    let endpoints = webhooks::endpoints(&app.db, session.tenant).await?;
    Ok(Json(json!({"data": endpoints.iter().map(view).collect::<Vec<_>>()})))
}

/// What an endpoint is told, and how.
pub fn described(details: &WebhookDetails) -> Value {
    json!({
        "url": details.url,
        "events": details.events,
        "delivery": details.delivery.name(),
        "ordered": details.ordered,
        "description": details.description,
    })
}

/// An endpoint.
pub fn view(endpoint: &Endpoint) -> Value {
    let mut body = described(&endpoint.details);
    body["id"] = json!(endpoint.webhook_id.0);
    body["state"] = json!(match endpoint.state {
        Told::Active => "active",
        Told::Disabled => "disabled",
    });
    body["reason"] = json!(endpoint.reason);
    body["since_position"] = json!(endpoint.since);
    body["created_at"] = json!(endpoint.created_at.to_string());
    body
}
