//! `GET /pos/api/customers/:customer_id` (contract 5.6).

use axum::{Json, extract::State};
use diario_domain::CustomerId;
use diario_projections::customers;
use serde_json::{Value, json};

use super::{
    customers_list,
    session::{CustomersView, Id, May, Session},
};
use crate::{
    error::Problem,
    http::{App, json::money},
};

/// A customer, with what of their credit sales is open.
#[utoipa::path(get, path = "/pos/api/customers/{customer_id}", operation_id = "nexus.customers_detail", tag = "Customers",
    security(("token" = ["customers.view"])),
    params(("customer_id" = i64, Path)), responses((status = 200), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let id = CustomerId(id);
    let row =
        customers::find(&app.db, session.tenant, id).await?.ok_or(Problem::NotFound { what: "customer" })?;
    let mut body = customers_list::view(&row, &session.shop);
    let open: Vec<_> = customers::open_sales(&app.db, session.tenant, id)
        .await?
        .into_iter()
        .map(|sale| {
            json!({
                "sale_id": sale.sale_id.0,
                "due_date": sale.due.to_string(),
                "balance": money(sale.open_amount),
                "tax": money(sale.open_tax),
            })
        })
        .collect();
    body.insert("open_sales".to_owned(), open.into());
    Ok(Json(Value::Object(body)))
}

/// The customer as the detail of a document shows them.
pub async fn brief(app: &App, session: &Session, id: Option<CustomerId>) -> Result<Value, Problem> {
    let Some(id) = id else { return Ok(Value::Null) };
    let found = customers::find(&app.db, session.tenant, id).await?;
    let customer = found.map(|customer| {
        json!({
            "id": customer.customer_id.0,
            "name": customer.name,
            "rfc": customer.rfc,
            "phone": customer.phone,
            "email": customer.email,
            "balance": money(customer.balance),
        })
    });
    Ok(customer.unwrap_or(Value::Null))
}
