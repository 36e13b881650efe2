//! `PATCH /admin/v1/webhooks/{webhook_id}`: an endpoint is told other things, or elsewhere.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event, WebhookId,
    webhook::{Delivery, UpdateWebhook, WebhookCommand},
};
use serde_json::json;

use super::{webhooks_create, webhooks_list};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Changes an endpoint; what is left out stays as it is.
#[utoipa::path(patch, path = "/admin/v1/webhooks/{webhook_id}", operation_id = "admin.webhooks_update", tag = "Webhooks",
    security(("token" = ["config.edit"])),
    params(("webhook_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"events": ["*"], "ordered": true})),
    responses((status = 200, example = json!({"id": 1, "url": "https://tu-sistema.com/webhook", "events": ["*"],
        "delivery": "durable", "ordered": true, "description": null})), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let url = if fields.has("url") { Some(fields.text_up_to("url", 2_000)?) } else { None };
    if let Some(url) = &url {
        webhooks_create::check(&app, url)?;
    }
    let changes = UpdateWebhook {
        url,
        events: fields.opt_texts("events")?,
        delivery: fields.opt_word("delivery", Delivery::NAMES)?.and_then(Delivery::of_name),
        ordered: fields.opt_bool("ordered")?,
        description: if fields.has("description") {
            Some(fields.opt_text_up_to("description", 500)?)
        } else {
            None
        },
    };
    let command = Command::Webhook(WebhookId(id), Box::new(WebhookCommand::Update(changes)));
    session
        .write(&app, &body.bytes, command, move |events| {
            let Some(Event::WebhookUpdated(updated)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::OK, &());
            };
            let mut body = webhooks_list::described(&updated.details);
            body["id"] = json!(id);
            answer(StatusCode::OK, &body)
        })
        .await
}
