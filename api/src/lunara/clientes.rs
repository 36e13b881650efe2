//! `GET /api/v1/clientes` (contract 3.2).

use axum::{extract::State, response::Response};
use diario_projections::customers::{self, CustomerRow};
use serde_json::{Value, json};

use super::door::{Guest, ReadClientes};
use crate::{error::Problem, http::App};

/// The shop's patients, by name, DNI or telephone.
#[utoipa::path(get, path = "/api/v1/clientes", operation_id = "lunara.clientes", tag = "LUNARA",
    security(("token" = ["read:clientes"])),
    params(("q" = Option<String>, Query, description = "Búsqueda libre (DNI, nombre, teléfono)"),
        ("limit" = Option<i64>, Query, description = "Máx 500. Default 50."), ("offset" = Option<i64>, Query)),
    responses((status = 200, example = json!({"ok": true, "total": 137, "limit": 20, "offset": 0, "items": [
        {"dni": "70123456", "nombre": "María", "apellidos": "Quispe Mamani", "telefono": "+51999123456"}]})),
        (status = 401), (status = 403), (status = 422), (status = 429)))]
pub async fn handle(State(app): State<App>, guest: Guest<ReadClientes>) -> Response {
    guest.answer(list(&app, &guest).await)
}

async fn list(app: &App, guest: &Guest<ReadClientes>) -> Result<Value, Problem> {
    let slice = guest.page(50, 500)?;
    let (tenant, text) = (guest.principal.tenant, guest.params.opt_text("q"));
    let found = customers::list(&app.db, tenant, text, None, slice.page()).await?;
    let items: Vec<_> = found.rows.iter().map(item).collect();
    Ok(
        json!({"ok": true, "total": found.total, "limit": slice.limit, "offset": slice.offset, "items": items}),
    )
}

/// A patient; one who is known by one name only has no surname.
pub fn item(row: &CustomerRow) -> Value {
    let person = &row.person;
    json!({
        "dni": person.identity_number.as_ref().or(row.rfc.as_ref()),
        "nombre": person.given_names.as_ref().unwrap_or(&row.name),
        "apellidos": person.surnames.as_deref().unwrap_or_default(),
        "telefono": row.phone,
    })
}
