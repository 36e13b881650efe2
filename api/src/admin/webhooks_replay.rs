//! `POST /admin/v1/webhooks/{webhook_id}/replay`: an endpoint is told once more of what happened.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, WebhookId, webhook::WebhookCommand};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Queues everything that the endpoint asks for now, from a position of the log up to its end: what was delivered,
/// what failed, and what happened before the endpoint was entered. Each has the `webhook-id` that it had.
#[utoipa::path(post, path = "/admin/v1/webhooks/{webhook_id}/replay", operation_id = "admin.webhooks_replay",
    tag = "Webhooks",
    security(("token" = ["config.edit"])),
    params(("webhook_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"from": 1})),
    responses((status = 202, example = json!({"id": 1, "from": 1, "message": "Replay queued"})), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let from = body.fields.id("from")?;
    let command = Command::Webhook(WebhookId(id), Box::new(WebhookCommand::Replay(from)));
    session
        .write(&app, &body.bytes, command, move |_| {
            answer(StatusCode::ACCEPTED, &json!({"id": id, "from": from, "message": "Replay queued"}))
        })
        .await
}
