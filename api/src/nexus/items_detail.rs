//! `GET /pos/api/inventory/items/:item_id` (contract 5.3): the row, its stock by branch, its last movements.

use axum::{Json, extract::State};
use diario_domain::{BranchId, ItemId};
use diario_projections::{items, stock};
use serde_json::Value;

use super::{
    items_history, items_list,
    session::{Id, InventoryView, May},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// Movements that the detail shows.
const HISTORY: i64 = 50;

/// An item.
#[utoipa::path(get, path = "/pos/api/inventory/items/{item_id}", operation_id = "nexus.items_detail", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("item_id" = i64, Path), ("branch_id" = Option<i64>, Query)),
    responses((status = 200, description = "The item with `stock_by_branch` and `history`"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    Id(id): Id,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let branch = params.opt_int("branch_id")?.map(BranchId);
    let found = items::find(&app.db, session.tenant, ItemId(id), branch).await?;
    let mut body = items_list::view(&found.ok_or(Problem::NotFound { what: "item" })?);
    let branches: Vec<_> = stock::by_branch(&app.db, session.tenant, ItemId(id))
        .await?
        .iter()
        .map(views::branch_stock)
        .collect();
    let history: Vec<_> = stock::history(&app.log, session.tenant, ItemId(id), HISTORY)
        .await?
        .iter()
        .map(|movement| items_history::view(movement, &session.shop))
        .collect();
    body.insert("stock_by_branch".to_owned(), branches.into());
    body.insert("history".to_owned(), history.into());
    Ok(Json(Value::Object(body)))
}
