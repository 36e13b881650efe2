//! `POST /pos/api/inventory/generate-barcode` (contract 5.3, N-34).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, ItemId};
use serde_json::json;

use super::session::{InventoryCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// A barcode of the shop's own that was never given before; with `inventory_id` it becomes the item's.
#[utoipa::path(post, path = "/pos/api/inventory/generate-barcode", operation_id = "nexus.generate_barcode", tag = "Inventory",
    security(("token" = ["inventory.create"])),
    request_body(content = serde_json::Value, example = json!({"inventory_id": 1})),
    responses((status = 200, example = json!({"barcode": "2100000000012"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let item = body.fields.opt_id("inventory_id")?.map(ItemId);
    session
        .write(&app, &body.bytes, Command::IssueBarcode(item), |events| {
            let Some(Event::BarcodeIssued(issued)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::OK, &());
            };
            answer(StatusCode::OK, &json!({"barcode": issued.barcode}))
        })
        .await
}
