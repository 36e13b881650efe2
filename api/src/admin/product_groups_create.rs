//! `POST /admin/v1/product-groups`: a product that comes in sizes.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{CategoryId, Command, Event, product::CreateGroup};
use serde_json::json;

use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{InventoryEdit, May},
};

/// Creates a group. Groups and items are numbered in one sequence: no product has the number of another.
#[utoipa::path(post, path = "/admin/v1/product-groups", operation_id = "admin.product_groups_create", tag = "Products",
    security(("token" = ["inventory.edit"])),
    request_body(content = serde_json::Value, example = json!({"code": "REM-001", "name": "Remera Oversize",
        "description": "Algodon 24/1", "category_id": 3, "provider": "Textiles SRL"})),
    responses((status = 201, example = json!({"id": 120, "message": "Product group created"})), (status = 400), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let create = CreateGroup {
        code: fields.text_up_to("code", 100)?,
        name: fields.text_up_to("name", 300)?,
        description: fields.opt_text_up_to("description", 2_000)?,
        category_id: fields.opt_id("category_id")?.map(CategoryId),
        provider: fields.opt_text_up_to("provider", 200)?,
    };
    session
        .write(&app, &body.bytes, Command::CreateGroup(Box::new(create)), |events| {
            let Some(Event::GroupCreated(group)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let body = json!({"id": group.group_id.0, "message": "Product group created"});
            answer(StatusCode::CREATED, &body)
        })
        .await
}
