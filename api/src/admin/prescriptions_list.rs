//! `GET /admin/v1/prescriptions`: what was measured, newest first.

use axum::{Json, extract::State};
use diario_projections::prescriptions::{self, PrescriptionFilter};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, Params, json::diopters},
    lunara::recetas::eye,
    nexus::{
        session::{CustomersView, May},
        views,
    },
};

/// Prescriptions, of one patient or of all.
#[utoipa::path(get, path = "/admin/v1/prescriptions", operation_id = "admin.prescriptions_list", tag = "Opticians",
    security(("token" = ["customers.view"])),
    params(("customer_id" = Option<i64>, Query), ("dni" = Option<String>, Query), ("page" = Option<i64>, Query),
        ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "customer_id": 1, "customer_name": "María Quispe Mamani",
        "dni": "70123456", "date": "2026-05-12", "od": {"esfera": -2.50, "cilindro": -0.50, "eje": 90},
        "oi": {"esfera": -2.25, "cilindro": -0.25, "eje": 85}, "add": 1.50}],
        "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = PrescriptionFilter {
        dni: params.opt_text("dni").map(ToOwned::to_owned),
        customer_id: params.opt_int("customer_id")?,
    };
    let found = prescriptions::list(&app.db, session.tenant, &filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| {
        json!({
            "id": row.prescription_id.0,
            "customer_id": row.customer_id.0,
            "customer_name": row.customer_name,
            "dni": row.dni,
            "date": row.date.to_string(),
            "od": eye(&row.od),
            "oi": eye(&row.oi),
            "add": row.addition.map(diopters),
        })
    })))
}
