//! `GET /pos/api/inventory/physical-count/:count_id` (extension, N-1), from the count's own events.

use axum::{Json, extract::State};
use cqrs_es::Aggregate as _;
use diario_domain::{
    CountId, TenantId,
    count::{Count, CountStarted},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::session::{Id, InventoryView, May};
use crate::{
    error::Problem,
    http::{App, json::quantity},
};

/// A physical count.
#[utoipa::path(get, path = "/pos/api/inventory/physical-count/{count_id}", operation_id = "nexus.count_detail", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("count_id" = i64, Path)),
    responses((status = 200, example = json!({"count_id": 1, "branch_id": 1, "status": "open", "started_at": "2026-04-01T08:00:00",
        "approved_at": null, "items": [{"inventory_id": 1, "part_number": "04465-02220", "name": "Pastillas de freno delanteras",
        "expected": 23, "counted": 22, "difference": -1}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let found = read(&app, session.tenant, CountId(id)).await?;
    let (Some(count), Some(started_at)) = (found.started, found.started_at) else {
        return Err(Problem::NotFound { what: "count" });
    };
    let items: Vec<_> = count
        .lines
        .iter()
        .map(|line| {
            json!({
                "inventory_id": line.item_id.0,
                "part_number": line.sku,
                "name": line.name,
                "expected": quantity(line.expected),
                "counted": quantity(line.counted),
                "difference": quantity(line.difference()),
            })
        })
        .collect();
    Ok(Json(json!({
        "count_id": count.count_id.0,
        "branch_id": count.branch_id.0,
        "status": if found.approved_at.is_some() { "approved" } else { "open" },
        "started_at": session.shop.local(started_at),
        "approved_at": found.approved_at.map(|at| session.shop.local(at)),
        "items": items,
    })))
}

/// A count and when what happened to it.
pub struct Found {
    /// Nothing where there is no such count.
    pub started: Option<CountStarted>,
    started_at: Option<Timestamp>,
    approved_at: Option<Timestamp>,
}

/// Reads a count.
pub async fn read(app: &App, tenant: TenantId, id: CountId) -> Result<Found, Problem> {
    let mut document = Count::default();
    let (mut started_at, mut approved_at) = (None, None);
    for recorded in app.log.stream(tenant, &format!("{}-{id}", Count::TYPE)).await? {
        document.apply(recorded.event);
        let instant = if document.approved { &mut approved_at } else { &mut started_at };
        *instant = Some(recorded.occurred_at);
    }
    Ok(Found { started: document.started, started_at, approved_at })
}
