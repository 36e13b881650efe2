//! `GET /v1/customers` and `GET /customers` (contract 6.1).

use axum::{Json, extract::State};
use diario_projections::{Begin, Page, customers};
use serde_json::{Value, json};

use super::{
    client::Client,
    view::{Shown, nameless},
};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// The organization's customers in the order in which they were registered, found by RFC or legal name. Also under
/// `/customers`.
#[utoipa::path(get, path = "/v1/customers", operation_id = "lummy.customers_list", tag = "Customers",
    params(("x-organization-id" = String, Header), ("search" = Option<String>, Query), ("page" = Option<i64>, Query),
        ("limit" = Option<i64>, Query, description = "1 - 100, 20 where absent")),
    responses((status = 200, example = json!({"requestId": "req_3f0c9a5e-2c1b-4a7e-9d57-0d5f8a2b6c11", "data": [
        {"id": "550e8400-e29b-51d4-a716-446655440000", "rfc": "XEXX010101000", "legalName": "Empresa Cliente S.A. de C.V.",
        "fiscalRegime": "601", "fiscalZipCode": "06500", "email": "facturacion@cliente.com", "phone": "+525512345678",
        "createdAt": "2025-01-15T10:30:00.000Z", "updatedAt": "2025-01-15T10:30:00.000Z"}], "total": 1, "page": 1, "limit": 20,
        "totalPages": 1, "meta": {"page": 1, "limit": 20, "total": 1, "totalPages": 1}, "timestamp": "2025-01-15T10:30:00.000Z",
        "path": "/customers", "method": "GET"})), (status = 400), (status = 401), (status = 403)))]
pub async fn handle(State(app): State<App>, client: Client, params: Params) -> Result<Json<Value>, Problem> {
    let page = params.int_between("page", 1, 1, i64::MAX)?;
    let limit = params.int_between("limit", 20, 1, 100)?;
    let (tenant, shop) = (client.principal.tenant, &client.principal.shop);
    let asked = Page { begin: Begin::Offset((page - 1).saturating_mul(limit)), limit };
    let found =
        customers::legal_list(&app.db, tenant, params.opt_text("search"), nameless(shop), asked).await?;
    let data: Vec<_> = found.rows.iter().map(|row| Shown::row(row).view(shop)).collect();
    let total = found.total.unwrap_or_default();
    let pages = (total + limit - 1) / limit;
    let body = json!({
        "data": data,
        "total": total,
        "page": page,
        "limit": limit,
        "totalPages": pages,
        "meta": {"page": page, "limit": limit, "total": total, "totalPages": pages},
    });
    Ok(Json(client.call.answer(app.now(), body)))
}
