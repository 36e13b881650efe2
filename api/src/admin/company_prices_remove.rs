//! `DELETE /admin/v1/customers/{customer_id}/prices/{item_id}`: a company pays its tier's price again.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, ItemId};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, write::answer},
    nexus::session::{ConfigEdit, Ids, May},
};

/// Takes a company's own price back.
#[utoipa::path(delete, path = "/admin/v1/customers/{customer_id}/prices/{item_id}", operation_id = "admin.company_prices_remove",
    tag = "Ordering",
    security(("token" = ["config.edit"])),
    params(("customer_id" = i64, Path), ("item_id" = i64, Path)),
    responses((status = 200, example = json!({"item_id": 1, "message": "Price removed"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Ids(customer, item): Ids,
) -> Result<Response, Problem> {
    let command = Command::SetCompanyPrice(CustomerId(customer), ItemId(item), None);
    session
        .write(&app, &[], command, move |_| {
            answer(StatusCode::OK, &json!({"item_id": item, "message": "Price removed"}))
        })
        .await
}
