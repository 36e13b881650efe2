//! `GET /api/v1/recetas` (contract 3.3).

use axum::{extract::State, response::Response};
use diario_domain::optics::Eye;
use diario_projections::prescriptions::{self, PrescriptionFilter};
use serde_json::{Value, json};

use super::door::{Guest, ReadRecetas};
use crate::{
    error::Problem,
    http::{App, json::diopters},
};

/// Prescriptions, newest first, of one patient or of all.
#[utoipa::path(get, path = "/api/v1/recetas", operation_id = "lunara.recetas", tag = "LUNARA",
    security(("token" = ["read:recetas"])),
    params(("dni" = Option<String>, Query), ("limit" = Option<i64>, Query, description = "Máx 500. Default 50."),
        ("offset" = Option<i64>, Query)),
    responses((status = 200, example = json!({"ok": true, "total": 3, "limit": 50, "offset": 0, "items": [{"dni": "70123456",
        "fecha": "2026-05-12", "od": {"esfera": -2.50, "cilindro": -0.50, "eje": 90},
        "oi": {"esfera": -2.25, "cilindro": -0.25, "eje": 85}, "add": 1.50}]})),
        (status = 401), (status = 403), (status = 422), (status = 429)))]
pub async fn handle(State(app): State<App>, guest: Guest<ReadRecetas>) -> Response {
    guest.answer(list(&app, &guest).await)
}

async fn list(app: &App, guest: &Guest<ReadRecetas>) -> Result<Value, Problem> {
    let slice = guest.page(50, 500)?;
    let dni = guest.params.opt_text("dni").map(|text| text.trim().to_owned());
    let filter = PrescriptionFilter { dni, customer_id: None };
    let found = prescriptions::list(&app.db, guest.principal.tenant, &filter, slice.page()).await?;
    let item = |row: &prescriptions::PrescriptionRow| {
        json!({
            "dni": row.dni,
            "fecha": row.date.to_string(),
            "od": eye(&row.od),
            "oi": eye(&row.oi),
            "add": row.addition.map(diopters),
        })
    };
    let items: Vec<_> = found.rows.iter().map(item).collect();
    Ok(
        json!({"ok": true, "total": found.total, "limit": slice.limit, "offset": slice.offset, "items": items}),
    )
}

/// What one eye needs.
pub fn eye(eye: &Eye) -> Value {
    json!({"esfera": diopters(eye.sphere), "cilindro": eye.cylinder.map(diopters), "eje": eye.axis})
}
