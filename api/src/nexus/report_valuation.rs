//! `GET /pos/api/inventory/reports/valuation` (contract 5.3): of all branches it equals the inventory account.

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::reports;
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{cost, money, money_sum, price, quantity},
    },
};

/// What the goods are worth at average cost and at the base price. Without `branch_id` goods on their way between
/// branches are counted too.
#[utoipa::path(get, path = "/pos/api/inventory/reports/valuation", operation_id = "nexus.report_valuation", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"total_cost_value": 3450.00, "total_sale_value": 8050.00, "item_count": 1,
        "items": [{"inventory_id": 1, "part_number": "04465-02220", "name": "Pastillas de freno delanteras", "stock": 23, "in_transit": 0,
        "cost": 150.00, "cost_value": 3450.00, "price": 350.00, "sale_value": 8050.00}]}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let branch = params.opt_int("branch_id")?.map(BranchId);
    let found = reports::valuation(&app.db, session.tenant, branch).await?;
    let items: Vec<_> = found
        .iter()
        .map(|worth| {
            json!({
                "inventory_id": worth.item_id.0,
                "part_number": worth.sku,
                "name": worth.name,
                "stock": quantity(worth.stock),
                "in_transit": quantity(worth.in_transit),
                "cost": cost(worth.cost),
                "cost_value": money(worth.cost_value),
                "price": price(worth.price),
                "sale_value": money(worth.sale_value),
            })
        })
        .collect();
    Ok(Json(json!({
        "total_cost_value": money_sum(found.iter().map(|worth| worth.cost_value)),
        "total_sale_value": money_sum(found.iter().map(|worth| worth.sale_value)),
        "item_count": items.len(),
        "items": items,
    })))
}
