//! `POST /pos/api/customers/:customer_id/vehicles`: beyond the contract, which can only list them.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, Event, vehicle::VehicleDetails};
use serde_json::json;

use super::session::{CustomersEdit, Id, May};
use crate::{
    error::Problem,
    http::{App, Fields, fields::Body, write::answer},
};

/// Enters a customer's vehicle: its plate, its VIN or its model at the least.
#[utoipa::path(post, path = "/pos/api/customers/{customer_id}/vehicles", operation_id = "nexus.vehicles_add", tag = "Customers",
    security(("token" = ["customers.edit"])),
    params(("customer_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"plate": "ABC-123-A", "brand": "Nissan", "model": "Tsuru", "year": 2010,
        "engine": "1.6", "color": "Blanco"})),
    responses((status = 201, example = json!({"id": 1, "message": "Vehicle added"})), (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::AddVehicle(CustomerId(id), details(&body.fields)?);
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::VehicleAdded(added)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": added.vehicle_id.0, "message": "Vehicle added"}))
        })
        .await
}

fn details(fields: &Fields) -> Result<VehicleDetails, Problem> {
    let text = |name: &str, max: usize| -> Result<Option<String>, Problem> {
        Ok(fields.opt_text_up_to(name, max)?.filter(|text| !text.trim().is_empty()))
    };
    Ok(VehicleDetails {
        plate: text("plate", 20)?,
        vin: text("vin", 30)?,
        brand: text("brand", 100)?,
        model: text("model", 100)?,
        year: fields.opt_int("year")?,
        engine: text("engine", 100)?,
        mye_id: fields.opt_id("mye_id")?,
        color: text("color", 50)?,
        notes: text("notes", 2_000)?,
    })
}
