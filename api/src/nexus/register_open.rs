//! `POST /pos/api/register/open` (contract 5.7).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, register::OpenRegister};
use serde_json::json;

use super::session::{May, PosSell};
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, json::money, write::answer},
};

/// Opens a session; an employee has one at a time.
#[utoipa::path(post, path = "/pos/api/register/open", operation_id = "nexus.register_open", tag = "Register",
    security(("token" = ["pos.sell"])),
    request_body(content = serde_json::Value, example = json!({"register_number": 1, "opening_amount": 2000.00})),
    responses((status = 201, example = json!({"register_id": 1, "register_number": 1, "opened_at": "2026-04-01T08:00:00", "opening_amount": 2000.00})),
        (status = 400, description = "One is open already")))]
pub async fn handle(State(app): State<App>, session: May<PosSell>, body: Body) -> Result<Response, Problem> {
    let register_number = body.fields.id("register_number")?;
    if register_number > 1_000_000 {
        return Err(Problem::field("register_number", Rule::IntegerBetween(1, 1_000_000)));
    }
    let open = OpenRegister { register_number, opening: body.fields.cents("opening_amount")? };
    let shop = std::sync::Arc::clone(&session.shop);
    session
        .write(&app, &body.bytes, Command::OpenRegister(open), move |events| {
            let Some((recorded, Event::RegisterOpened(opened))) =
                events.first().map(|recorded| (recorded, &recorded.event))
            else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({
                "register_id": opened.register_id.0,
                "register_number": opened.register_number,
                "opened_at": shop.local(recorded.occurred_at),
                "opening_amount": money(opened.opening),
            });
            answer(StatusCode::CREATED, &body)
        })
        .await
}
