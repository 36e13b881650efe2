//! `GET /admin/v1/price-lists`: all price lists, in use or not.

use axum::{Json, extract::State};
use diario_projections::products;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, json::rate},
    nexus::session::{InventoryView, May},
};

/// Price lists, by id; the base list is there from the beginning.
#[utoipa::path(get, path = "/admin/v1/price-lists", operation_id = "admin.price_lists_list", tag = "Products",
    security(("token" = ["inventory.view"])),
    responses((status = 200, example = json!({"data": [{"id": 1, "descripcion": "Lista Base Minorista", "is_base": true,
        "variacion": null, "active": true}]}))))]
pub async fn handle(State(app): State<App>, session: May<InventoryView>) -> Result<Json<Value>, Problem> {
    let lists = products::price_lists(&app.db, session.tenant).await?;
    let data: Vec<_> = lists
        .iter()
        .map(|list| {
            json!({
                "id": list.list_id.0,
                "descripcion": list.descripcion,
                "is_base": list.is_base,
                "variacion": list.variacion.map(rate),
                "active": list.is_active,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
