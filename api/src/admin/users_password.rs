//! `PUT /admin/v1/users/{user_id}/password`: a person has another password.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use diario_commands::Secret;
use diario_domain::{Command, TenantId, UserId};
use diario_projections::access;
use serde_json::json;

use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Id, May},
    security::{passwords, pins},
};

/// Gives a person another password.
#[utoipa::path(put, path = "/admin/v1/users/{user_id}/password", operation_id = "admin.users_password", tag = "Users",
    security(("token" = ["config.edit"])),
    params(("user_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"password": "más secreta"})),
    responses((status = 200, example = json!({"id": 1, "message": "Password changed"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let user = access::find_user(&app.db, session.tenant, UserId(id)).await?;
    let email = user.ok_or(Problem::NotFound { what: "user" })?.email;
    let secret = enrol(&app, &email, &body.fields).await?;
    let hidden = hidden(&app, session.tenant, &body.bytes);
    session
        .write_with(&app, &hidden, Command::ChangePassword(UserId(id)), Some(secret), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Password changed"}))
        })
        .await
}

/// The `password` of a request as it is kept.
pub async fn enrol(app: &App, email: &str, fields: &Fields) -> Result<Secret, Problem> {
    let password = fields.text_up_to("password", 200)?;
    if password.chars().count() < passwords::LENGTH_MIN {
        return Err(Problem::field("password", Rule::TextFrom(passwords::LENGTH_MIN)));
    }
    let (key, email) = (Arc::clone(&app.pin_key), email.to_owned());
    let enrolled = tokio::task::spawn_blocking(move || passwords::enrol(&key, &email, &password)).await;
    let internal = |error: Box<dyn std::error::Error + Send + Sync>| Problem::Internal(error.into());
    enrolled.map_err(|error| internal(error.into()))?.map_err(|error| internal(error.into()))
}

/// What stands for a body with a secret in it beside its idempotency key: a plain hash would help a guesser.
pub fn hidden(app: &App, tenant: TenantId, body: &[u8]) -> Vec<u8> {
    pins::lookup(&app.pin_key, tenant, &String::from_utf8_lossy(body))
}
