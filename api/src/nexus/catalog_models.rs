//! `GET /pos/api/catalog/models` (contract 5.4): a maker's models.

use axum::{Json, extract::State};
use diario_projections::catalog;
use serde_json::{Value, json};

use super::session::{CatalogView, May};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// Models of a brand.
#[utoipa::path(get, path = "/pos/api/catalog/models", operation_id = "nexus.catalog_models", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("brand_id" = i64, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "Corolla", "brand_id": 1}]}))))]
pub async fn handle(
    State(app): State<App>,
    _session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let brand = params.int("brand_id")?;
    let data: Vec<_> = catalog::models(&app.db, brand)
        .await?
        .into_iter()
        .map(|model| json!({"id": model.id, "name": model.name, "brand_id": brand}))
        .collect();
    Ok(Json(json!({"data": data})))
}
