//! `POST /v1/customers` and `POST /customers` (Y-15).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event,
    customer::{CustomerDetails, RegisterCustomer},
    event::Recorded,
};
use serde_json::json;

use super::{
    client::Client,
    view::{self, Shown},
};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, state::Shop, write::answer},
    nexus::customers_create::CREDIT_DAYS,
};

/// Registers a customer with what an invoice needs. `x-idempotency` is a UUID; the same one answers the same again.
#[utoipa::path(post, path = "/v1/customers", operation_id = "lummy.customers_create", tag = "Customers",
    params(("x-organization-id" = String, Header), ("x-idempotency" = String, Header)),
    request_body(content = serde_json::Value, example = json!({"rfc": "ECL010101AB1", "legalName": "Empresa Cliente S.A. de C.V.",
        "fiscalRegime": "601", "fiscalZipCode": "06500", "email": "facturacion@cliente.com", "phone": "+525512345678"})),
    responses((status = 201, example = json!({"requestId": "req_3f0c9a5e-2c1b-4a7e-9d57-0d5f8a2b6c11", "data":
        {"id": "550e8400-e29b-51d4-a716-446655440000", "rfc": "ECL010101AB1", "legalName": "Empresa Cliente S.A. de C.V.",
        "fiscalRegime": "601", "fiscalZipCode": "06500", "email": "facturacion@cliente.com",
        "createdAt": "2025-01-15T10:30:00.000Z", "updatedAt": "2025-01-15T10:30:00.000Z"},
        "timestamp": "2025-01-15T10:30:00.000Z", "path": "/customers", "method": "POST"})),
        (status = 400), (status = 401), (status = 403), (status = 409)))]
pub async fn handle(State(app): State<App>, client: Client, body: Body) -> Result<Response, Problem> {
    let details = details(&body.fields, &client.principal.shop)?;
    let command = Command::RegisterCustomer(Box::new(RegisterCustomer { details }));
    let (call, shop) = (client.call.clone(), client.principal.shop.clone());
    let taken = move |events: &[Recorded]| {
        let Some((Event::CustomerRegistered(customer), at)) =
            events.first().map(|recorded| (&recorded.event, recorded.occurred_at))
        else {
            return answer(StatusCode::CREATED, &());
        };
        let shown = Shown::event(customer.customer_id, &customer.details, at, at);
        answer(StatusCode::CREATED, &call.answer(at, json!({"data": shown.view(&shop)})))
    };
    client.write(&app, &body.bytes, command, taken).await
}

fn details(fields: &Fields, shop: &Shop) -> Result<CustomerDetails, Problem> {
    let required = |name: &str, max: usize| {
        view::text(fields, name, max)?.ok_or_else(|| Problem::field(name, Rule::Required))
    };
    let rfc = view::rfc(&required("rfc", 20)?, shop)?;
    let legal_name = required("legalName", 300)?;
    let regime = view::regime(required("fiscalRegime", 10)?, shop)?;
    let zip = view::postal_code(required("fiscalZipCode", 10)?, shop)?;
    Ok(CustomerDetails {
        name: legal_name.clone(),
        rfc: Some(rfc),
        razon_social: Some(legal_name),
        regimen_fiscal: Some(regime),
        codigo_postal: Some(zip),
        email: view::text(fields, "email", 254)?.map(view::email).transpose()?,
        phone: view::text(fields, "phone", 50)?,
        credit_days: CREDIT_DAYS,
        ..CustomerDetails::default()
    })
}
