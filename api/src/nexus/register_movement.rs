//! `POST /pos/api/register/movement` (contract 5.7): cash from the safe, or to it, or (with `account_id`) spent.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    AccountId, Command, Event, RegisterId,
    register::{Direction, Expense, MoveCash},
};
use serde_json::json;

use super::session::{May, PosSell};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// Brings cash in or takes it out.
#[utoipa::path(post, path = "/pos/api/register/movement", operation_id = "nexus.register_movement", tag = "Register",
    security(("token" = ["pos.sell"])),
    request_body(content = serde_json::Value, example = json!({"register_id": 1, "type": "out", "amount": 500.00, "reason": "Compra de papeleria"})),
    responses((status = 201, example = json!({"register_id": 1, "type": "out", "amount": 500.00, "current_cash": 4930.00, "message": "Movement recorded"})), (status = 400)))]
pub async fn handle(State(app): State<App>, session: May<PosSell>, body: Body) -> Result<Response, Problem> {
    let fields = &body.fields;
    let register = RegisterId(fields.id("register_id")?);
    let direction = match fields.word("type", &["in", "out"])? {
        "in" => Direction::In,
        _ => Direction::Out,
    };
    let expense = match fields.opt_id("account_id")? {
        Some(account) => Some(Expense {
            account_id: AccountId(account),
            tax: fields.opt_cents("tax")?.unwrap_or_default(),
        }),
        None => None,
    };
    let movement = MoveCash {
        direction,
        amount: fields.cents("amount")?,
        reason: fields.text_up_to("reason", 500)?,
        expense,
    };
    session
        .write(&app, &body.bytes, Command::MoveCash(register, movement), |events| {
            let Some(Event::CashMoved(moved)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let recorded = json!({
                "register_id": moved.register_id.0,
                "type": if moved.direction == Direction::In { "in" } else { "out" },
                "amount": money(moved.amount),
                "current_cash": money(moved.expected),
                "message": "Movement recorded",
            });
            answer(StatusCode::CREATED, &recorded)
        })
        .await
}
