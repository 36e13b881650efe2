//! `GET /pos/api/sales/:sale_id` (contract 5.5): the sale with its items, payments and customer.

use axum::{Json, extract::State};
use cqrs_es::Aggregate as _;
use diario_domain::{
    SaleId,
    sale::{Origin, Sale},
};
use diario_projections::sales;
use serde_json::{Value, json};

use super::{
    customers_detail,
    session::{Id, May, PosView, Session},
    views,
};
use crate::{error::Problem, http::App};

/// A sale.
#[utoipa::path(get, path = "/pos/api/sales/{sale_id}", operation_id = "nexus.sales_detail", tag = "Sales",
    security(("token" = ["pos.view"])),
    params(("sale_id" = i64, Path)),
    responses((status = 200, description = "The sale with `items`, `payments`, `customer` and `origin`: the quotation or layaway that it comes from"), (status = 404)))]
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
    let (items, payments) = views::sale_document(&document);
    let mut body = views::sale(&row, &session.shop);
    body.insert("items".to_owned(), items.into());
    body.insert("payments".to_owned(), payments.into());
    let customer = customers_detail::brief(app, session, row.customer_id).await?;
    body.insert("customer".to_owned(), customer);
    let origin = document.completed.as_ref().and_then(|sale| sale.origin).map(|origin| match origin {
        Origin::Quotation(id) => json!({"type": "quotation", "id": id.0}),
        Origin::Layaway { layaway_id, .. } => json!({"type": "layaway", "id": layaway_id.0}),
        Origin::Order { order_id, .. } => json!({"type": "order", "id": order_id.0}),
    });
    body.insert("origin".to_owned(), origin.into());
    let notes = document.completed.and_then(|sale| sale.notes);
    body.insert("notes".to_owned(), notes.into());
    Ok(Json(Value::Object(body)))
}
