//! `POST /pos/api/inventory/transfer` (contract 5.3, N-38): stock goes to another branch, at once or on its way.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{BranchId, Command, Event, ItemId, transfer::TransferStock};
use serde_json::json;

use super::session::{InventoryTransfer, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Sends stock from one branch to another.
#[utoipa::path(post, path = "/pos/api/inventory/transfer", operation_id = "nexus.inventory_transfer", tag = "Inventory",
    security(("token" = ["inventory.transfer"])),
    request_body(content = serde_json::Value, example = json!({"from_branch_id": 1, "to_branch_id": 2,
        "items": [{"inventory_id": 1, "quantity": 5}], "notes": "Reabasto sucursal norte", "mode": "immediate"})),
    responses((status = 201, example = json!({"transfer_id": 1, "status": "completed", "items_count": 1, "message": "Transfer completed"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryTransfer>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let mode = fields.opt_word("mode", &["immediate", "in_transit"])?;
    let mut lines = Vec::new();
    for line in fields.list("items")? {
        lines.push((ItemId(line.id("inventory_id")?), line.quantity("quantity")?));
    }
    let transfer = TransferStock {
        from: BranchId(fields.id("from_branch_id")?),
        to: BranchId(fields.id("to_branch_id")?),
        in_transit: mode == Some("in_transit"),
        lines,
        notes: fields.opt_text("notes")?,
    };
    session
        .write(&app, &body.bytes, Command::TransferStock(transfer), |events| {
            let Some(Event::StockTransferred(transfer)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            let (status, message) = if transfer.in_transit {
                ("in_transit", "Transfer sent")
            } else {
                ("completed", "Transfer completed")
            };
            let sent = json!({
                "transfer_id": transfer.transfer_id.0,
                "status": status,
                "items_count": transfer.lines.len(),
                "message": message,
            });
            answer(StatusCode::CREATED, &sent)
        })
        .await
}
