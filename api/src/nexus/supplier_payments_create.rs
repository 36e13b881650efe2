//! `POST /pos/api/accounting/supplier-payments` (our own): what is owed on a purchase is paid.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, PurchaseId, RegisterId, payable::PaySupplier, sale::TenderKind};
use serde_json::json;

use super::session::{AccountingCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

const METHODS: &[&str] = &["efectivo", "transferencia", "tarjeta"];

/// Pays a supplier.
#[utoipa::path(post, path = "/pos/api/accounting/supplier-payments", operation_id = "nexus.supplier_payments_create", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    request_body(content = serde_json::Value, example = json!({"purchase_id": 1, "amount": 1000.00, "payment_method": "transferencia",
        "reference": "SPEI-20260401-002"})),
    responses((status = 201, example = json!({"payment_id": 1, "reference": "PP-0001", "balance": 2364.00})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let payment = PaySupplier {
        purchase_id: PurchaseId(fields.id("purchase_id")?),
        amount: fields.cents("amount")?,
        method: TenderKind::of_name(fields.word("payment_method", METHODS)?).unwrap_or(TenderKind::Transfer),
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        reference: fields.opt_text_up_to("reference", 200)?,
    };
    session
        .write(&app, &body.bytes, Command::PaySupplier(payment), |events| {
            let Some(Event::SupplierPaid(paid)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({
                "payment_id": paid.payment_id.0,
                "reference": paid.folio,
                "balance": money(paid.balance),
            });
            answer(StatusCode::CREATED, &body)
        })
        .await
}
