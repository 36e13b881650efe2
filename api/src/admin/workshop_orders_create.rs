//! `POST /admin/v1/workshop-orders`: glasses are to be made (L-13).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, CustomerId, Event, SaleId, workshop::OpenWorkshopOrder};
use serde_json::json;

use super::patients_create::optional;
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::session::{CustomersEdit, May},
};

/// Gives an order to the workshop. `sale_id` gives it the folio of that sale; `folio` is for a sale from elsewhere.
#[utoipa::path(post, path = "/admin/v1/workshop-orders", operation_id = "admin.workshop_orders_create", tag = "Opticians",
    security(("token" = ["customers.edit"])),
    request_body(content = serde_json::Value, example = json!({"customer_id": 1, "sale_id": 1234, "notes": "Armazón azul"})),
    responses((status = 201, example = json!({"id": 1, "order": "OT-0001", "folio": "B001-1234", "message": "Workshop order opened"})),
        (status = 400), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let order = OpenWorkshopOrder {
        customer_id: CustomerId(fields.id("customer_id")?),
        sale_id: fields.opt_id("sale_id")?.map(SaleId),
        folio: optional(fields, "folio", 30)?,
        notes: optional(fields, "notes", 500)?,
    };
    if order.sale_id.is_some() && order.folio.is_some() {
        return Err(Problem::field("folio", Rule::NotWith("sale_id")));
    }
    session
        .write(&app, &body.bytes, Command::OpenWorkshopOrder(order), |events| {
            let Some(Event::WorkshopOpened(order)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({
                "id": order.order_id.0,
                "order": order.number,
                "folio": order.folio,
                "message": "Workshop order opened",
            });
            answer(StatusCode::CREATED, &body)
        })
        .await
}
