//! `POST /pos/api/inventory/physical-count/approve` (contract 5.3, N-36): the differences are booked.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CountId, Event};
use serde_json::json;

use super::{
    count_detail,
    session::{InventoryAdjust, May},
};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::quantity, write::answer},
};

/// Approves a count.
#[utoipa::path(post, path = "/pos/api/inventory/physical-count/approve", operation_id = "nexus.count_approve", tag = "Inventory",
    security(("token" = ["inventory.adjust"])),
    request_body(content = serde_json::Value, example = json!({"count_id": 1})),
    responses((status = 200, example = json!({"count_id": 1, "adjustments": [{"inventory_id": 1, "expected": 23, "counted": 22, "difference": -1}],
        "message": "Physical count approved"})), (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryAdjust>,
    body: Body,
) -> Result<Response, Problem> {
    let id = CountId(body.fields.id("count_id")?);
    // What was counted never changes, so it may be read before the decision.
    let counted = count_detail::read(&app, session.tenant, id).await?.started.map(|count| count.lines);
    let counted = counted.unwrap_or_default();
    session
        .write(&app, &body.bytes, Command::ApproveCount(id), move |events| {
            let Some(Event::CountApproved(approved)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::OK, &());
            };
            let adjustments: Vec<_> = counted
                .iter()
                .filter(|line| approved.lines.iter().any(|booked| booked.item_id == line.item_id))
                .map(|line| {
                    json!({
                        "inventory_id": line.item_id.0,
                        "expected": quantity(line.expected),
                        "counted": quantity(line.counted),
                        "difference": quantity(line.difference()),
                    })
                })
                .collect();
            let body = json!({
                "count_id": approved.count_id.0,
                "adjustments": adjustments,
                "message": "Physical count approved",
            });
            answer(StatusCode::OK, &body)
        })
        .await
}
