//! `PUT /pos/api/sales/:sale_id/cancel` (contract 5.5, N-14): the exact mirror of the sale.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, RegisterId, SaleId, sale::CancelSale};
use serde_json::json;

use super::session::{Id, May, PosCancel};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Cancels a sale.
#[utoipa::path(put, path = "/pos/api/sales/{sale_id}/cancel", operation_id = "nexus.sales_cancel", tag = "Sales",
    security(("token" = ["pos.cancel"])),
    params(("sale_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"reason": "Cliente cambio de opinion"})),
    responses((status = 200, example = json!({"sale_id": 1, "status": "cancelled", "message": "Sale cancelled"})),
        (status = 400, description = "Cancelled already, returned, or cash must be paid back and no register is open"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosCancel>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let cancel = CancelSale {
        reason: body.fields.text_up_to("reason", 500)?,
        register_id: body.fields.opt_id("register_id")?.map(RegisterId),
    };
    session
        .write(&app, &body.bytes, Command::CancelSale(SaleId(id), cancel), move |_| {
            answer(
                StatusCode::OK,
                &json!({"sale_id": id, "status": "cancelled", "message": "Sale cancelled"}),
            )
        })
        .await
}
