//! `POST /pos/api/inventory/categories` (extension).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{CategoryId, Command, Event, category::CreateCategory};
use serde_json::json;

use super::session::{InventoryCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Creates a category.
#[utoipa::path(post, path = "/pos/api/inventory/categories", operation_id = "nexus.categories_create", tag = "Inventory",
    security(("token" = ["inventory.create"])),
    request_body(content = serde_json::Value, example = json!({"name": "Frenos", "parent_id": null})),
    responses((status = 201, example = json!({"id": 1, "message": "Category created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let create = CreateCategory {
        name: body.fields.text_up_to("name", 200)?,
        parent_id: body.fields.opt_id("parent_id")?.map(CategoryId),
    };
    session
        .write(&app, &body.bytes, Command::CreateCategory(create), |events| {
            let Some(Event::CategoryCreated(category)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": category.category_id.0, "message": "Category created"}))
        })
        .await
}
