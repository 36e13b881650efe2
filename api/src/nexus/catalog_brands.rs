//! `GET /pos/api/catalog/brands` (contract 5.4): makers of vehicles that some part fits.

use axum::{Json, extract::State};
use diario_projections::catalog::{self, Counted};
use serde_json::{Value, json};

use super::session::{CatalogView, May};
use crate::{error::Problem, http::App};

/// Makers of vehicles.
#[utoipa::path(get, path = "/pos/api/catalog/brands", operation_id = "nexus.catalog_brands", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    responses((status = 200, example = json!({"data": [{"id": 1, "name": "TOYOTA", "part_count": 245_000}]}))))]
pub async fn handle(State(app): State<App>, _session: May<CatalogView>) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = catalog::brands(&app.db).await?.iter().map(view).collect();
    Ok(Json(json!({"data": data})))
}

/// A name and how many parts are there.
pub fn view(counted: &Counted) -> Value {
    json!({"id": counted.id, "name": counted.name, "part_count": counted.parts})
}
