//! `GET /api/v1/productos/ver/{id}` (contract 4.7).

use axum::{Json, extract::State};
use diario_domain::GroupId;
use diario_projections::products;
use serde_json::Value;

use super::{
    caller::{Caller, Id, ProductsRead},
    views::{self, Wanted},
};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// One product.
#[utoipa::path(get, path = "/api/v1/productos/ver/{id}", operation_id = "gestion_nube.products_detail", tag = "Products",
    security(("token" = ["products:read"])),
    params(("id" = i64, Path), ("include_stock" = Option<bool>, Query), ("include_variants" = Option<bool>, Query)),
    responses((status = 200, example = json!({"id": 120, "code": "REM-001", "name": "Remera Oversize", "description": "Algodon 24/1",
        "retailer_price": 16999.00, "wholesaler_price": 11999.00, "unit_cost": 5400.00, "category": "Remeras", "provider": "Textiles SRL",
        "stock_total": 320, "variantes": [{"size_id": 4, "size": "M", "barcode": "7790000000012",
            "stock_por_tienda": [{"store_id": 1, "store_name": "Deposito Central", "stock_disponible": 120}]}]})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<ProductsRead>,
    Id(id): Id,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let wanted = Wanted::of(&params)?;
    let id = GroupId(id);
    let row =
        products::find(&app.db, caller.tenant, id).await?.ok_or(Problem::NotFound { what: "product" })?;
    let sizes = views::sizes(&app, caller.tenant, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Json(views::product(&row, wanted, &sizes)))
}
