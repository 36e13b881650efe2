//! `POST /v1/Address/Edit`: an address is another now; orders keep what it was (contract 7.1, T-26).

use axum::{extract::State, response::Response};
use diario_domain::{AddressId, Command};

use super::{address_create, args::Args, session::Buyer};
use crate::{error::Problem, http::App};

/// Changes an address: all of it is sent.
#[utoipa::path(post, path = "/v1/Address/Edit", operation_id = "lunatel.address_edit", tag = "Address",
    request_body(content = serde_json::Value, example = json!({"addressId": 2, "addressTitle": "Depo", "fullAdress": "Atatürk Cad. 2",
        "cityID": 35, "townID": 501, "neighborhoodID": 40001, "name": "Ayşe Yılmaz", "phoneNumber": "+90 232 000 00 00",
        "taxNumber": "1234567890", "taxUnit": "Konak", "commercialTitle": "Ege Telefon Ltd. Şti.", "email": "ayse@ege.com.tr",
        "invoiceAddress": "", "isDifferentInvoiceAddress": false})),
    responses((status = 200, example = json!({"id": 2, "response": "Adres kaydedildi", "status": 0,
        "errorResponse": {"status": 0, "message": ""}})), (status = 400), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let id = args.fields(&["addressId"]).int("addressId")?;
    let details = address_create::read(&args.fields(address_create::NAMES))?;
    let command = Command::EditAddress(buyer.customer, AddressId(id), Box::new(details));
    let language = buyer.language;
    buyer.order(&app, &args.bytes, command, move |_| address_create::saved(id, language)).await
}
