//! `PUT /pos/api/quotations/:quot_id/cancel` (contract 5.5).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, QuotationId};
use serde_json::json;

use super::session::{Id, May, PosCancel};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Takes an offer back.
#[utoipa::path(put, path = "/pos/api/quotations/{quot_id}/cancel", operation_id = "nexus.quotations_cancel", tag = "Quotations",
    security(("token" = ["pos.cancel"])),
    params(("quot_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"reason": "El cliente ya no la quiere"})),
    responses((status = 200, example = json!({"quotation_id": 1, "status": "cancelled", "message": "Quotation cancelled"})),
        (status = 400, description = "Converted or cancelled already"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosCancel>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let reason = body.fields.opt_text_up_to("reason", 500)?.filter(|reason| !reason.trim().is_empty());
    session
        .write(&app, &body.bytes, Command::CancelQuotation(QuotationId(id), reason), move |_| {
            let cancelled =
                json!({"quotation_id": id, "status": "cancelled", "message": "Quotation cancelled"});
            answer(StatusCode::OK, &cancelled)
        })
        .await
}
