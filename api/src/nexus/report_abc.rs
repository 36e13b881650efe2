//! `GET /pos/api/inventory/reports/abc` (contract 5.3).

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::reports;
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{money, quantity, rate},
    },
};

/// Items by what they brought in over the last days, today included; `share` and `cumulative` are fractions of 1.
#[utoipa::path(get, path = "/pos/api/inventory/reports/abc", operation_id = "nexus.report_abc", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("branch_id" = Option<i64>, Query), ("days" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"inventory_id": 1, "part_number": "04465-02220",
        "name": "Pastillas de freno delanteras", "units": 2, "revenue": 700.00, "share": 1, "cumulative": 1, "class": "A"}]})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let branch = params.opt_int("branch_id")?.map(BranchId);
    let days = params.days(90)?;
    app.projections.fresh(session.tenant).await;
    let period = session.shop.last_days(app.now(), days);
    let data: Vec<_> = reports::abc(&app.db, session.tenant, branch, period)
        .await?
        .iter()
        .map(|item| {
            json!({
                "inventory_id": item.item_id.0,
                "part_number": item.sku,
                "name": item.name,
                "units": quantity(item.units),
                "revenue": money(item.revenue),
                "share": rate(item.share),
                "cumulative": rate(item.cumulative),
                "class": item.class,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
