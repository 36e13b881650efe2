//! `GET /pos/api/layaways/:layaway_id` (contract 5.5): the layaway with its items, payments and customer.

use axum::{Json, extract::State};
use cqrs_es::Aggregate as _;
use diario_domain::{Event, LayawayId, layaway::Layaway};
use diario_projections::layaways;
use serde_json::{Value, json};

use super::{
    customers_detail, layaways_list,
    session::{Id, May, PosView},
    views,
};
use crate::{
    error::Problem,
    http::{App, json::money},
};

/// A layaway.
#[utoipa::path(get, path = "/pos/api/layaways/{layaway_id}", operation_id = "nexus.layaways_detail", tag = "Layaways",
    security(("token" = ["pos.view"])),
    params(("layaway_id" = i64, Path)),
    responses((status = 200, description = "The layaway with `items`, `payments` and `customer`"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let shop = &session.shop;
    let found = layaways::find(&app.db, session.tenant, LayawayId(id)).await?;
    let row = found.ok_or(Problem::NotFound { what: "layaway" })?;
    let mut document = Layaway::default();
    let mut payments: Vec<Value> = Vec::new();
    for recorded in app.log.stream(session.tenant, &format!("{}-{id}", Layaway::TYPE)).await? {
        let deposit = if let Event::LayawayCreated(created) = &recorded.event {
            created.deposit.as_ref()
        } else if let Event::DepositReceived(received) = &recorded.event {
            Some(&received.deposit)
        } else {
            None
        };
        payments.extend(deposit.map(|deposit| {
            json!({
                "payment_id": deposit.deposit_id.0,
                "date": deposit.date.to_string(),
                "created_at": shop.local(recorded.occurred_at),
                "amount": money(deposit.amount),
                "method": deposit.method.name(),
                "reference": deposit.reference,
                "register_id": deposit.register_id.map(|id| id.0),
            })
        }));
        document.apply(recorded.event);
    }
    let lines = document.created.map(|created| created.lines).unwrap_or_default();
    let items: Vec<_> = lines.iter().map(|line| views::priced_line(&line.line)).collect();
    let mut body = layaways_list::view(&row, shop);
    body.insert("items".to_owned(), items.into());
    body.insert("payments".to_owned(), payments.into());
    let customer = customers_detail::brief(&app, &session, Some(row.customer_id)).await?;
    body.insert("customer".to_owned(), customer);
    Ok(Json(Value::Object(body)))
}
