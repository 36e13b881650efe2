//! `DELETE /pos/api/customers/:customer_id/vehicles/:vehicle_id`: beyond the contract, which can only list them.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, VehicleId};
use serde_json::json;

use super::session::{CustomersEdit, Ids, May};
use crate::{
    error::Problem,
    http::{App, write::answer},
};

/// Takes a vehicle off its customer's list.
#[utoipa::path(delete, path = "/pos/api/customers/{customer_id}/vehicles/{vehicle_id}", operation_id = "nexus.vehicles_remove",
    tag = "Customers",
    security(("token" = ["customers.edit"])),
    params(("customer_id" = i64, Path), ("vehicle_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "message": "Vehicle removed"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    Ids(customer, id): Ids,
) -> Result<Response, Problem> {
    let command = Command::RemoveVehicle(CustomerId(customer), VehicleId(id));
    session
        .write(&app, &[], command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Vehicle removed"}))
        })
        .await
}
