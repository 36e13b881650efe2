//! `POST /admin/v1/keys`: a key for a program, shown once.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event,
    access::{Door, IssueKey},
    tenant::is_sandbox,
};
use serde_json::json;

use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, May},
    security::keys,
};

/// Tokens of Gestion Nube are given to who logs in there.
const SURFACES: &[&str] = &["lunara", "lummy", "lunatel"];

/// Issues a key. The same request with the same idempotency key answers the same key again: keep the answer safe.
#[utoipa::path(post, path = "/admin/v1/keys", operation_id = "admin.keys_create", tag = "Keys",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"surface": "lunara", "name": "Sitio web",
        "scopes": ["read:clientes", "read:inventario"], "sandbox": false})),
    responses((status = 201, example = json!({"id": 1, "surface": "lunara", "name": "Sitio web", "scopes": ["read:clientes"],
        "prefix": "lk_live_00001abc", "key": "lk_live_00001abcdefghijklmnopqrs"})), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let surface = fields.word("surface", SURFACES)?;
    let door = Door::of_name(surface).ok_or_else(|| Problem::field("surface", Rule::OneOf(SURFACES)))?;
    // Keys of a sandbox are the twin's own, and its people issue them.
    let here = is_sandbox(&session.shop.slug);
    let sandbox = fields.opt_bool("sandbox")?.unwrap_or(here);
    if sandbox != here {
        let rule = if here {
            "true: esta empresa es un sandbox"
        } else {
            "false: las llaves del sandbox se crean en él"
        };
        return Err(Problem::field("sandbox", Rule::Form(rule)));
    }
    let drawn = keys::draw(session.tenant, door, sandbox).ok_or(Problem::Busy)?;
    let page_base = fields.opt_int("page_base")?.unwrap_or(1);
    if !(0..=1).contains(&page_base) {
        return Err(Problem::field("page_base", Rule::IntegerBetween(0, 1)));
    }
    let issue = IssueKey {
        door,
        name: fields.text_up_to("name", 200)?,
        prefix: drawn.prefix.clone(),
        scopes: fields.opt_texts("scopes")?.unwrap_or_default(),
        user_id: None,
        sandbox,
        page_base,
    };
    let text = drawn.text;
    session
        .write_with(
            &app,
            &body.bytes,
            Command::IssueKey(Box::new(issue)),
            Some(drawn.secret),
            move |events| {
                let Some(Event::KeyIssued(key)) = events.first().map(|recorded| &recorded.event) else {
                    return answer(StatusCode::CREATED, &());
                };
                let body = json!({
                    "id": key.key_id.0,
                    "surface": key.door.name(),
                    "name": key.name,
                    "scopes": key.scopes,
                    "sandbox": key.sandbox,
                    "prefix": key.prefix,
                    "key": text,
                });
                answer(StatusCode::CREATED, &body)
            },
        )
        .await
}
