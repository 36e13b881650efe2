//! `POST /admin/v1/patients`: a customer as an optician knows them (L-13).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event,
    customer::{CustomerDetails, Person, RegisterCustomer},
};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, Fields, fields::Body, write::answer},
    nexus::{
        customers_create::CREDIT_DAYS,
        session::{CustomersEdit, May},
    },
};

/// Registers a patient. A patient is a customer: the tills know them by the same number.
#[utoipa::path(post, path = "/admin/v1/patients", operation_id = "admin.patients_create", tag = "Opticians",
    security(("token" = ["customers.edit"])),
    request_body(content = serde_json::Value, example = json!({"dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani",
        "telefono": "+51999123456", "email": "maria@correo.pe"})),
    responses((status = 201, example = json!({"id": 1, "message": "Patient created"})), (status = 400), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let given_names = fields.text_up_to("nombre", 150)?.trim().to_owned();
    let surnames = optional(fields, "apellidos", 150)?;
    let details = CustomerDetails {
        name: full_name(Some(&given_names), surnames.as_deref()),
        email: optional(fields, "email", 254)?,
        phone: optional(fields, "telefono", 50)?,
        address: optional(fields, "direccion", 500)?,
        person: Person {
            given_names: Some(given_names),
            surnames,
            identity_number: optional(fields, "dni", 20)?,
            tax_office: None,
        },
        credit_days: CREDIT_DAYS,
        ..CustomerDetails::default()
    };
    let command = Command::RegisterPatient(Box::new(RegisterCustomer { details }));
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::CustomerRegistered(customer)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": customer.customer_id.0, "message": "Patient created"}))
        })
        .await
}

/// Text without blanks around it, or nothing.
pub fn optional(fields: &Fields, name: &str, max: usize) -> Result<Option<String>, Problem> {
    let text = fields.opt_text_up_to(name, max)?.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// Given names and surnames in one.
pub fn full_name(given_names: Option<&str>, surnames: Option<&str>) -> String {
    given_names.into_iter().chain(surnames).collect::<Vec<_>>().join(" ")
}
