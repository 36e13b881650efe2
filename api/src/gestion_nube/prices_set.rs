//! `PUT /api/v1/precios/{lista_id}/producto/{product_id}` (contract 4.6, G-5 to G-7).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, GroupId, PriceListId, product::PriceProduct};
use diario_projections::products;
use serde_json::json;

use super::caller::{Caller, Ids, PricesWrite};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::price, write::answer},
};

/// The price of a product in a base list, for all its sizes; 0 takes it out of the list. `aditional_price` stays as it
/// is where it is not sent.
#[utoipa::path(put, path = "/api/v1/precios/{lista_id}/producto/{product_id}", operation_id = "gestion_nube.prices_set", tag = "Prices",
    security(("token" = ["prices:write"])),
    params(("lista_id" = i64, Path), ("product_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"price": 2500.00})),
    responses((status = 200, example = json!({"message": "Precio actualizado correctamente", "price_list_id": 1,
        "product_id": 120, "product_code": "REM-001", "product_name": "Remera Oversize", "price": 2500.00, "aditional_price": null})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 422), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<PricesWrite>,
    Ids(list, id): Ids,
    body: Body,
) -> Result<Response, Problem> {
    let row = products::find(&app.db, caller.tenant, GroupId(id)).await?;
    let row = row.ok_or(Problem::NotFound { what: "product" })?;
    let wanted = body.fields.price("price")?;
    let given = body.fields.opt_price("aditional_price")?;
    let additional =
        if wanted.is_zero() { Some(None) } else { body.fields.has("aditional_price").then_some(given) };
    let prices = PriceProduct { retailer: Some(wanted), additional, ..PriceProduct::default() };
    let after = additional.unwrap_or(row.additional_price);
    let command = Command::PriceInList(PriceListId(list), GroupId(id), prices);
    caller
        .decide(&app, &body.bytes, command, move |_| {
            let body = json!({
                "message": "Precio actualizado correctamente",
                "price_list_id": list,
                "product_id": id,
                "product_code": row.code,
                "product_name": row.name,
                "price": price(wanted),
                "aditional_price": after.map(price),
            });
            answer(StatusCode::OK, &body)
        })
        .await
}
