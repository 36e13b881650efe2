//! `PUT /admin/v1/patients/{patient_id}`: only the fields that are sent (L-13).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, customer::UpdateCustomer};
use diario_projections::customers;
use serde_json::json;

use super::patients_create::{full_name, optional};
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::session::{CustomersEdit, Id, May},
};

/// Changes a patient. A field that is sent as `null` or blank is emptied; one that is not sent stays.
#[utoipa::path(put, path = "/admin/v1/patients/{patient_id}", operation_id = "admin.patients_update", tag = "Opticians",
    security(("token" = ["customers.edit"])),
    params(("patient_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"telefono": "+51999123457"})),
    responses((status = 200, example = json!({"id": 1, "message": "Patient updated"})), (status = 400), (status = 404),
        (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let sent = |name: &str, max: usize| -> Result<Option<Option<String>>, Problem> {
        if fields.has(name) { optional(fields, name, max).map(Some) } else { Ok(None) }
    };
    let found = customers::find(&app.db, session.tenant, CustomerId(id)).await?;
    let mut person = found.ok_or(Problem::NotFound { what: "customer" })?.person;
    let names = ["nombre", "apellidos"].iter().any(|name| fields.has(name));
    if let Some(given_names) = sent("nombre", 150)? {
        let given_names = given_names.ok_or_else(|| Problem::field("nombre", Rule::NotEmpty))?;
        person.given_names = Some(given_names);
    }
    if let Some(surnames) = sent("apellidos", 150)? {
        person.surnames = surnames;
    }
    if let Some(dni) = sent("dni", 20)? {
        person.identity_number = dni;
    }
    let name = full_name(person.given_names.as_deref(), person.surnames.as_deref());
    let update = UpdateCustomer {
        name: (names && !name.is_empty()).then_some(name),
        email: sent("email", 254)?,
        phone: sent("telefono", 50)?,
        address: sent("direccion", 500)?,
        person: (names || fields.has("dni")).then_some(person),
        is_active: fields.opt_bool("is_active")?,
        ..UpdateCustomer::default()
    };
    session
        .write(&app, &body.bytes, Command::UpdatePatient(CustomerId(id), Box::new(update)), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Patient updated"}))
        })
        .await
}
