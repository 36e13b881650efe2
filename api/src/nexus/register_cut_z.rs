//! `POST /pos/api/register/cut-z` (contract 5.7, N-24): closes the session; over and short are posted with it.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, RegisterId, register::CutRegister};
use serde_json::json;

use super::{
    session::{May, PosSell},
    views,
};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// The Z cut.
#[utoipa::path(post, path = "/pos/api/register/cut-z", operation_id = "nexus.register_cut_z", tag = "Register",
    security(("token" = ["pos.sell"])),
    request_body(content = serde_json::Value, example = json!({"register_id": 1, "counted_amount": 4980.00})),
    responses((status = 200, example = json!({"register_id": 1, "expected_cash": 5000.00, "counted_amount": 4980.00, "difference": -20.00,
        "closed_at": "2026-04-01T22:00:00", "summary": {}})), (status = 400, description = "It is not open")))]
pub async fn handle(State(app): State<App>, session: May<PosSell>, body: Body) -> Result<Response, Problem> {
    let register = RegisterId(body.fields.id("register_id")?);
    let cut = CutRegister { counted: body.fields.cents("counted_amount")? };
    let shop = std::sync::Arc::clone(&session.shop);
    session
        .write(&app, &body.bytes, Command::CutRegister(register, cut), move |events| {
            let Some((recorded, Event::RegisterCut(cut))) =
                events.first().map(|recorded| (recorded, &recorded.event))
            else {
                return answer(StatusCode::OK, &());
            };
            let body = json!({
                "register_id": cut.register_id.0,
                "expected_cash": money(cut.expected),
                "counted_amount": money(cut.counted),
                "difference": money(cut.difference),
                "closed_at": shop.local(recorded.occurred_at),
                "summary": views::cut(cut.register_id.0, &cut.totals),
            });
            answer(StatusCode::OK, &body)
        })
        .await
}
