//! `GET /api/v1/precios/obtener` (contract 4.4).

use axum::{extract::State, response::Response};
use diario_domain::price_list::{BASE, varied};
use diario_projections::products::{self, ProductFilter};
use serde_json::json;

use super::{
    caller::{Caller, PricesRead},
    page::Asked,
    views,
};
use crate::{
    error::{Problem, Rule},
    http::{App, json::price},
};

/// The products of a price list with their prices, by id; of the base list where none is named.
#[utoipa::path(get, path = "/api/v1/precios/obtener", operation_id = "gestion_nube.prices_list", tag = "Prices",
    security(("token" = ["prices:read"])),
    params(("per_page" = Option<i64>, Query), ("page" = Option<i64>, Query), ("q" = Option<String>, Query),
        ("lista_id" = Option<i64>, Query), ("price_list_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({
        "price_list": {"id": 7, "descripcion": "Lista Mayorista", "is_base": false, "moneda": "ARS", "variacion": 15},
        "data": [{"id": 120, "code": "REM-001", "name": "Remera Oversize", "price": 11999.90}],
        "meta": {"current_page": 1, "per_page": 50, "total": 87, "last_page": 2, "from": 1, "to": 50, "has_more_pages": true},
        "links": {"first": "https://app.gestion.moda/api/v1/precios/obtener?page=1", "last": "https://app.gestion.moda/api/v1/precios/obtener?page=2",
            "prev": null, "next": "https://app.gestion.moda/api/v1/precios/obtener?page=2"}})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<PricesRead>,
    asked: Asked,
) -> Result<Response, Problem> {
    let params = &asked.params;
    let named = params.opt_int("lista_id").map_err(Problem::in_query)?;
    let also = params.opt_int("price_list_id").map_err(Problem::in_query)?;
    if let (Some(one), Some(other)) = (named, also)
        && one != other
    {
        let rule = Rule::NotWith("otro price_list_id");
        return Err(Problem::Parameter { name: "lista_id".to_owned(), rule });
    }
    let id = named.or(also).unwrap_or(BASE.0);
    let lists = products::price_lists(&app.db, caller.tenant).await?;
    let list = lists
        .iter()
        .find(|list| list.list_id.0 == id && list.is_active)
        .ok_or(Problem::NotFound { what: "price_list" })?;
    let text = params.opt_text("q").map(ToOwned::to_owned);
    let filter = ProductFilter { text, priced: true, ..ProductFilter::default() };
    let found = products::list(&app.db, caller.tenant, &filter, asked.page()).await?;
    let data: Vec<_> = found
        .rows
        .iter()
        .map(|row| {
            let own =
                list.variacion.map_or(row.retailer_price, |variation| varied(row.retailer_price, variation));
            json!({"id": row.product_id.0, "code": row.code, "name": row.name, "price": price(own)})
        })
        .collect();
    let before = ("price_list", views::price_list(list, &caller.shop.currency));
    Ok(asked.answer(Some(before), &found, &data))
}
