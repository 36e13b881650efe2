//! `GET /pos/api/inventory/brands` (contract 5.3, C-7): the brands of items, not the makes of cars.

use axum::{Json, extract::State};
use diario_projections::categories;
use serde_json::{Value, json};

use super::session::{InventoryView, May};
use crate::{error::Problem, http::App};

/// Brands that items name.
#[utoipa::path(get, path = "/pos/api/inventory/brands", operation_id = "nexus.brands_list", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    responses((status = 200, example = json!({"data": [{"name": "Toyota", "item_count": 12}]}))))]
pub async fn handle(State(app): State<App>, session: May<InventoryView>) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = categories::brands(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|(name, items)| json!({"name": name, "item_count": items}))
        .collect();
    Ok(Json(json!({"data": data})))
}
