//! `GET /api/v1/usuario`: whose token it is, and of which shop.

use axum::Json;
use serde_json::{Value, json};

use super::caller::{AnyToken, Caller};

/// The person behind the token, and their shop.
#[utoipa::path(get, path = "/api/v1/usuario", operation_id = "gestion_nube.user", tag = "Session",
    responses((status = 200, example = json!({"id": 1, "name": "Ana", "email": "ana@tienda.com",
        "active_company": {"id": 1, "name": "Tienda", "moneda": "ARS"}})), (status = 401), (status = 429)))]
pub async fn handle(caller: Caller<AnyToken>) -> Json<Value> {
    Json(json!({
        "id": caller.user.user_id.0,
        "name": caller.user.name,
        "email": caller.user.email,
        "active_company": {
            "id": caller.tenant.0,
            "name": caller.shop.name,
            "moneda": caller.shop.currency,
        },
    }))
}
