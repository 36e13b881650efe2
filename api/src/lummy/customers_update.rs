//! `PATCH /v1/customers/{id}` and `PATCH /customers/{id}` (Y-15): only the fields that are sent.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, customer::UpdateCustomer, event::Recorded};
use serde_json::json;

use super::{
    client::Client,
    customers_detail::{CustomerUuid, find},
    view::{self, Shown},
};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, state::Shop, write::answer},
};

/// Changes a customer. `email` and `phone` are emptied by `null`; what an invoice needs cannot be.
#[utoipa::path(patch, path = "/v1/customers/{id}", operation_id = "lummy.customers_update", tag = "Customers",
    params(("x-organization-id" = String, Header), ("x-idempotency" = String, Header), ("id" = String, Path)),
    request_body(content = serde_json::Value, example = json!({"email": "pagos@cliente.com"})),
    responses((status = 200, example = json!({"requestId": "req_3f0c9a5e-2c1b-4a7e-9d57-0d5f8a2b6c11", "data":
        {"id": "550e8400-e29b-51d4-a716-446655440000", "rfc": "ECL010101AB1", "legalName": "Empresa Cliente S.A. de C.V.",
        "fiscalRegime": "601", "fiscalZipCode": "06500", "email": "pagos@cliente.com",
        "createdAt": "2025-01-15T10:30:00.000Z", "updatedAt": "2025-01-15T10:31:00.000Z"},
        "timestamp": "2025-01-15T10:31:00.000Z", "path": "/customers/550e8400-e29b-51d4-a716-446655440000", "method": "PATCH"})),
        (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn handle(
    State(app): State<App>,
    client: Client,
    CustomerUuid(id): CustomerUuid,
    body: Body,
) -> Result<Response, Problem> {
    let row = find(&app, &client, id).await?;
    let update = changes(&body.fields, &client.principal.shop)?;
    let command = Command::UpdateCustomer(row.customer_id, Box::new(update));
    let (call, shop, now) = (client.call.clone(), client.principal.shop.clone(), app.now());
    let taken = move |events: &[Recorded]| {
        let changed = events.first().and_then(|recorded| {
            let Event::CustomerUpdated(event) = &recorded.event else { return None };
            Some((event, recorded.occurred_at))
        });
        let view = match changed {
            Some((event, at)) => {
                Shown::event(event.customer_id, &event.details, event.registered_at, at).view(&shop)
            }
            None => Shown::row(&row).view(&shop),
        };
        answer(StatusCode::OK, &call.answer(now, json!({"data": view})))
    };
    client.write(&app, &body.bytes, command, taken).await
}

fn changes(fields: &Fields, shop: &Shop) -> Result<UpdateCustomer, Problem> {
    let needed = |name: &str, max: usize| -> Result<Option<String>, Problem> {
        if !fields.has(name) {
            return Ok(None);
        }
        view::text(fields, name, max)?.map(Some).ok_or_else(|| Problem::field(name, Rule::NotEmpty))
    };
    let optional = |name: &str, max: usize| -> Result<Option<Option<String>>, Problem> {
        if fields.has(name) { view::text(fields, name, max).map(Some) } else { Ok(None) }
    };
    let rfc = needed("rfc", 20)?.map(|rfc| view::rfc(&rfc, shop)).transpose()?;
    let regime = needed("fiscalRegime", 10)?.map(|key| view::regime(key, shop));
    let zip = needed("fiscalZipCode", 10)?.map(|code| view::postal_code(code, shop));
    let email = match optional("email", 254)? {
        Some(Some(text)) => Some(Some(view::email(text)?)),
        other => other,
    };
    Ok(UpdateCustomer {
        rfc: rfc.map(Some),
        razon_social: needed("legalName", 300)?.map(Some),
        regimen_fiscal: regime.transpose()?.map(Some),
        codigo_postal: zip.transpose()?.map(Some),
        email,
        phone: optional("phone", 50)?,
        ..UpdateCustomer::default()
    })
}
