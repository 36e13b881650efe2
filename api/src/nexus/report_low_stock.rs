//! `GET /pos/api/inventory/reports/low-stock` (contract 5.3): what has a minimum and does not exceed it.

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::reports;
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{App, Params, json::quantity},
};

/// Active goods at or under their minimum, and how many are missing: in one branch, or in all together.
#[utoipa::path(get, path = "/pos/api/inventory/reports/low-stock", operation_id = "nexus.report_low_stock", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"inventory_id": 1, "part_number": "04465-02220",
        "name": "Pastillas de freno delanteras", "branch_id": 1, "stock": 3, "min_stock": 5, "missing": 2}]}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let branch = params.opt_int("branch_id")?.map(BranchId);
    let data: Vec<_> = reports::out_of_bounds(&app.db, session.tenant, branch)
        .await?
        .iter()
        .filter(|level| level.min_stock.is_positive() && level.stock <= level.min_stock)
        .map(|level| {
            json!({
                "inventory_id": level.item_id.0,
                "part_number": level.sku,
                "name": level.name,
                "branch_id": branch.map(|id| id.0),
                "stock": quantity(level.stock),
                "min_stock": quantity(level.min_stock),
                "missing": quantity(level.min_stock - level.stock),
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
