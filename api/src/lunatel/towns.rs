//! `GET` or `POST /v1/Address/GetTowns`: the towns of a city (contract 7.1).

use axum::response::Response;
use serde_json::json;

use super::{args::Args, geography, render, session::Buyer};
use crate::error::Problem;

/// The towns (ilçe) of a city, in the order of the Turkish alphabet.
#[utoipa::path(post, path = "/v1/Address/GetTowns", operation_id = "lunatel.towns", tag = "Address",
    request_body(content = serde_json::Value, example = json!({"cityId": 1})),
    responses((status = 200, example = json!({"status": 0, "list": [{"id": 1, "cityId": 1, "townName": "Aladağ"}],
        "errorResponse": {"status": 0, "message": ""}})), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(_buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let city = args.fields(&["cityId"]).int("cityId")?;
    let towns = geography::atlas()?.towns(city).ok_or(Problem::NotFound { what: "city" })?;
    let list: Vec<_> = towns
        .into_iter()
        .map(|town| json!({"id": town.id, "cityId": town.city, "townName": town.name}))
        .collect();
    Ok(render::respond(json!({"list": list})))
}
