//! `GET /pos/api/inventory/alerts` (contract 5.3): three lists that share no item.

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::reports::{self, Level};
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{App, Params, json::quantity},
};

/// Active goods of which there is nothing, too little, or too much: in one branch, or in all together.
#[utoipa::path(get, path = "/pos/api/inventory/alerts", operation_id = "nexus.inventory_alerts", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"zero_stock": [], "low_stock": [{"inventory_id": 1, "part_number": "04465-02220",
        "name": "Pastillas de freno delanteras", "branch_id": 1, "branch_name": "Sucursal Centro", "stock": 3, "min_stock": 5,
        "max_stock": 50}], "over_stock": []}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let branch = params.opt_int("branch_id")?.map(BranchId);
    let (mut zero, mut low, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for level in reports::out_of_bounds(&app.db, session.tenant, branch).await? {
        let list = if !level.stock.is_positive() {
            &mut zero
        } else if level.stock <= level.min_stock {
            &mut low
        } else {
            &mut over
        };
        list.push(view(&level, branch));
    }
    Ok(Json(json!({"zero_stock": zero, "low_stock": low, "over_stock": over})))
}

fn view(level: &Level, branch: Option<BranchId>) -> Value {
    json!({
        "inventory_id": level.item_id.0,
        "part_number": level.sku,
        "name": level.name,
        "branch_id": branch.map(|id| id.0),
        "branch_name": level.branch_name,
        "stock": quantity(level.stock),
        "min_stock": quantity(level.min_stock),
        "max_stock": level.max_stock.map(quantity),
    })
}
