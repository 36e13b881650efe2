//! `POST /v1/Address/Create`: a company has a further address (contract 7.1, T-11, T-12).

use axum::{extract::State, response::Response};
use diario_domain::{Command, Event, address::AddressDetails};
use serde_json::{Value, json};

use super::{
    args::Args,
    geography::{self, Atlas},
    messages::Language,
    session::Buyer,
};
use crate::{
    error::Problem,
    http::{App, Fields},
};

/// What an address is made of.
pub const NAMES: &[&str] = &[
    "addressTitle",
    "fullAdress",
    "cityID",
    "townID",
    "neighborhoodID",
    "name",
    "phoneNumber",
    "taxNumber",
    "taxUnit",
    "commercialTitle",
    "email",
    "invoiceAddress",
    "isDifferentInvoiceAddress",
];

/// Enters an address.
#[utoipa::path(post, path = "/v1/Address/Create", operation_id = "lunatel.address_create", tag = "Address",
    request_body(content = serde_json::Value, example = json!({"addressTitle": "Depo", "fullAdress": "Atatürk Cad. 1", "cityID": 35,
        "townID": 501, "neighborhoodID": 40001, "name": "Ayşe Yılmaz", "phoneNumber": "+90 232 000 00 00", "taxNumber": "1234567890",
        "taxUnit": "Konak", "commercialTitle": "Ege Telefon Ltd. Şti.", "email": "ayse@ege.com.tr", "invoiceAddress": "",
        "isDifferentInvoiceAddress": false})),
    responses((status = 200, example = json!({"id": 2, "response": "Adres kaydedildi", "status": 0,
        "errorResponse": {"status": 0, "message": ""}})), (status = 400), (status = 401), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let details = read(&args.fields(NAMES))?;
    let command = Command::CreateAddress(buyer.customer, Box::new(details));
    let language = buyer.language;
    buyer
        .order(&app, &args.bytes, command, move |events| {
            let id = match events.first().map(|recorded| &recorded.event) {
                Some(Event::AddressCreated(created)) => created.address_id.0,
                _ => 0,
            };
            saved(id, language)
        })
        .await
}

/// The answer to an address that was written.
pub fn saved(id: i64, language: Language) -> Value {
    let response = language.pick("Adres kaydedildi", "The address is saved", "La dirección está guardada");
    json!({"id": id, "response": response})
}

/// The address of a request.
pub fn read(fields: &Fields) -> Result<AddressDetails, Problem> {
    let title = fields.text_up_to("addressTitle", 200)?;
    let line = fields.text_up_to("fullAdress", 1_000)?;
    let place = place(geography::atlas()?, fields, ["cityID", "townID", "neighborhoodID"])?;
    Ok(AddressDetails {
        title,
        line,
        contact: fields.text_up_to("name", 300)?,
        phone: fields.text_up_to("phoneNumber", 50)?,
        email: fields.text_up_to("email", 254)?,
        tax_number: fields.text_up_to("taxNumber", 30)?,
        tax_office: fields.text_up_to("taxUnit", 150)?,
        company_title: fields.text_up_to("commercialTitle", 300)?,
        invoice_address: fields.opt_text_up_to("invoiceAddress", 1_000)?,
        is_different_invoice_address: fields.opt_bool("isDifferentInvoiceAddress")?.unwrap_or(false),
        ..place
    })
}

/// An address of which only city, town and neighbourhood are known.
pub fn place(atlas: &Atlas, fields: &Fields, names: [&str; 3]) -> Result<AddressDetails, Problem> {
    let [city, town, neighbourhood] = names;
    let ids =
        [(city, fields.int(city)?), (town, fields.int(town)?), (neighbourhood, fields.int(neighbourhood)?)];
    let place = atlas.place(ids)?;
    Ok(AddressDetails {
        city_id: place.city.id,
        city: place.city.name.to_string(),
        town_id: place.town.id,
        town: place.town.name.to_string(),
        neighbourhood_id: place.neighbourhood.id,
        neighbourhood: place.neighbourhood.name.to_string(),
        zip: place.neighbourhood.zip.to_string(),
        ..AddressDetails::default()
    })
}
