//! `GET` or `POST /v1/Address/GetAddress`: a company's addresses (contract 7.1).

use axum::{extract::State, response::Response};
use diario_projections::ordering;
use serde_json::json;

use super::{args::Args, render, session::Buyer};
use crate::{error::Problem, http::App};

/// The company's own addresses, by id.
#[utoipa::path(post, path = "/v1/Address/GetAddress", operation_id = "lunatel.address_list", tag = "Address",
    responses((status = 200, example = json!({"status": 0, "addressList": [{"id": 1, "companyId": 7, "title": "Depo",
        "fullAddress": "Atatürk Cad. 1", "cityId": 35, "townId": 501, "neighborhoodId": 40001, "cityname": "İzmir", "townname": "Konak",
        "neighborhoodname": "Alsancak Mah", "name": "Ayşe Yılmaz", "commericalTitle": "Ege Telefon Ltd. Şti.",
        "phoneNumber": "+90 232 000 00 00", "eMail": "ayse@ege.com.tr", "taxNumber": "1234567890", "taxUnit": "Konak",
        "invoiceAddress": ""}], "errorResponse": {"status": 0, "message": ""}})), (status = 401)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, _args: Args) -> Result<Response, Problem> {
    let addresses = ordering::addresses(&app.db, buyer.tenant, buyer.customer, None).await?;
    let list: Vec<_> = addresses
        .into_iter()
        .map(|(id, address)| {
            json!({
                "id": id.0,
                "companyId": buyer.customer.0,
                "title": address.title,
                "fullAddress": address.line,
                "cityId": address.city_id,
                "townId": address.town_id,
                "neighborhoodId": address.neighbourhood_id,
                "cityname": address.city,
                "townname": address.town,
                "neighborhoodname": address.neighbourhood,
                "zipCode": address.zip,
                "name": address.contact,
                "commericalTitle": address.company_title,
                "phoneNumber": address.phone,
                "eMail": address.email,
                "taxNumber": address.tax_number,
                "taxUnit": address.tax_office,
                "invoiceAddress": address.invoice_address.unwrap_or_default(),
                "isDifferentInvoiceAddress": address.is_different_invoice_address,
            })
        })
        .collect();
    Ok(render::respond(json!({"addressList": list})))
}
