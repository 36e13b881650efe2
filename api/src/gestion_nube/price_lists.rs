//! `GET /api/v1/precios/listas` (contract 4.5).

use axum::{Json, extract::State};
use diario_projections::products;
use serde_json::{Value, json};

use super::{
    caller::{Caller, PricesRead},
    views,
};
use crate::{error::Problem, http::App};

/// The price lists that are in use, by id.
#[utoipa::path(get, path = "/api/v1/precios/listas", operation_id = "gestion_nube.price_lists", tag = "Prices",
    security(("token" = ["prices:read"])),
    responses((status = 200, example = json!({"data": [
        {"id": 1, "descripcion": "Lista Base Minorista", "is_base": true, "variacion": null, "moneda": "ARS"},
        {"id": 2, "descripcion": "Lista Mayorista", "is_base": false, "variacion": -15, "moneda": "ARS"}]})),
        (status = 401), (status = 403), (status = 429)))]
pub async fn handle(State(app): State<App>, caller: Caller<PricesRead>) -> Result<Json<Value>, Problem> {
    let lists = products::price_lists(&app.db, caller.tenant).await?;
    let data: Vec<_> = lists
        .iter()
        .filter(|list| list.is_active)
        .map(|list| views::price_list(list, &caller.shop.currency))
        .collect();
    Ok(Json(json!({"data": data})))
}
