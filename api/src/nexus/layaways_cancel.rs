//! `PUT /pos/api/layaways/:layaway_id/cancel` (contract 5.5, N-17): the goods are free again, the money goes back.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event, LayawayId, RegisterId, layaway::CancelLayaway, returns::RefundMethod, sale::TenderKind,
};
use serde_json::json;

use super::{
    selling,
    session::{Id, May, PosCancel},
};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// Gives a layaway up. What was paid becomes store credit unless something else is said, less a penalty.
#[utoipa::path(put, path = "/pos/api/layaways/{layaway_id}/cancel", operation_id = "nexus.layaways_cancel", tag = "Layaways",
    security(("token" = ["pos.cancel"])),
    params(("layaway_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"reason": "Cliente no completo pagos", "refund_method": "saldo_a_favor", "penalty": 0.00})),
    responses((status = 200, example = json!({"layaway_id": 1, "status": "cancelled", "refunded": 2000.00, "penalty": 0.00, "message": "Layaway cancelled"})),
        (status = 400, description = "Not active, or cash must be paid back and no register is open"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosCancel>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let method = fields.opt_word("refund_method", selling::TENDERS)?.and_then(TenderKind::of_name);
    let cancel = CancelLayaway {
        reason: fields.text_up_to("reason", 500)?,
        refund_method: method.map(RefundMethod::Tender),
        penalty: fields.opt_cents("penalty")?.unwrap_or_default(),
        register_id: fields.opt_id("register_id")?.map(RegisterId),
    };
    session
        .write(&app, &body.bytes, Command::CancelLayaway(LayawayId(id), cancel), |events| {
            let Some(Event::LayawayCancelled(cancelled)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::OK, &());
            };
            let given_up = json!({
                "layaway_id": cancelled.layaway_id.0,
                "status": "cancelled",
                "refunded": money(cancelled.refunded),
                "penalty": money(cancelled.penalty),
                "message": "Layaway cancelled",
            });
            answer(StatusCode::OK, &given_up)
        })
        .await
}
