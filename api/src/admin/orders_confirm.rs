//! `POST /admin/v1/orders/{order_id}/confirm`: an order becomes a sale (T-25).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, OrderId};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Sells what was set aside, at the prices of the order, on the company's account.
#[utoipa::path(post, path = "/admin/v1/orders/{order_id}/confirm", operation_id = "admin.orders_confirm", tag = "Ordering",
    security(("token" = ["config.edit"])),
    params(("order_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({})),
    responses((status = 200, example = json!({"id": 1, "sale_id": 45, "message": "Order confirmed"})), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    session
        .write(&app, &body.bytes, Command::ConfirmOrder(OrderId(id)), move |events| {
            let sale = events.iter().find_map(|recorded| {
                // The sale is beside it.
                let Event::OrderConfirmed(confirmed) = &recorded.event else { return None };
                Some(confirmed.sale_id.0)
            });
            answer(StatusCode::OK, &json!({"id": id, "sale_id": sale, "message": "Order confirmed"}))
        })
        .await
}
