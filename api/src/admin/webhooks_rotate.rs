//! `POST /admin/v1/webhooks/{webhook_id}/rotate-secret`: another secret; for a day both sign.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, WebhookId, webhook::WebhookCommand};
use jiff::SignedDuration;
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, write::answer},
    nexus::session::{ConfigEdit, Id, May},
    webhooks::secret,
};

/// Gives an endpoint another secret, shown once. For 24 hours every message carries the signatures of both.
#[utoipa::path(post, path = "/admin/v1/webhooks/{webhook_id}/rotate-secret", operation_id = "admin.webhooks_rotate",
    tag = "Webhooks",
    security(("token" = ["config.edit"])),
    params(("webhook_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "old_secret_until": "2026-06-16T18:42:11Z"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let now = app.now();
    let (text, secret) = secret::draw(now).ok_or(Problem::Busy)?;
    let until = now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now);
    let command = Command::Webhook(WebhookId(id), Box::new(WebhookCommand::RotateSecret));
    session
        .write_with(&app, &[], command, Some(secret), move |_| {
            let body = json!({"id": id, "secret": text, "old_secret_until": until.to_string()});
            answer(StatusCode::OK, &body)
        })
        .await
}
