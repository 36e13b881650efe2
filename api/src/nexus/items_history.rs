//! `GET /pos/api/inventory/items/:item_id/history` (contract 5.3): movements, newest first.

use axum::{Json, extract::State};
use diario_domain::ItemId;
use diario_projections::{items, stock};
use serde_json::{Value, json};

use super::session::{Id, InventoryView, May};
use crate::{
    error::{Problem, Rule},
    http::{
        App, Params,
        json::{cost, money, quantity},
        state::Shop,
    },
};

/// The most movements that are given at once.
const LIMIT_MAX: i64 = 500;

/// An item's movements.
#[utoipa::path(get, path = "/pos/api/inventory/items/{item_id}/history", operation_id = "nexus.items_history", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("item_id" = i64, Path), ("limit" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "date": "2026-04-01T08:00:00", "type": "sale", "quantity": -2,
        "balance": 21, "branch_id": 1, "reference": "V-0001", "employee_id": 1, "notes": null}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    Id(id): Id,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let limit = params.opt_int("limit")?.unwrap_or(50).min(LIMIT_MAX);
    if limit < 1 {
        return Err(Problem::field("limit", Rule::IntegerFrom(1)));
    }
    items::find(&app.db, session.tenant, ItemId(id), None)
        .await?
        .ok_or(Problem::NotFound { what: "item" })?;
    let data: Vec<_> = stock::history(&app.log, session.tenant, ItemId(id), limit)
        .await?
        .iter()
        .map(|movement| view(movement, &session.shop))
        .collect();
    Ok(Json(json!({"data": data})))
}

/// A movement.
pub fn view(movement: &stock::Movement, shop: &Shop) -> Value {
    json!({
        "id": movement.movement_id,
        "date": shop.local(movement.occurred_at),
        "type": movement.kind,
        "quantity": quantity(movement.quantity),
        "balance": quantity(movement.on_hand),
        "branch_id": movement.branch_id.0,
        "reference": movement.reference,
        "employee_id": movement.employee_id.map(|id| id.0),
        "notes": movement.notes,
        "value": money(movement.value),
        "average_cost": cost(movement.average_cost),
    })
}
