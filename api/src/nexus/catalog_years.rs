//! `GET /pos/api/catalog/years` (contract 5.4): the years that a model was made in.

use axum::{Json, extract::State};
use diario_projections::catalog;
use serde_json::{Value, json};

use super::session::{CatalogView, May};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// Years of a model, newest first.
#[utoipa::path(get, path = "/pos/api/catalog/years", operation_id = "nexus.catalog_years", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("model_id" = i64, Query)),
    responses((status = 200, example = json!({"data": [{"id": 9, "year": 2016}]}))))]
pub async fn handle(
    State(app): State<App>,
    _session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = catalog::years(&app.db, params.int("model_id")?)
        .await?
        .into_iter()
        .map(|(id, year)| json!({"id": id, "year": year}))
        .collect();
    Ok(Json(json!({"data": data})))
}
