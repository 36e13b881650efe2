//! `PUT /admin/v1/customers/{customer_id}/prices/{item_id}`: a company has a price of its own (contract 9.2).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, ItemId, ordering::CompanyTerms};

use super::company_prices_list;
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Ids, May},
};

/// Sets what a company pays for an item, before a discount in percent.
#[utoipa::path(put, path = "/admin/v1/customers/{customer_id}/prices/{item_id}", operation_id = "admin.company_prices_set",
    tag = "Ordering",
    security(("token" = ["config.edit"])),
    params(("customer_id" = i64, Path), ("item_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"price": 90.00, "discount_pct": 5})),
    responses((status = 200, example = json!({"item_id": 1, "price": 90.00, "discount_pct": 5})), (status = 400), (status = 404),
        (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Ids(customer, item): Ids,
    body: Body,
) -> Result<Response, Problem> {
    let terms = CompanyTerms {
        price: body.fields.price("price")?,
        discount_pct: body.fields.opt_rate("discount_pct")?.unwrap_or_default(),
    };
    let item = ItemId(item);
    let command = Command::SetCompanyPrice(CustomerId(customer), item, Some(terms));
    session
        .write(&app, &body.bytes, command, move |_| {
            answer(StatusCode::OK, &company_prices_list::view(item, terms))
        })
        .await
}
