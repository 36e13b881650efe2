//! `GET /pos/api/catalog/categories` (contract 5.4): the categories that a vehicle has parts in.

use axum::{Json, extract::State};
use diario_projections::catalog;
use serde_json::{Value, json};

use super::{
    catalog_brands::view,
    session::{CatalogView, May},
};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// Categories of a vehicle's parts.
#[utoipa::path(get, path = "/pos/api/catalog/categories", operation_id = "nexus.catalog_categories", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("mye_id" = i64, Query, description = "Model, year and engine: from /catalog/engines")),
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "Frenos", "part_count": 12}]}))))]
pub async fn handle(
    State(app): State<App>,
    _session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = catalog::categories(&app.db, params.int("mye_id")?).await?.iter().map(view).collect();
    Ok(Json(json!({"data": data})))
}
