//! `GET /v1/customers/{id}` and `GET /customers/{id}` (Y-15).

use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
};
use diario_projections::customers::{self, CustomerRow};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{client::Client, ids, view::Shown};
use crate::{
    error::{Problem, Rule},
    http::App,
};

/// One customer.
#[utoipa::path(get, path = "/v1/customers/{id}", operation_id = "lummy.customers_detail", tag = "Customers",
    params(("x-organization-id" = String, Header), ("id" = String, Path)),
    responses((status = 200, example = json!({"requestId": "req_3f0c9a5e-2c1b-4a7e-9d57-0d5f8a2b6c11", "data":
        {"id": "550e8400-e29b-51d4-a716-446655440000", "rfc": "XEXX010101000", "legalName": "Empresa Cliente S.A. de C.V.",
        "fiscalRegime": "601", "fiscalZipCode": "06500", "email": "facturacion@cliente.com",
        "createdAt": "2025-01-15T10:30:00.000Z", "updatedAt": "2025-01-15T10:30:00.000Z"},
        "timestamp": "2025-01-15T10:30:00.000Z", "path": "/customers/550e8400-e29b-51d4-a716-446655440000", "method": "GET"})),
        (status = 400), (status = 401), (status = 403), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    client: Client,
    CustomerUuid(id): CustomerUuid,
) -> Result<Json<Value>, Problem> {
    let row = find(&app, &client, id).await?;
    let body = json!({"data": Shown::row(&row).view(&client.principal.shop)});
    Ok(Json(client.call.answer(app.now(), body)))
}

/// The customer of an id in the organization that is addressed.
pub async fn find(app: &App, client: &Client, id: Uuid) -> Result<CustomerRow, Problem> {
    let (tenant, shop) = (client.principal.tenant, &client.principal.shop);
    let number = ids::number(app, tenant, shop, id).await?;
    let number = number.ok_or(Problem::NotFound { what: "customer" })?;
    customers::find(&app.db, tenant, number).await?.ok_or(Problem::NotFound { what: "customer" })
}

/// The UUID in a path.
pub struct CustomerUuid(pub Uuid);

impl FromRequestParts<App> for CustomerUuid {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let wrong = || Problem::field("id", Rule::Form("un UUID"));
        let Path(text) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| wrong())?;
        text.parse().map(Self).map_err(|_| wrong())
    }
}
