//! `GET /pos/api/inventory/categories` (contract 5.3, C-7): those that were created and those that items name.

use axum::{Json, extract::State};
use diario_projections::categories;
use serde_json::{Value, json};

use super::{
    messages,
    session::{InventoryView, May},
};
use crate::{error::Problem, http::App};

/// Categories of items.
#[utoipa::path(get, path = "/pos/api/inventory/categories", operation_id = "nexus.categories_list", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    responses((status = 200, example = json!({"data": [{"id": 5, "name": "Frenos", "parent_id": null, "item_count": 12}]}))))]
pub async fn handle(State(app): State<App>, session: May<InventoryView>) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = categories::list(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|category| {
            let id = category.category_id;
            json!({
                "id": id,
                "name": category.name.unwrap_or_else(|| messages::nameless_category(id)),
                "parent_id": category.parent_id,
                "item_count": category.items,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
