//! `GET /pos/api/inventory/reports/no-movement` (contract 5.3): goods on hand that lie still.

use axum::{Json, extract::State};
use diario_domain::{BranchId, time::day_number};
use diario_projections::reports;
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{money, quantity},
    },
};

/// Active goods on hand that did not move in the last days, today included, longest first.
#[utoipa::path(get, path = "/pos/api/inventory/reports/no-movement", operation_id = "nexus.report_no_movement", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("branch_id" = Option<i64>, Query), ("days" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"inventory_id": 1, "part_number": "04465-02220",
        "name": "Pastillas de freno delanteras", "stock": 23, "cost_value": 3450.00, "last_movement": "2026-01-15T10:00:00",
        "days_without_movement": 76}]})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let branch = params.opt_int("branch_id")?.map(BranchId);
    let days = params.days(60)?;
    let shop = &session.shop;
    let (first, today) = shop.last_days(app.now(), days);
    let since = shop.day_starts(first);
    let data: Vec<_> = reports::unmoved_since(&app.db, session.tenant, branch, since)
        .await?
        .iter()
        .map(|still| {
            let days = |at| day_number(today) - day_number(shop.day(at));
            json!({
                "inventory_id": still.item_id.0,
                "part_number": still.sku,
                "name": still.name,
                "stock": quantity(still.stock),
                "cost_value": money(still.cost_value),
                "last_movement": still.last_movement.map(|at| shop.local(at)),
                "days_without_movement": still.last_movement.map(days),
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
