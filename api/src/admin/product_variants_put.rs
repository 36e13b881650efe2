//! `PUT /admin/v1/product-groups/{group_id}/variants/{item_id}`: an item is a size of a product.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, GroupId, ItemId};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{Ids, InventoryEdit, May},
};

/// Puts an item into a group, with its size; it leaves the group it was in, and keeps its prices.
#[utoipa::path(put, path = "/admin/v1/product-groups/{group_id}/variants/{item_id}", operation_id = "admin.product_variants_put",
    tag = "Products",
    security(("token" = ["inventory.edit"])),
    params(("group_id" = i64, Path), ("item_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"size": "M"})),
    responses((status = 200, example = json!({"id": 120, "item_id": 121, "message": "Variant saved"})), (status = 400), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryEdit>,
    Ids(group, item): Ids,
    body: Body,
) -> Result<Response, Problem> {
    let size = body.fields.text_up_to("size", 50)?;
    session
        .write(&app, &body.bytes, Command::GroupItem(GroupId(group), ItemId(item), size), move |_| {
            answer(StatusCode::OK, &json!({"id": group, "item_id": item, "message": "Variant saved"}))
        })
        .await
}
