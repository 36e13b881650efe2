//! `POST /pos/api/quotations` (contract 5.5): prices are fixed for some days; stock is neither looked at nor held.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, Event, quotation::CreateQuotation};
use serde_json::json;

use super::{
    selling,
    session::{May, PosSell},
};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// For how many days an offer stands when nothing is said (N-18).
const VALID_DAYS: i64 = 15;

/// Makes an offer.
#[utoipa::path(post, path = "/pos/api/quotations", operation_id = "nexus.quotations_create", tag = "Quotations",
    security(("token" = ["pos.sell"])),
    request_body(content = serde_json::Value, example = json!({
        "items": [{"inventory_id": 1, "quantity": 2, "unit_price": 350.00, "discount_pct": 0, "tax_rate": 0.16}],
        "customer_id": 5, "notes": "Cotizacion para taller Perez", "valid_days": 15})),
    responses(
        (status = 201, example = json!({"quotation_id": 1, "folio": "C-0001", "total": 812.00, "valid_until": "2026-04-16", "items_count": 1})),
        (status = 400), (status = 403, description = "A discount above the employee's"),
    ))]
pub async fn handle(State(app): State<App>, session: May<PosSell>, body: Body) -> Result<Response, Problem> {
    let fields = &body.fields;
    let command = Command::CreateQuotation(CreateQuotation {
        lines: selling::lines(fields)?,
        customer_id: fields.opt_id("customer_id")?.map(CustomerId),
        valid_days: fields.opt_int("valid_days")?.unwrap_or(VALID_DAYS),
        notes: selling::notes(fields)?,
    });
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::QuotationCreated(quotation)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            let created = json!({
                "quotation_id": quotation.quotation_id.0,
                "folio": quotation.folio,
                "total": money(quotation.sums.total),
                "valid_until": quotation.valid_until.to_string(),
                "items_count": quotation.lines.len(),
            });
            answer(StatusCode::CREATED, &created)
        })
        .await
}
