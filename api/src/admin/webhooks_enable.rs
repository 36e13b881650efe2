//! `POST /admin/v1/webhooks/{webhook_id}/enable`: an endpoint that was disabled is told things again.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, WebhookId, webhook::WebhookCommand};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Has an endpoint told things again. What waited for it is sent at once; what happened while it was disabled is
/// asked for with a replay from `since_position`.
#[utoipa::path(post, path = "/admin/v1/webhooks/{webhook_id}/enable", operation_id = "admin.webhooks_enable", tag = "Webhooks",
    security(("token" = ["config.edit"])),
    params(("webhook_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "message": "Webhook enabled"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let command = Command::Webhook(WebhookId(id), Box::new(WebhookCommand::Enable));
    session
        .write(&app, &[], command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Webhook enabled"}))
        })
        .await
}
