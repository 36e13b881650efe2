//! `GET /api/v1/inventario/obtener` (contract 4.8, G-11, G-24).

use axum::{extract::State, response::Response};
use diario_domain::{BranchId, GroupId};
use diario_projections::products::{self, StockFilter, StockRow};
use serde_json::{Value, json};

use super::{
    caller::{Caller, InventoryRead},
    page::Asked,
    views::inventory_id,
};
use crate::{
    error::Problem,
    http::{App, json::quantity},
};

/// Stock by size and store, by id. `available_quantity` is what lies there less what is promised.
#[utoipa::path(get, path = "/api/v1/inventario/obtener", operation_id = "gestion_nube.inventory_list", tag = "Inventory",
    security(("token" = ["inventory:read"])),
    params(("product_id" = Option<i64>, Query), ("size_id" = Option<i64>, Query), ("store_id" = Option<i64>, Query),
        ("code" = Option<String>, Query), ("q" = Option<String>, Query), ("include_physical" = Option<bool>, Query),
        ("per_page" = Option<i64>, Query), ("page" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"inventory_id": 12_100_001, "product_id": 120, "product_code": "REM-001",
        "product_name": "Remera Oversize", "size_id": 4, "size_name": "M", "store_id": 1, "store_name": "Deposito Central",
        "available_quantity": 120, "barcode": "7790000000012", "sku": "REM-001-M"}], "meta": {}, "links": {}})),
        (status = 400), (status = 401), (status = 403), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<InventoryRead>,
    asked: Asked,
) -> Result<Response, Problem> {
    let params = &asked.params;
    let number = |name: &str| params.opt_int(name).map_err(Problem::in_query);
    let physical = params.opt_bool("include_physical").map_err(Problem::in_query)?.unwrap_or(false);
    let filter = StockFilter {
        product_id: number("product_id")?.map(GroupId),
        size_id: number("size_id")?,
        store_id: number("store_id")?.map(BranchId),
        code: params.opt_text("code").map(|code| code.trim().to_owned()),
        text: params.opt_text("q").map(ToOwned::to_owned),
    };
    let found = products::stock(&app.db, caller.tenant, &filter, asked.page()).await?;
    let data: Vec<_> = found.rows.iter().map(|row| view(row, physical)).collect();
    Ok(asked.answer(None, &found, &data))
}

fn view(row: &StockRow, physical: bool) -> Value {
    let mut value = json!({
        "inventory_id": inventory_id(row.item_id, row.store_id),
        "product_id": row.product_id.0,
        "product_code": row.product_code,
        "product_name": row.product_name,
        "size_id": row.size_id,
        "size_name": row.size,
        "store_id": row.store_id.0,
        "store_name": row.store_name,
        "available_quantity": quantity(row.available()),
        "barcode": row.barcode,
        "sku": row.sku,
    });
    if let (true, Some(map)) = (physical, value.as_object_mut()) {
        map.insert("physical_quantity".to_owned(), json!(quantity(row.on_hand)));
        // Nothing is made here, so nothing is in production.
        map.insert("production_quantity".to_owned(), json!(0));
        map.insert("in_transit_quantity".to_owned(), json!(quantity(row.in_transit)));
    }
    value
}
