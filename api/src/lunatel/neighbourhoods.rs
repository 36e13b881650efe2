//! `GET` or `POST /v1/Address/GetNeighborhood`: the neighbourhoods of a town (contract 7.1, T-13, T-14).

use axum::response::Response;
use serde_json::json;

use super::{args::Args, geography, render, session::Buyer};
use crate::error::Problem;

/// The neighbourhoods (mahalle, köy) of a town with their postal codes, in the order of the Turkish alphabet.
#[utoipa::path(post, path = "/v1/Address/GetNeighborhood", operation_id = "lunatel.neighbourhoods", tag = "Address",
    request_body(content = serde_json::Value, example = json!({"townId": 1})),
    responses((status = 200, example = json!({"status": 0, "list": [{"id": 1, "townID": 1, "neigborhoodName": "Akören Mah",
        "zipCode": "01722"}], "errorResponse": {"status": 0, "message": ""}})), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(_buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let town = args.fields(&["townId"]).int("townId")?;
    let found = geography::atlas()?.neighbourhoods(town).ok_or(Problem::NotFound { what: "town" })?;
    let list: Vec<_> = found
        .iter()
        .map(|one| {
            json!({
                "id": one.id,
                // The document has both.
                "townID": one.town,
                "townId": one.town,
                "neigborhoodName": one.name,
                "neighborhoodName": one.name,
                "zipCode": one.zip,
            })
        })
        .collect();
    Ok(render::respond(json!({"list": list})))
}
