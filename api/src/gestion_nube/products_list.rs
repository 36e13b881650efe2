//! `GET /api/v1/productos/obtener` (contract 4.7).

use axum::{extract::State, response::Response};
use diario_projections::products;

use super::{
    caller::{Caller, ProductsRead},
    page::Asked,
    views::{self, Wanted},
};
use crate::{error::Problem, http::App};

/// Products, by id.
#[utoipa::path(get, path = "/api/v1/productos/obtener", operation_id = "gestion_nube.products_list", tag = "Products",
    security(("token" = ["products:read"])),
    params(("per_page" = Option<i64>, Query), ("page" = Option<i64>, Query), ("q" = Option<String>, Query),
        ("code" = Option<String>, Query), ("category_id" = Option<i64>, Query), ("provider_id" = Option<i64>, Query),
        ("active" = Option<bool>, Query), ("include_stock" = Option<bool>, Query), ("include_variants" = Option<bool>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 120, "code": "REM-001", "name": "Remera Oversize",
        "description": "Algodon 24/1", "retailer_price": 16999.00, "wholesaler_price": 11999.00, "unit_cost": 5400.00,
        "category": "Remeras", "provider": "Textiles SRL"}], "meta": {}, "links": {}})),
        (status = 400), (status = 401), (status = 403), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<ProductsRead>,
    asked: Asked,
) -> Result<Response, Problem> {
    let wanted = Wanted::of(&asked.params)?;
    let filter = views::filter(&asked.params)?;
    let found = products::list(&app.db, caller.tenant, &filter, asked.page()).await?;
    let ids: Vec<_> = found.rows.iter().map(|row| row.product_id).collect();
    let sizes = if wanted.stock || wanted.variants {
        views::sizes(&app, caller.tenant, &ids).await?
    } else {
        std::collections::HashMap::new()
    };
    let data: Vec<_> = found
        .rows
        .iter()
        .map(|row| views::product(row, wanted, sizes.get(&row.product_id).map_or(&[], Vec::as_slice)))
        .collect();
    Ok(asked.answer(None, &found, &data))
}
