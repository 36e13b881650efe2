//! `GET /api/v1/inventario/{product_id}` (contract 4.8, G-10).

use axum::{Json, extract::State};
use diario_domain::GroupId;
use diario_projections::products;
use serde_json::{Value, json};

use super::{
    caller::{Caller, Id, InventoryRead},
    views::{self, Size, inventory_id},
};
use crate::{
    error::Problem,
    http::{App, json::quantity},
};

/// A product's stock, size by size and store by store.
#[utoipa::path(get, path = "/api/v1/inventario/{product_id}", operation_id = "gestion_nube.inventory_detail", tag = "Inventory",
    security(("token" = ["inventory:read"])),
    params(("product_id" = i64, Path)),
    responses((status = 200, example = json!({"product_id": 120, "product_code": "REM-001", "product_name": "Remera Oversize",
        "stock_total": 320, "variantes": [{"size_id": 4, "size_name": "M", "barcode": "7790000000012", "sku": "REM-001-M",
            "stock_total_talla": 165, "stock_por_tienda": [{"inventory_id": 12_100_001, "store_id": 1, "store_name": "Deposito Central",
                "available_quantity": 120}]}]})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<InventoryRead>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let id = GroupId(id);
    let row =
        products::find(&app.db, caller.tenant, id).await?.ok_or(Problem::NotFound { what: "product" })?;
    let sizes = views::sizes(&app, caller.tenant, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Json(json!({
        "product_id": row.product_id.0,
        "product_code": row.code,
        "product_name": row.name,
        "stock_total": quantity(views::stock_total(&sizes)),
        "variantes": sizes.iter().map(variant).collect::<Vec<_>>(),
    })))
}

fn variant(size: &Size) -> Value {
    let stores: Vec<_> = size
        .stores
        .iter()
        .map(|row| {
            json!({
                "inventory_id": inventory_id(row.item_id, row.store_id),
                "store_id": row.store_id.0,
                "store_name": row.store_name,
                "available_quantity": quantity(row.available()),
            })
        })
        .collect();
    json!({
        "size_id": size.variant.size_id,
        "size_name": size.variant.size,
        "barcode": size.variant.barcode,
        "sku": size.variant.sku,
        "stock_total_talla": quantity(size.available()),
        "stock_por_tienda": stores,
    })
}
