//! `GET /pos/api/customers/:customer_id/vehicles` (contract 5.6).

use axum::{Json, extract::State};
use diario_domain::CustomerId;
use diario_projections::{customers, vehicles};
use serde_json::{Value, json};

use super::session::{CustomersView, Id, May};
use crate::{error::Problem, http::App};

/// A customer's vehicles.
#[utoipa::path(get, path = "/pos/api/customers/{customer_id}/vehicles", operation_id = "nexus.vehicles_list", tag = "Customers",
    security(("token" = ["customers.view"])),
    params(("customer_id" = i64, Path)),
    responses((status = 200, example = json!({"data": [{"id": 1, "plate": "ABC-123-A", "vin": null, "brand": "Nissan", "model": "Tsuru",
        "year": 2010, "engine": "1.6", "mye_id": null, "color": "Blanco", "notes": null}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let id = CustomerId(id);
    let found = customers::find(&app.db, session.tenant, id).await?;
    found.ok_or(Problem::NotFound { what: "customer" })?;
    let data: Vec<_> = vehicles::of_customer(&app.db, session.tenant, id)
        .await?
        .iter()
        .map(|(vehicle, details)| {
            json!({
                "id": vehicle.0,
                "plate": details.plate,
                "vin": details.vin,
                "brand": details.brand,
                "model": details.model,
                "year": details.year,
                "engine": details.engine,
                "mye_id": details.mye_id,
                "color": details.color,
                "notes": details.notes,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
