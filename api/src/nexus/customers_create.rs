//! `POST /pos/api/customers` (contract 5.6, N-39).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    BranchId, Command, Event,
    customer::{CustomerDetails, Person, PriceTier, RegisterCustomer},
};
use serde_json::json;

use super::session::{CustomersCreate, May};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
};

/// The prices that a customer may pay (N-9).
pub const TIERS: &[&str] = &["mostrador", "taller", "mayoreo"];
/// Days until a credit sale is due when nothing else is agreed (N-40).
pub const CREDIT_DAYS: i64 = 30;

/// Registers a customer.
#[utoipa::path(post, path = "/pos/api/customers", operation_id = "nexus.customers_create", tag = "Customers",
    security(("token" = ["customers.create"])),
    request_body(content = serde_json::Value, example = json!({"name": "Taller Perez", "rfc": "XAXX010101000",
        "razon_social": "Taller Mecanico Perez SA de CV", "regimen_fiscal": "601", "codigo_postal": "06600", "uso_cfdi": "G03",
        "email": "taller@correo.com", "phone": "555-9876", "address": "Calle Reforma 50", "price_tier": "taller",
        "credit_limit": 50000.00, "branch_id": 1})),
    responses((status = 201, example = json!({"id": 1, "message": "Customer created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::RegisterCustomer(Box::new(RegisterCustomer { details: details(&body.fields)? }));
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::CustomerRegistered(customer)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": customer.customer_id.0, "message": "Customer created"}))
        })
        .await
}

/// The customer that a request's fields, or those of a file's row, describe.
pub fn details(fields: &Fields) -> Result<CustomerDetails, Problem> {
    let optional = |name: &str, max: usize| -> Result<Option<String>, Problem> {
        Ok(fields.opt_text_up_to(name, max)?.filter(|text| !text.trim().is_empty()))
    };
    let tier = fields.opt_word("price_tier", TIERS)?.and_then(PriceTier::of_name).unwrap_or_default();
    Ok(CustomerDetails {
        name: fields.text_up_to("name", 300)?,
        rfc: optional("rfc", 20)?.map(|rfc| rfc.trim().to_uppercase()),
        razon_social: optional("razon_social", 300)?,
        regimen_fiscal: optional("regimen_fiscal", 10)?,
        codigo_postal: optional("codigo_postal", 10)?,
        uso_cfdi: optional("uso_cfdi", 10)?,
        email: optional("email", 254)?,
        phone: optional("phone", 50)?,
        address: optional("address", 500)?,
        price_tier: tier,
        credit_limit: fields.opt_cents("credit_limit")?.unwrap_or_default(),
        credit_days: match fields.opt_int_from("credit_days", 0)? {
            Some(days) if days > 3_650 => {
                return Err(Problem::field("credit_days", Rule::IntegerBetween(0, 3_650)));
            }
            days => days.unwrap_or(CREDIT_DAYS),
        },
        branch_id: fields.opt_id("branch_id")?.map(BranchId),
        person: Person::default(),
    })
}
