//! `GET /api/v1/precios/demo`: whether a token may read prices.

use axum::Json;
use serde_json::{Value, json};

use super::caller::{Caller, PricesRead};

/// The token may read prices.
#[utoipa::path(get, path = "/api/v1/precios/demo", operation_id = "gestion_nube.prices_demo", tag = "Session",
    security(("token" = ["prices:read"])),
    responses((status = 200, example = json!({"message": "Acceso a precios correcto"})), (status = 401), (status = 403), (status = 429)))]
pub async fn handle(_caller: Caller<PricesRead>) -> Json<Value> {
    Json(json!({"message": "Acceso a precios correcto"}))
}
