//! `PUT /admin/v1/product-groups/{group_id}`: only the fields that are sent.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{CategoryId, Command, GroupId, product::UpdateGroup};
use serde_json::json;

use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
    nexus::session::{Id, InventoryEdit, May},
};

/// Changes a group; a field that is sent as `null` is emptied.
#[utoipa::path(put, path = "/admin/v1/product-groups/{group_id}", operation_id = "admin.product_groups_update", tag = "Products",
    security(("token" = ["inventory.edit"])),
    params(("group_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"name": "Remera Oversize", "active": false})),
    responses((status = 200, example = json!({"id": 120, "message": "Product group updated"})), (status = 400), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::UpdateGroup(GroupId(id), Box::new(changes(&body.fields)?));
    session
        .write(&app, &body.bytes, command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Product group updated"}))
        })
        .await
}

fn changes(fields: &Fields) -> Result<UpdateGroup, Problem> {
    let named = |name: &str, max: usize| match fields.opt_text_up_to(name, max)? {
        Some(text) if text.trim().is_empty() => Err(Problem::field(name, Rule::NotEmpty)),
        found => Ok(found),
    };
    let text = |name: &str, max: usize| -> Result<Option<Option<String>>, Problem> {
        if fields.has(name) { fields.opt_text_up_to(name, max).map(Some) } else { Ok(None) }
    };
    Ok(UpdateGroup {
        code: named("code", 100)?,
        name: named("name", 300)?,
        description: text("description", 2_000)?,
        category_id: if fields.has("category_id") {
            Some(fields.opt_id("category_id")?.map(CategoryId))
        } else {
            None
        },
        provider: text("provider", 200)?,
        active: fields.opt_bool("active")?,
    })
}
