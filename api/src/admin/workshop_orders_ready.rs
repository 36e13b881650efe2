//! `POST /admin/v1/workshop-orders/{order_id}/ready`: glasses can be fetched; `taller.listo` (contract 3.5).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, WorkshopOrderId};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, write::answer},
    nexus::session::{CustomersEdit, Id, May},
};

/// Says that an order is ready, once.
#[utoipa::path(post, path = "/admin/v1/workshop-orders/{order_id}/ready", operation_id = "admin.workshop_orders_ready",
    tag = "Opticians",
    security(("token" = ["customers.edit"])),
    params(("order_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "status": "ready", "message": "Workshop order ready"})), (status = 404),
        (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    Id(id): Id,
) -> Result<Response, Problem> {
    session
        .write(&app, &[], Command::FinishWorkshopOrder(WorkshopOrderId(id)), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "status": "ready", "message": "Workshop order ready"}))
        })
        .await
}
