//! `GET /pos/api/catalog/groups` (contract 5.4): the groups of a category that a vehicle has parts in.

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

/// Groups of a category.
#[utoipa::path(get, path = "/pos/api/catalog/groups", operation_id = "nexus.catalog_groups", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("mye_id" = i64, Query), ("category_id" = i64, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "Balatas", "part_count": 4}]}))))]
pub async fn handle(
    State(app): State<App>,
    _session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (mye, category) = (params.int("mye_id")?, params.int("category_id")?);
    let data: Vec<_> = catalog::groups(&app.db, mye, category).await?.iter().map(view).collect();
    Ok(Json(json!({"data": data})))
}
