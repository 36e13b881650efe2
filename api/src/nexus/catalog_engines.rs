//! `GET /pos/api/catalog/engines` (contract 5.4): the engines of a model and year, each with the id of the vehicle
//! that the three make.

use axum::{Json, extract::State};
use diario_projections::catalog;
use serde_json::{Value, json};

use super::session::{CatalogView, May};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// Engines of a model and year.
#[utoipa::path(get, path = "/pos/api/catalog/engines", operation_id = "nexus.catalog_engines", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("model_id" = i64, Query), ("year_id" = i64, Query)),
    responses((status = 200, example = json!({"data": [{"id": 7, "mye_id": 12, "name": "1.8L L4"}]}))))]
pub async fn handle(
    State(app): State<App>,
    _session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (model, year) = (params.int("model_id")?, params.int("year_id")?);
    let data: Vec<_> = catalog::engines(&app.db, model, year)
        .await?
        .into_iter()
        .map(|engine| json!({"id": engine.engine_id, "mye_id": engine.mye_id, "name": engine.name}))
        .collect();
    Ok(Json(json!({"data": data})))
}
