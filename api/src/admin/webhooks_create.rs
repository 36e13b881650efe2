//! `POST /admin/v1/webhooks`: an endpoint that is told of what happens. Its secret is shown once.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event,
    webhook::{Delivery, WebhookDetails},
};
use serde_json::json;

use super::webhooks_list;
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, May},
    webhooks::{guard::Target, secret},
};

/// Enters an endpoint; the plan says how many there may be. The same request with the same idempotency key answers the
/// same secret again: keep the answer safe.
#[utoipa::path(post, path = "/admin/v1/webhooks", operation_id = "admin.webhooks_create", tag = "Webhooks",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"url": "https://tu-sistema.com/webhook",
        "events": ["venta.cerrada", "cliente.creado"], "delivery": "durable", "ordered": false, "description": "ERP"})),
    responses((status = 201, example = json!({"id": 1, "url": "https://tu-sistema.com/webhook", "events": ["venta.cerrada"],
        "delivery": "durable", "ordered": false, "description": "ERP", "state": "active",
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})), (status = 403), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let url = fields.text_up_to("url", 2_000)?;
    check(&app, &url)?;
    let details = WebhookDetails {
        url,
        events: fields.opt_texts("events")?.ok_or_else(|| fields.problem("events", Rule::Required))?,
        delivery: fields
            .opt_word("delivery", Delivery::NAMES)?
            .and_then(Delivery::of_name)
            .unwrap_or_default(),
        ordered: fields.opt_bool("ordered")?.unwrap_or(false),
        description: fields.opt_text_up_to("description", 500)?,
    };
    let (text, secret) = secret::draw(app.now()).ok_or(Problem::Busy)?;
    session
        .write_with(
            &app,
            &body.bytes,
            Command::CreateWebhook(Box::new(details)),
            Some(secret),
            move |events| {
                let Some(Event::WebhookCreated(created)) = events.first().map(|recorded| &recorded.event)
                else {
                    return answer(StatusCode::CREATED, &());
                };
                let mut body = webhooks_list::described(&created.details);
                body["id"] = json!(created.webhook_id.0);
                body["state"] = json!("active");
                body["secret"] = json!(text);
                answer(StatusCode::CREATED, &body)
            },
        )
        .await
}

/// What can be said of an address before anything is sent there.
pub fn check(app: &App, url: &str) -> Result<(), Problem> {
    match Target::read(url, app.webhooks_allow_loopback) {
        Ok(_) => Ok(()),
        Err(_) => Err(Problem::field(
            "url",
            Rule::Form("https://… a una dirección pública, sin usuario ni contraseña"),
        )),
    }
}
