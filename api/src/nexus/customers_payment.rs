//! `POST /pos/api/customers/:customer_id/payment` (contract 5.6): on account, oldest sale first.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, Event, RegisterId, customer::ReceivePayment, sale::TenderKind};
use serde_json::json;

use super::session::{CustomersEdit, Id, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

const METHODS: &[&str] = &["efectivo", "transferencia", "tarjeta"];

/// Receives a payment on account. Cash goes into the employee's open register, or the one that is named.
#[utoipa::path(post, path = "/pos/api/customers/{customer_id}/payment", operation_id = "nexus.customers_payment", tag = "Customers",
    security(("token" = ["customers.edit"])),
    params(("customer_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"amount": 5000.00, "payment_method": "transferencia",
        "reference": "SPEI-20260401-001", "notes": "Abono parcial"})),
    responses((status = 201, example = json!({"payment_id": 12, "reference": "PAG-012", "balance": 7500.00})), (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let payment = ReceivePayment {
        amount: fields.cents("amount")?,
        method: TenderKind::of_name(fields.word("payment_method", METHODS)?).unwrap_or(TenderKind::Cash),
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        reference: fields.opt_text_up_to("reference", 200)?,
        notes: fields.opt_text("notes")?,
    };
    session
        .write(&app, &body.bytes, Command::ReceivePayment(CustomerId(id), payment), |events| {
            let Some(Event::PaymentReceived(payment)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let received = json!({
                "payment_id": payment.payment_id.0,
                "reference": payment.folio,
                "amount": money(payment.amount),
                "balance": money(payment.balance),
            });
            answer(StatusCode::CREATED, &received)
        })
        .await
}
