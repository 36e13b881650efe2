//! `PUT` and `PATCH /api/v1/productos/{id}` (contract 4.7).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, GroupId, product::PriceProduct};
use diario_projections::products;
use serde_json::json;

use super::{
    caller::{Ability, Caller, Id, ProductsWrite},
    views,
};
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
};

/// The retail and the wholesale price of a product, for all its sizes.
#[utoipa::path(put, path = "/api/v1/productos/{id}", operation_id = "gestion_nube.products_update", tag = "Products",
    security(("token" = ["products:write"])),
    params(("id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"retailer_price": 18500, "wholesaler_price": 13000})),
    responses((status = 200, example = json!({"message": "Producto actualizado correctamente", "data": {"id": 120, "code": "REM-001",
        "name": "Remera Oversize", "retailer_price": 18500.00, "wholesaler_price": 13000.00, "unit_cost": 5400.00}})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 422), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<ProductsWrite>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let prices = PriceProduct {
        retailer: body.fields.opt_price("retailer_price")?,
        wholesaler: body.fields.opt_price("wholesaler_price")?,
        ..PriceProduct::default()
    };
    if prices.retailer.is_none() && prices.wholesaler.is_none() {
        let rule = Rule::Form("de un número; hace falta al menos uno de retailer_price y wholesaler_price");
        return Err(body.fields.problem("retailer_price", rule));
    }
    set(&app, &caller, id, &body, prices, "Producto actualizado correctamente").await
}

/// The same.
#[utoipa::path(patch, path = "/api/v1/productos/{id}", operation_id = "gestion_nube.products_update_patch", tag = "Products",
    security(("token" = ["products:write"])),
    params(("id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"retailer_price": 18500})),
    responses((status = 200, description = "As `PUT`"), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 422), (status = 429)))]
pub async fn patch(
    app: State<App>,
    caller: Caller<ProductsWrite>,
    id: Id,
    body: Body,
) -> Result<Response, Problem> {
    handle(app, caller, id, body).await
}

/// Has prices of a product decided.
pub async fn set<A: Ability>(
    app: &App,
    caller: &Caller<A>,
    id: i64,
    body: &Body,
    prices: PriceProduct,
    message: &'static str,
) -> Result<Response, Problem> {
    let row = products::find(&app.db, caller.tenant, GroupId(id)).await?;
    let mut row = row.ok_or(Problem::NotFound { what: "product" })?;
    row.retailer_price = prices.retailer.unwrap_or(row.retailer_price);
    row.wholesaler_price = prices.wholesaler.unwrap_or(row.wholesaler_price);
    row.unit_cost = prices.unit_cost.unwrap_or(row.unit_cost);
    caller
        .decide(app, &body.bytes, Command::PriceProduct(GroupId(id), prices), move |_| {
            answer(StatusCode::OK, &json!({"message": message, "data": views::prices(&row)}))
        })
        .await
}
