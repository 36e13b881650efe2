//! `PUT /pos/api/inventory/items/:item_id` (contract 5.3): only the fields that are sent; `initial_stock` is ignored.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{BranchId, Command, ItemId, item::UpdateItem};
use serde_json::json;

use super::session::{Id, InventoryEdit, May};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
};

/// Changes an item.
#[utoipa::path(put, path = "/pos/api/inventory/items/{item_id}", operation_id = "nexus.items_update", tag = "Inventory",
    security(("token" = ["inventory.edit"])),
    params(("item_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({"price_1": 360.00})),
    responses((status = 200, example = json!({"id": 1, "message": "Item updated"})), (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryEdit>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::UpdateItem(ItemId(id), Box::new(changes(&body.fields)?));
    session
        .write(&app, &body.bytes, command, move |_| {
            answer(StatusCode::OK, &json!({"id": id, "message": "Item updated"}))
        })
        .await
}

/// A field that is sent as `null` is emptied; one that is not sent stays.
fn changes(fields: &Fields) -> Result<UpdateItem, Problem> {
    let text = |name: &str, max: usize| -> Result<Option<Option<String>>, Problem> {
        if fields.has(name) { fields.opt_text_up_to(name, max).map(Some) } else { Ok(None) }
    };
    let number = |name: &str| -> Result<Option<Option<i64>>, Problem> {
        if fields.has(name) { fields.opt_int(name).map(Some) } else { Ok(None) }
    };
    let named = |name: &str, max: usize| match fields.opt_text_up_to(name, max)? {
        Some(text) if text.trim().is_empty() => Err(Problem::field(name, Rule::NotEmpty)),
        found => Ok(found),
    };
    Ok(UpdateItem {
        sku: named("part_number", 100)?,
        barcode: named("barcode", 100)?,
        name: named("name", 300)?,
        description: text("description", 2_000)?,
        branch_id: fields.opt_id("branch_id")?.map(BranchId),
        category_id: number("category_id")?,
        brand: text("brand", 100)?,
        unit: named("unit", 20)?,
        cost: fields.opt_price("cost")?,
        price_1: fields.opt_price("price_1")?,
        price_2: fields.opt_price("price_2")?,
        price_3: fields.opt_price("price_3")?,
        tax_rate: fields.opt_rate("tax_rate")?,
        min_stock: fields.opt_quantity("min_stock")?,
        max_stock: if fields.has("max_stock") { Some(fields.opt_quantity("max_stock")?) } else { None },
        location: text("location", 100)?,
        image_url: text("image_url", 500)?,
        catalog_part_id: number("catalog_part_id")?,
        is_active: fields.opt_bool("is_active")?,
    })
}
