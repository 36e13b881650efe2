//! `PUT` and `PATCH /api/v1/productos/{id}/precios` (contract 4.7).

use axum::{extract::State, response::Response};
use diario_domain::product::PriceProduct;

use super::{
    caller::{Caller, Id, PricesWrite},
    products_update::set,
};
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body},
};

/// The prices of a product and its reference cost, for all its sizes. A cost is taken only while nothing is in stock:
/// afterwards it is the average of what was received.
#[utoipa::path(put, path = "/api/v1/productos/{id}/precios", operation_id = "gestion_nube.products_prices", tag = "Products",
    security(("token" = ["prices:write"])),
    params(("id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"retailer_price": 18500, "wholesaler_price": 13000})),
    responses((status = 200, example = json!({"message": "Precios actualizados correctamente", "data": {"id": 120, "code": "REM-001",
        "name": "Remera Oversize", "retailer_price": 18500.00, "wholesaler_price": 13000.00, "unit_cost": 5400.00}})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 422), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<PricesWrite>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let prices = PriceProduct {
        retailer: body.fields.opt_price("retailer_price")?,
        wholesaler: body.fields.opt_price("wholesaler_price")?,
        unit_cost: body.fields.opt_price("unit_cost")?,
        additional: None,
    };
    if prices.retailer.is_none() && prices.wholesaler.is_none() && prices.unit_cost.is_none() {
        let rule = Rule::Form(
            "de un número; hace falta al menos uno de retailer_price, wholesaler_price y unit_cost",
        );
        return Err(body.fields.problem("retailer_price", rule));
    }
    set(&app, &caller, id, &body, prices, "Precios actualizados correctamente").await
}

/// The same.
#[utoipa::path(patch, path = "/api/v1/productos/{id}/precios", operation_id = "gestion_nube.products_prices_patch", tag = "Products",
    security(("token" = ["prices:write"])),
    params(("id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"unit_cost": 5400})),
    responses((status = 200, description = "As `PUT`"), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 422), (status = 429)))]
pub async fn patch(
    app: State<App>,
    caller: Caller<PricesWrite>,
    id: Id,
    body: Body,
) -> Result<Response, Problem> {
    handle(app, caller, id, body).await
}
