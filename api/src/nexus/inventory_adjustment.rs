//! `POST /pos/api/inventory/adjustment` (contract 5.3, N-35, N-37): a signed difference, with its reason.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{BranchId, Command, Event, ItemId, adjustment::AdjustStock};
use serde_json::json;

use super::session::{InventoryAdjust, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::quantity, write::answer},
};

/// Adjusts the stock of one item.
#[utoipa::path(post, path = "/pos/api/inventory/adjustment", operation_id = "nexus.inventory_adjustment", tag = "Inventory",
    security(("token" = ["inventory.adjust"])),
    request_body(content = serde_json::Value, example = json!({"inventory_id": 1, "quantity": -2, "reason": "Merma por dano en almacen"})),
    responses((status = 201, example = json!({"adjustment_id": 1, "inventory_id": 1, "quantity": -2, "stock": 21, "message": "Adjustment recorded"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryAdjust>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let line =
        (ItemId(fields.id("inventory_id")?), fields.quantity("quantity")?, fields.text_up_to("reason", 500)?);
    let adjust = AdjustStock { branch_id: fields.opt_id("branch_id")?.map(BranchId), lines: vec![line] };
    session
        .write(&app, &body.bytes, Command::AdjustStock(adjust), |events| {
            let Some(Event::StockAdjusted(adjusted)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let Some(line) = adjusted.lines.first() else { return answer(StatusCode::CREATED, &()) };
            let recorded = json!({
                "adjustment_id": adjusted.adjustment_id.0,
                "inventory_id": line.item_id.0,
                "branch_id": adjusted.branch_id.0,
                "quantity": quantity(line.quantity),
                "stock": quantity(line.moved.on_hand),
                "message": "Adjustment recorded",
            });
            answer(StatusCode::CREATED, &recorded)
        })
        .await
}
