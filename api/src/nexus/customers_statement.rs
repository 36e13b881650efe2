//! `GET /pos/api/customers/:customer_id/statement` (contract 5.6): what changed the balance, newest first.

use axum::{Json, extract::State};
use diario_domain::CustomerId;
use diario_projections::{customers, statements};
use serde_json::{Value, json};

use super::session::{CustomersView, Id, May};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

/// A customer's statement of some local days. Balances count everything before as well.
#[utoipa::path(get, path = "/pos/api/customers/{customer_id}/statement", operation_id = "nexus.customers_statement", tag = "Customers",
    security(("token" = ["customers.view"])),
    params(("customer_id" = i64, Path), ("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query)),
    responses((status = 200, description = "`type` is `sale`, `payment`, `return` or `cancellation`", example = json!({
        "customer": {"id": 5, "name": "Taller Perez", "credit_limit": 50000.00, "balance": 12500.00},
        "transactions": [{"date": "2026-03-28", "type": "sale", "reference": "V-0045", "amount": 5000.00, "balance": 12500.00},
            {"date": "2026-03-25", "type": "payment", "reference": "PAG-012", "amount": -3000.00, "balance": 7500.00}]})),
        (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersView>,
    Id(id): Id,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let id = CustomerId(id);
    let (from, to) = (params.opt_date("date_from")?, params.opt_date("date_to")?);
    let found = customers::find(&app.db, session.tenant, id).await?;
    let customer = found.ok_or(Problem::NotFound { what: "customer" })?;
    let transactions: Vec<_> = statements::of_customer(&app.db, session.tenant, id, from, to)
        .await?
        .iter()
        .map(|row| {
            json!({
                "date": row.date.to_string(),
                "type": row.kind,
                "reference": row.reference,
                "amount": money(row.amount),
                "balance": money(row.balance),
            })
        })
        .collect();
    Ok(Json(json!({
        "customer": {
            "id": customer.customer_id.0,
            "name": customer.name,
            "credit_limit": money(customer.credit_limit),
            "balance": money(customer.balance),
        },
        "transactions": transactions,
    })))
}
