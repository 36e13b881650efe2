//! `PUT /admin/v1/price-lists/{list_id}`: another name, another percentage, or out of use.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, PriceListId, price_list::UpdatePriceList};
use serde_json::json;

use super::price_lists_create::variation;
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::session::{Id, InventoryEdit, May},
};

/// Changes a list: only the fields that are sent. The base list takes only another name.
#[utoipa::path(put, path = "/admin/v1/price-lists/{list_id}", operation_id = "admin.price_lists_update", tag = "Products",
    security(("token" = ["inventory.edit"])),
    params(("list_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"active": false})),
    responses((status = 200, example = json!({"id": 2, "message": "Price list updated"})), (status = 400), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let descripcion = fields.opt_text_up_to("descripcion", 200)?;
    if descripcion.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return Err(Problem::field("descripcion", Rule::NotEmpty));
    }
    let update =
        UpdatePriceList { descripcion, variacion: variation(fields)?, is_active: fields.opt_bool("active")? };
    session
        .write(&app, &body.bytes, Command::UpdatePriceList(PriceListId(id), update), move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Price list updated"}))
        })
        .await
}
