//! `GET /pos/api/catalog/part/:part_id` (contract 5.4): a part, what the shop's branches have of it, what can take its
//! place, its other numbers and the vehicles that it fits.

use axum::{Json, extract::State};
use diario_projections::{catalog, stock};
use serde_json::{Value, json};

use super::{
    catalog_parts,
    session::{CatalogView, Id, May},
};
use crate::{
    error::Problem,
    http::{App, Params, json::quantity},
};

/// A part.
#[utoipa::path(get, path = "/pos/api/catalog/part/{part_id}", operation_id = "nexus.catalog_part", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("part_id" = i64, Path), ("branch_id" = Option<i64>, Query)),
    responses((status = 200, description = "The part with `warehouse_stock` (the other branches), `alternatives`, \
        `cross_references` and the first 500 `vehicles`"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CatalogView>,
    Id(id): Id,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asker = catalog_parts::asker(&session, &params)?;
    let part = catalog::find(&app.db, asker, id).await?.ok_or(Problem::NotFound { what: "part" })?;
    let mut elsewhere = Vec::new();
    if let Some(item) = part.row.item_id {
        for branch in stock::by_branch(&app.db, session.tenant, item).await? {
            if branch.branch_id != asker.branch {
                elsewhere.push(json!({
                    "branch_id": branch.branch_id.0,
                    "branch_name": branch.branch_name,
                    "stock": quantity(branch.on_hand),
                    "available": quantity(branch.on_hand - branch.reserved),
                }));
            }
        }
    }
    let references: Vec<_> = part
        .cross_references
        .iter()
        .map(|other| {
            json!({"part_number": other.part_number, "manufacturer": other.manufacturer, "type": other.kind})
        })
        .collect();
    let vehicles: Vec<_> = part
        .vehicles
        .iter()
        .map(|fit| {
            json!({
                "mye_id": fit.mye_id, "brand": fit.brand, "model": fit.model, "year": fit.year, "engine": fit.engine,
            })
        })
        .collect();
    let mut body = catalog_parts::view(&part.row);
    for (name, value) in [
        ("description", json!(part.description)),
        ("group", json!({"id": part.group.id, "name": part.group.name})),
        ("category", json!({"id": part.category.id, "name": part.category.name})),
        ("branch_id", json!(asker.branch.0)),
        ("warehouse_stock", elsewhere.into()),
        ("alternatives", part.alternatives.iter().map(catalog_parts::view).collect()),
        ("cross_references", references.into()),
        ("vehicles", vehicles.into()),
    ] {
        body.insert(name.to_owned(), value);
    }
    Ok(Json(Value::Object(body)))
}
