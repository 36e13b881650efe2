//! `POST /admin/v1/users`: a person who logs in with an address and a password.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, Event, access::CreateUser};
use serde_json::json;

use super::users_password;
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, May},
};

/// Makes a person known; one with a customer's id orders for that customer.
#[utoipa::path(post, path = "/admin/v1/users", operation_id = "admin.users_create", tag = "Users",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"email": "ana@tienda.com", "name": "Ana", "password": "muy secreta"})),
    responses((status = 201, example = json!({"id": 1, "email": "ana@tienda.com", "message": "User created"})), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let email = fields.text_up_to("email", 254)?;
    let create = CreateUser {
        email: email.clone(),
        username: fields.opt_text_up_to("username", 100)?,
        name: fields.text_up_to("name", 300)?,
        customer_id: fields.opt_id("customer_id")?.map(CustomerId),
    };
    let secret = users_password::enrol(&app, &email, fields).await?;
    let hidden = users_password::hidden(&app, session.tenant, &body.bytes);
    session
        .write_with(&app, &hidden, Command::CreateUser(Box::new(create)), Some(secret), |events| {
            let Some(Event::UserCreated(user)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({"id": user.user_id.0, "email": user.email, "message": "User created"});
            answer(StatusCode::CREATED, &body)
        })
        .await
}
