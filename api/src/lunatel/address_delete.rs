//! `POST /v1/Address/Delete`: an address leaves its company's list (contract 7.1, T-26, T-27).

use axum::{extract::State, response::Response};
use diario_domain::{AddressId, Command};
use serde_json::json;

use super::{args::Args, session::Buyer};
use crate::{error::Problem, http::App};

/// Takes an address off the list; orders keep it.
#[utoipa::path(post, path = "/v1/Address/Delete", operation_id = "lunatel.address_delete", tag = "Address",
    request_body(content = serde_json::Value, example = json!({"addressId": 2})),
    responses((status = 200, example = json!({"id": 2, "response": "Adres silindi", "status": 0,
        "errorResponse": {"status": 0, "message": ""}})), (status = 400), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let id = args.fields(&["addressId"]).int("addressId")?;
    let command = Command::DeleteAddress(buyer.customer, AddressId(id));
    let language = buyer.language;
    buyer
        .order(&app, &args.bytes, command, move |_| {
            let response =
                language.pick("Adres silindi", "The address is deleted", "La dirección está borrada");
            json!({"id": id, "response": response})
        })
        .await
}
