//! `GET /pos/api/sales/:sale_id` (contract 5.5): the sale with its items, payments and customer.

use axum::{Json, extract::State};
use cqrs_es::Aggregate as _;
use diario_domain::{SaleId, sale::Sale};
use diario_projections::{customers, sales};
use serde_json::{Value, json};

use super::{
    session::{Id, May, PosView, Session},
    views,
};
use crate::{
    error::Problem,
    http::{App, json::money},
};

/// A sale.
#[utoipa::path(get, path = "/pos/api/sales/{sale_id}", operation_id = "nexus.sales_detail", tag = "Sales",
    params(("sale_id" = i64, Path)),
    responses((status = 200, description = "The sale with `items`, `payments` and `customer`"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    detail(&app, &session, SaleId(id)).await
}

/// The same for the last sale.
pub async fn detail(app: &App, session: &Session, id: SaleId) -> Result<Json<Value>, Problem> {
    let row = sales::find(&app.db, session.tenant, id).await?.ok_or(Problem::NotFound { what: "sale" })?;
    let mut document = Sale::default();
    for recorded in app.log.stream(session.tenant, &format!("{}-{id}", Sale::TYPE)).await? {
        document.apply(recorded.event);
    }
    let customer = match row.customer_id {
        Some(customer) => customers::find(&app.db, session.tenant, customer).await?,
        None => None,
    };
    let (items, payments) = views::sale_document(&document);
    let mut body = views::sale(&row, &session.shop);
    body.insert("items".to_owned(), items.into());
    body.insert("payments".to_owned(), payments.into());
    let customer = customer.map(|customer| {
        json!({
            "id": customer.customer_id.0,
            "name": customer.name,
            "rfc": customer.rfc,
            "phone": customer.phone,
            "email": customer.email,
            "balance": money(customer.balance),
        })
    });
    body.insert("customer".to_owned(), customer.unwrap_or(Value::Null));
    let notes = document.completed.and_then(|sale| sale.notes);
    body.insert("notes".to_owned(), notes.into());
    Ok(Json(Value::Object(body)))
}
