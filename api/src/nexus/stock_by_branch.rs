//! `GET /pos/api/inventory/stock-by-branch` (extension, N-1).

use axum::{Json, extract::State};
use diario_domain::{BranchId, ItemId};
use diario_projections::stock::{self, BranchStock, ItemStock, StockFilter};
use serde_json::{Value, json};

use super::{
    session::{InventoryView, May},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::quantity},
};

/// Stocked items with their stock in each branch that has, had or awaits them.
#[utoipa::path(get, path = "/pos/api/inventory/stock-by-branch", operation_id = "nexus.stock_by_branch", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("inventory_id" = Option<i64>, Query), ("branch_id" = Option<i64>, Query), ("q" = Option<String>, Query),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"inventory_id": 1, "part_number": "04465-02220", "name": "Pastillas de freno delanteras",
        "stock": 23, "reserved": 1, "available": 22, "in_transit": 0, "branches": [{"branch_id": 1, "branch_name": "Sucursal Centro",
        "stock": 23, "reserved": 1, "available": 22, "in_transit": 0}]}],
        "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = StockFilter {
        item_id: params.opt_int("inventory_id")?.map(ItemId),
        branch_id: params.opt_int("branch_id")?.map(BranchId),
        text: params.opt_text("q").map(ToOwned::to_owned),
    };
    let found = stock::list(&app.db, session.tenant, &filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, view)))
}

fn view(row: &ItemStock) -> Value {
    let branches: Vec<_> = row.branches.iter().map(views::branch_stock).collect();
    json!({
        "inventory_id": row.item_id.0,
        "part_number": row.sku,
        "name": row.name,
        "stock": quantity(row.sum(|branch| branch.on_hand)),
        "reserved": quantity(row.sum(|branch| branch.reserved)),
        "available": quantity(row.sum(BranchStock::available)),
        "in_transit": quantity(row.sum(|branch| branch.in_transit)),
        "branches": branches,
    })
}
