//! `POST /pos/api/inventory/transfers/:transfer_id/receive` (extension, N-38): what was on its way has arrived.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, ItemId, TransferId, transfer::ReceiveTransfer};
use serde_json::json;

use super::session::{Id, InventoryTransfer, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::quantity, write::answer},
};

/// Receives a transfer: all of it, or what `items` names; what is missing is written off for a `reason`.
#[utoipa::path(post, path = "/pos/api/inventory/transfers/{transfer_id}/receive", operation_id = "nexus.transfers_receive", tag = "Inventory",
    security(("token" = ["inventory.transfer"])),
    params(("transfer_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"items": [{"inventory_id": 1, "quantity": 4}], "reason": "Una llegó rota"})),
    responses((status = 200, example = json!({"transfer_id": 1, "status": "received",
        "shortages": [{"inventory_id": 1, "sent": 5, "received": 4, "shortage": 1}], "message": "Transfer received"})),
        (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryTransfer>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let lines = match fields.opt_list("items")? {
        None => None,
        Some(list) => {
            let mut lines = Vec::new();
            for line in list {
                lines.push((ItemId(line.id("inventory_id")?), line.quantity("quantity")?));
            }
            Some(lines)
        }
    };
    let receive = ReceiveTransfer {
        lines,
        reason: fields.opt_text_up_to("reason", 500)?,
        notes: fields.opt_text("notes")?,
    };
    session
        .write(&app, &body.bytes, Command::ReceiveTransfer(TransferId(id), receive), |events| {
            let Some(Event::TransferReceived(receipt)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::OK, &());
            };
            let shortages: Vec<_> = receipt
                .lines
                .iter()
                .filter(|line| line.received < line.sent)
                .map(|line| {
                    json!({
                        "inventory_id": line.item_id.0,
                        "sent": quantity(line.sent),
                        "received": quantity(line.received),
                        "shortage": quantity(line.sent - line.received),
                    })
                })
                .collect();
            let received = json!({
                "transfer_id": receipt.transfer_id.0,
                "status": "received",
                "shortages": shortages,
                "message": "Transfer received",
            });
            answer(StatusCode::OK, &received)
        })
        .await
}
