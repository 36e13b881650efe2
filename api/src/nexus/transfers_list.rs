//! `GET /pos/api/inventory/transfers` (extension): transfers between branches.

use axum::{Json, extract::State};
use diario_projections::transfers::{self, TransferFilter, TransferRow};
use serde_json::{Map, Value, json};

use super::{
    session::{InventoryView, May},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, state::Shop},
};

const STATUSES: &[&str] = &["completed", "in_transit", "received"];

/// Transfers, newest first.
#[utoipa::path(get, path = "/pos/api/inventory/transfers", operation_id = "nexus.transfers_list", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("status" = Option<String>, Query), ("branch_id" = Option<i64>, Query),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"transfer_id": 1, "date": "2026-04-01", "created_at": "2026-04-01T08:00:00",
        "from_branch_id": 1, "to_branch_id": 2, "status": "completed", "items_count": 1, "notes": null, "employee_id": 1}],
        "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = TransferFilter {
        status: params.opt_word("status", STATUSES)?.map(ToOwned::to_owned),
        branch_id: params.opt_int("branch_id")?,
    };
    let found = transfers::list(&app.db, session.tenant, &filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| view(row, &session.shop))))
}

/// A transfer's row, as lists and its detail show it.
pub fn view(row: &TransferRow, shop: &Shop) -> Map<String, Value> {
    let value = json!({
        "transfer_id": row.transfer_id.0,
        "date": row.date.to_string(),
        "created_at": shop.local(row.occurred_at),
        "from_branch_id": row.from.0,
        "to_branch_id": row.to.0,
        "status": row.status,
        "items_count": row.items_count,
        "notes": row.notes,
        "employee_id": row.employee_id.0,
        "received_at": row.received_at.map(|at| shop.local(at)),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
