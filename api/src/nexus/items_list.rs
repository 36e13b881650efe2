//! `GET /pos/api/inventory/items` (contract 5.3, N-7).

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::items::{self, ItemFilter, ItemRow};
use serde_json::{Map, Value, json};

use super::{
    session::{InventoryView, May},
    views,
};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{cost, price, quantity, rate},
    },
};

/// Items with their stock.
#[utoipa::path(get, path = "/pos/api/inventory/items", operation_id = "nexus.items_list", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("q" = Option<String>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("branch_id" = Option<i64>, Query), ("category_id" = Option<i64>, Query), ("low_stock" = Option<bool>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "part_number": "04465-02220", "barcode": "7501234567890",
        "name": "Pastillas de freno delanteras", "stock": 23}], "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = ItemFilter {
        text: params.opt_text("q").map(ToOwned::to_owned),
        branch_id: params.opt_int("branch_id")?.map(BranchId),
        category_id: params.opt_int("category_id")?,
        low_stock: params.opt_bool("low_stock")?.unwrap_or(false),
        item_id: None,
    };
    let found = items::list(&app.db, session.tenant, &filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, view)))
}

/// An item's row, as lists and its detail show it.
pub fn view(row: &ItemRow) -> Map<String, Value> {
    let value = json!({
        "id": row.item_id.0,
        "part_number": row.sku,
        "barcode": row.barcode,
        "name": row.name,
        "description": row.description,
        "kind": row.kind,
        "branch_id": row.branch_id.0,
        "branch_name": row.branch_name,
        "category_id": row.category_id,
        "brand": row.brand,
        "unit": row.unit,
        "cost": cost(row.cost),
        "price_1": price(row.price_1),
        "price_2": price(row.price_2),
        "price_3": price(row.price_3),
        "tax_rate": rate(row.tax_rate),
        "min_stock": quantity(row.min_stock),
        "max_stock": row.max_stock.map(quantity),
        "location": row.location,
        "image_url": row.image_url,
        "catalog_part_id": row.catalog_part_id,
        "is_active": row.is_active,
        "stock": quantity(row.stock),
        "stock_total": quantity(row.stock_total),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
