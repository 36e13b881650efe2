//! `GET /pos/api/quotations/:quot_id` (contract 5.5): the quotation with its items and customer.

use axum::{Json, extract::State};
use cqrs_es::Aggregate as _;
use diario_domain::{QuotationId, quotation::Quotation};
use diario_projections::quotations;
use serde_json::Value;

use super::{
    customers_detail, quotations_list,
    session::{Id, May, PosView},
    views,
};
use crate::{error::Problem, http::App};

/// A quotation.
#[utoipa::path(get, path = "/pos/api/quotations/{quot_id}", operation_id = "nexus.quotations_detail", tag = "Quotations",
    security(("token" = ["pos.view"])),
    params(("quot_id" = i64, Path)),
    responses((status = 200, description = "The quotation with `items` and `customer`"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let today = session.shop.day(app.now());
    let found = quotations::find(&app.db, session.tenant, QuotationId(id), today).await?;
    let row = found.ok_or(Problem::NotFound { what: "quotation" })?;
    let mut document = Quotation::default();
    for recorded in app.log.stream(session.tenant, &format!("{}-{id}", Quotation::TYPE)).await? {
        document.apply(recorded.event);
    }
    let lines = document.created.map(|created| created.lines).unwrap_or_default();
    let items: Vec<_> = lines.iter().map(views::priced_line).collect();
    let mut body = quotations_list::view(&row, &session.shop);
    body.insert("items".to_owned(), items.into());
    let customer = customers_detail::brief(&app, &session, row.customer_id).await?;
    body.insert("customer".to_owned(), customer);
    Ok(Json(Value::Object(body)))
}
