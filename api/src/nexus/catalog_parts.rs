//! `GET /pos/api/catalog/parts` (contract 5.4): a group's parts for a vehicle, with what the shop has of each.

use axum::{Json, extract::State};
use diario_domain::BranchId;
use diario_projections::catalog::{self, Asker, PartRow};
use serde_json::{Map, Value, json};

use super::{
    session::{CatalogView, May, Session},
    views,
};
use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{price, quantity},
    },
};

/// Parts for a vehicle.
#[utoipa::path(get, path = "/pos/api/catalog/parts", operation_id = "nexus.catalog_parts", tag = "Catalog",
    security(("token" = ["catalog.view"])),
    params(("mye_id" = i64, Query), ("group_id" = i64, Query), ("page" = Option<i64>, Query),
        ("per_page" = Option<i64>, Query), ("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 12_345, "part_number": "04465-02220", "name": "Pastillas de freno",
        "manufacturer": "TOYOTA", "local_stock": 5, "local_price": 350.00, "alternatives_count": 3, "inventory_id": 1}],
        "pagination": {"page": 1, "per_page": 30, "total": 15, "total_pages": 1}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<CatalogView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let (mye, group) = (params.int("mye_id")?, params.int("group_id")?);
    let asked = params.page(30, catalog::PARTS_MAX)?;
    let found = catalog::parts(&app.db, asker(&session, &params)?, mye, group, asked.page).await?;
    Ok(Json(views::list(&asked, &found, view)))
}

/// Whose stock is shown: of the branch asked for, else of the caller's own.
pub fn asker(session: &Session, params: &Params) -> Result<Asker, Problem> {
    let branch = params.opt_int("branch_id")?.map_or(session.branch, BranchId);
    Ok(Asker { tenant: session.tenant, branch })
}

/// A part's row.
pub fn view(row: &PartRow) -> Map<String, Value> {
    let value = json!({
        "id": row.part_id,
        "part_number": row.part_number,
        "name": row.name,
        "manufacturer": row.manufacturer,
        "inventory_id": row.item_id.map(|id| id.0),
        "local_stock": quantity(row.local_stock),
        "local_price": row.local_price.map(price),
        "alternatives_count": row.alternatives,
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
