//! `POST /pos/api/inventory/physical-count/start` (contract 5.3, N-35, N-36).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{BranchId, Command, Event, ItemId, count::StartCount};
use serde_json::json;

use super::session::{InventoryAdjust, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Enters what was counted; nothing moves until it is approved.
#[utoipa::path(post, path = "/pos/api/inventory/physical-count/start", operation_id = "nexus.count_start", tag = "Inventory",
    security(("token" = ["inventory.adjust"])),
    request_body(content = serde_json::Value, example = json!({"branch_id": 1, "items": [{"inventory_id": 1, "counted_quantity": 22}]})),
    responses((status = 201, example = json!({"count_id": 1, "items_counted": 1, "message": "Physical count started"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryAdjust>,
    body: Body,
) -> Result<Response, Problem> {
    let mut lines = Vec::new();
    for line in body.fields.list("items")? {
        lines.push((ItemId(line.id("inventory_id")?), line.quantity("counted_quantity")?));
    }
    let start = StartCount { branch_id: body.fields.opt_id("branch_id")?.map(BranchId), lines };
    session
        .write(&app, &body.bytes, Command::StartCount(start), |events| {
            let Some(Event::CountStarted(count)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let started = json!({
                "count_id": count.count_id.0,
                "items_counted": count.lines.len(),
                "message": "Physical count started",
            });
            answer(StatusCode::CREATED, &started)
        })
        .await
}
