//! `PUT /pos/api/customers/:customer_id` (contract 5.6): only the fields that are sent.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    BranchId, Command, CustomerId,
    customer::{PriceTier, UpdateCustomer},
};
use serde_json::json;

use super::{
    customers_create::TIERS,
    session::{CustomersEdit, Id, May},
};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
};

/// Changes a customer.
#[utoipa::path(put, path = "/pos/api/customers/{customer_id}", operation_id = "nexus.customers_update", tag = "Customers",
    security(("token" = ["customers.edit"])),
    params(("customer_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"phone": "555-1234", "credit_limit": 60000.00})),
    responses((status = 200, example = json!({"id": 1, "message": "Customer updated"})), (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::UpdateCustomer(CustomerId(id), Box::new(changes(&body.fields)?));
    session
        .write(&app, &body.bytes, command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Customer updated"}))
        })
        .await
}

/// An optional field that is sent as `null` or blank is emptied; one that is not sent stays.
fn changes(fields: &Fields) -> Result<UpdateCustomer, Problem> {
    let text = |name: &str, max: usize| -> Result<Option<Option<String>>, Problem> {
        if !fields.has(name) {
            return Ok(None);
        }
        Ok(Some(fields.opt_text_up_to(name, max)?.filter(|text| !text.trim().is_empty())))
    };
    let name = match fields.opt_text_up_to("name", 300)? {
        Some(text) if text.trim().is_empty() => return Err(Problem::field("name", Rule::NotEmpty)),
        found => found,
    };
    Ok(UpdateCustomer {
        name,
        rfc: text("rfc", 20)?.map(|rfc| rfc.map(|rfc| rfc.trim().to_uppercase())),
        razon_social: text("razon_social", 300)?,
        regimen_fiscal: text("regimen_fiscal", 10)?,
        codigo_postal: text("codigo_postal", 10)?,
        uso_cfdi: text("uso_cfdi", 10)?,
        email: text("email", 254)?,
        phone: text("phone", 50)?,
        address: text("address", 500)?,
        price_tier: fields.opt_word("price_tier", TIERS)?.and_then(PriceTier::of_name),
        credit_limit: fields.opt_cents("credit_limit")?,
        credit_days: fields.opt_int_from("credit_days", 0)?,
        person: None,
        branch_id: if fields.has("branch_id") {
            Some(fields.opt_id("branch_id")?.map(BranchId))
        } else {
            None
        },
        is_active: fields.opt_bool("is_active")?,
    })
}
