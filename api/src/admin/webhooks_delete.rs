//! `DELETE /admin/v1/webhooks/{webhook_id}`: an endpoint is told nothing any more.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, WebhookId, webhook::WebhookCommand};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Forgets an endpoint and its secret; what waits for it is not told any more.
#[utoipa::path(delete, path = "/admin/v1/webhooks/{webhook_id}", operation_id = "admin.webhooks_delete", tag = "Webhooks",
    security(("token" = ["config.edit"])),
    params(("webhook_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "message": "Webhook deleted"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let command = Command::Webhook(WebhookId(id), Box::new(WebhookCommand::Delete));
    session
        .write(&app, &[], command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Webhook deleted"}))
        })
        .await
}
