//! `POST /pos/api/accounting/card-settlements` (our own): the bank pays card sales out, less its commission.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, payable::SettleCards};
use serde_json::json;

use super::session::{AccountingCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// Enters a settlement of card sales.
#[utoipa::path(post, path = "/pos/api/accounting/card-settlements", operation_id = "nexus.card_settlements_create", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    request_body(content = serde_json::Value, example = json!({"amount": 10000.00, "commission": 250.00, "tax": 40.00,
        "reference": "LIQ-0401"})),
    responses((status = 201, example = json!({"settlement_id": 1, "received": 9710.00, "message": "Settlement recorded"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let settle = SettleCards {
        gross: fields.cents("amount")?,
        commission: fields.cents("commission")?,
        tax: fields.opt_cents("tax")?.unwrap_or_default(),
        reference: fields.opt_text_up_to("reference", 200)?,
    };
    session
        .write(&app, &body.bytes, Command::SettleCards(settle), |events| {
            let Some(Event::CardsSettled(settled)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({
                "settlement_id": settled.settlement_id.0,
                "received": money(settled.received()),
                "message": "Settlement recorded",
            });
            answer(StatusCode::CREATED, &body)
        })
        .await
}
