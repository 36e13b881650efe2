//! `GET /pos/api/supplier-portal/demand` (contract 5.11): what was asked for, by zone (the branch) and part group.

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::sold;
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{money, quantity},
    },
};

/// What each branch sold of each group of parts in the last days, today among them, net of what came back. Revenue is
/// without tax; `sales_count` counts an item once for each sale that it was in. The group is that of the catalogue's part
/// which the item is, else the item's category: `group_type` says which.
#[utoipa::path(get, path = "/pos/api/supplier-portal/demand", operation_id = "nexus.supplier_demand", tag = "Supplier portal",
    security(("token" = ["inventory.view"])),
    params(("days" = Option<i64>, Query, description = "1 to 3650, 30 where absent"), ("group_id" = Option<i64>, Query),
        ("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"period": {"from": "2026-03-03", "to": "2026-04-01"}, "data": [{"branch_id": 1,
        "branch_name": "Matriz", "group_id": 5, "group_name": "Frenos", "group_type": "catalog", "units": 12, "revenue": 4200.00, "sales_count": 9}]})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let days = session.shop.last_days(app.now(), params.days(30)?);
    let group = params.opt_int("group_id")?;
    let branch = params.opt_int("branch_id")?.map(BranchId);
    app.projections.fresh(session.tenant).await;
    let data: Vec<_> = sold::demand(&app.db, session.tenant, days, group, branch)
        .await?
        .into_iter()
        .map(|row| {
            json!({
                "branch_id": row.branch_id.0,
                "branch_name": row.branch_name,
                "group_id": row.group_id,
                "group_name": row.group_name.or_else(|| row.group_id.map(|id| format!("Categoría {id}"))),
                "group_type": row.group_id.map(|_| if row.in_catalog { "catalog" } else { "category" }),
                "units": quantity(row.units),
                "revenue": money(row.revenue),
                "sales_count": row.sales,
            })
        })
        .collect();
    Ok(Json(json!({"period": {"from": days.0.to_string(), "to": days.1.to_string()}, "data": data})))
}
