//! `POST /admin/v1/orders/{order_id}/cancel`: an order is given up.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, OrderId};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Frees what was set aside. An order that is a sale already is taken back by cancelling the sale.
#[utoipa::path(post, path = "/admin/v1/orders/{order_id}/cancel", operation_id = "admin.orders_cancel", tag = "Ordering",
    security(("token" = ["config.edit"])),
    params(("order_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"reason": "Sin existencias"})),
    responses((status = 200, example = json!({"id": 1, "message": "Order cancelled"})), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::CancelOrder(OrderId(id), body.fields.opt_text("reason")?);
    session
        .write(&app, &body.bytes, command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Order cancelled"}))
        })
        .await
}
