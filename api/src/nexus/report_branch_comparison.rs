//! `GET /pos/api/inventory/reports/branch-comparison` (contract 5.3, N-7).

use axum::{Json, extract::State};
use diario_domain::ItemId;
use diario_projections::stock::{self, BranchStock};
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{App, Params, json::quantity},
};

/// One item, or every active one, with its stock in every branch of the shop, also where there is none.
#[utoipa::path(get, path = "/pos/api/inventory/reports/branch-comparison", operation_id = "nexus.report_branch_comparison", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("inventory_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"inventory_id": 1, "part_number": "04465-02220",
        "name": "Pastillas de freno delanteras", "total": 23, "branches": [{"branch_id": 1, "branch_name": "Sucursal Centro",
        "stock": 23, "available": 22}]}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let item = params.opt_int("inventory_id")?.map(ItemId);
    let found = stock::compare(&app.db, session.tenant, item).await?;
    if item.is_some() && found.is_empty() {
        return Err(Problem::NotFound { what: "item" });
    }
    let data: Vec<_> = found
        .iter()
        .map(|row| {
            let branches: Vec<_> = row.branches.iter().map(branch).collect();
            json!({
                "inventory_id": row.item_id.0,
                "part_number": row.sku,
                "name": row.name,
                "total": quantity(row.sum(|branch| branch.on_hand)),
                "branches": branches,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}

fn branch(stock: &BranchStock) -> Value {
    json!({
        "branch_id": stock.branch_id.0,
        "branch_name": stock.branch_name,
        "stock": quantity(stock.on_hand),
        "available": quantity(stock.available()),
    })
}
