//! `GET` or `POST /v1/Address/GetCitys`: the cities of Turkey (contract 7.1).

use axum::response::Response;
use serde_json::json;

use super::{args::Args, geography, render, session::Buyer};
use crate::error::Problem;

/// All 81, by plate code, which is their id.
#[utoipa::path(post, path = "/v1/Address/GetCitys", operation_id = "lunatel.cities", tag = "Address",
    responses((status = 200, example = json!({"status": 0, "list": [{"id": 1, "cityName": "Adana"}],
        "errorResponse": {"status": 0, "message": ""}})), (status = 401)))]
pub async fn handle(_buyer: Buyer, _args: Args) -> Result<Response, Problem> {
    let list: Vec<_> =
        geography::atlas()?.cities.iter().map(|city| json!({"id": city.id, "cityName": city.name})).collect();
    Ok(render::respond(json!({"list": list})))
}
