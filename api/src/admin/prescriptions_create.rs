//! `POST /admin/v1/prescriptions`: what was measured (L-13).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, CustomerId, Event,
    optics::{Eye, RecordPrescription},
};
use serde_json::json;

use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
    nexus::session::{CustomersEdit, May},
};

/// Records a prescription, today's where no `date` is given. Powers are diopters of two decimals at the most.
#[utoipa::path(post, path = "/admin/v1/prescriptions", operation_id = "admin.prescriptions_create", tag = "Opticians",
    security(("token" = ["customers.edit"])),
    request_body(content = serde_json::Value, example = json!({"customer_id": 1, "date": "2026-05-12",
        "od": {"esfera": -2.50, "cilindro": -0.50, "eje": 90}, "oi": {"esfera": -2.25, "cilindro": -0.25, "eje": 85}, "add": 1.50})),
    responses((status = 201, example = json!({"id": 1, "message": "Prescription recorded"})), (status = 400), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let wanted = RecordPrescription {
        customer_id: CustomerId(fields.id("customer_id")?),
        date: fields.opt_date("date")?,
        od: eye(fields, "od")?,
        oi: eye(fields, "oi")?,
        addition: fields.opt_hundredths("add")?,
    };
    session
        .write(&app, &body.bytes, Command::RecordPrescription(wanted), |events| {
            let Some(Event::PrescriptionRecorded(recorded)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({"id": recorded.prescription_id.0, "message": "Prescription recorded"});
            answer(StatusCode::CREATED, &body)
        })
        .await
}

fn eye(fields: &Fields, name: &str) -> Result<Eye, Problem> {
    let eye = fields.opt_fields(name)?.ok_or_else(|| fields.problem(name, Rule::Required))?;
    Ok(Eye {
        sphere: eye.opt_hundredths("esfera")?.ok_or_else(|| eye.problem("esfera", Rule::Required))?,
        cylinder: eye.opt_hundredths("cilindro")?,
        axis: eye.opt_int("eje")?,
    })
}
