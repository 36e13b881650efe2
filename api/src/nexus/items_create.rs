//! `POST /pos/api/inventory/items` (contract 5.3, N-34).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    BranchId, Command, Event, Rate,
    item::{CreateItem, ItemKind, Prices},
};
use serde_json::json;

use super::session::{InventoryCreate, May};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
};

/// The tax of an item that names none: the general rate of the shop's country, as the contracts' profiles have it
/// (Mexico's IVA, Peru's IGV with the municipal tax, Turkey's KDV), and Argentina's IVA (Ley 23.349, art. 28).
fn general_rate(country: &str) -> Rate {
    Rate(match country {
        "PE" => 180_000,
        "TR" => 200_000,
        "AR" => 210_000,
        _ => 160_000,
    })
}

/// Creates an item; a barcode is made where none is given.
#[utoipa::path(post, path = "/pos/api/inventory/items", operation_id = "nexus.items_create", tag = "Inventory",
    security(("token" = ["inventory.create"])),
    request_body(content = serde_json::Value, example = json!({"part_number": "04465-02220", "name": "Pastillas de freno delanteras",
        "branch_id": 1, "category_id": 5, "brand": "Toyota", "unit": "PZA", "cost": 150.00, "price_1": 350.00, "price_2": 300.00,
        "price_3": 280.00, "tax_rate": 0.16, "min_stock": 5, "max_stock": 50, "location": "A-3-2", "initial_stock": 10, "catalog_part_id": 12345})),
    responses((status = 201, example = json!({"id": 1, "barcode": "2000000000015", "message": "Item created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::CreateItem(Box::new(item(&body.fields, &session.shop.country)?));
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::ItemCreated(item)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let created =
                json!({"id": item.item_id.0, "barcode": item.details.barcode, "message": "Item created"});
            answer(StatusCode::CREATED, &created)
        })
        .await
}

/// The item that a request's fields, or those of a file's row, describe in a shop of a country.
pub fn item(fields: &Fields, country: &str) -> Result<CreateItem, Problem> {
    let kind = match fields.opt_word("kind", &["stocked", "service"])? {
        Some("service") => ItemKind::Service,
        _ => ItemKind::Stocked,
    };
    let not_negative = |name: &str| match fields.opt_quantity(name)? {
        Some(quantity) if quantity.is_negative() => Err(Problem::field(name, Rule::NotNegative)),
        found => Ok(found),
    };
    Ok(CreateItem {
        sku: fields.text_up_to("part_number", 100)?.trim().to_owned(),
        barcode: fields.opt_text_up_to("barcode", 100)?.filter(|barcode| !barcode.trim().is_empty()),
        name: fields.text_up_to("name", 300)?,
        kind,
        branch_id: fields.opt_id("branch_id")?.map(BranchId),
        description: fields.opt_text("description")?,
        category_id: fields.opt_int("category_id")?,
        brand: fields.opt_text_up_to("brand", 100)?,
        unit: fields.opt_text_up_to("unit", 20)?.filter(|unit| !unit.trim().is_empty()),
        cost: fields.opt_price("cost")?.unwrap_or_default(),
        prices: Prices {
            price_1: fields.opt_price("price_1")?.unwrap_or_default(),
            price_2: fields.opt_price("price_2")?.unwrap_or_default(),
            price_3: fields.opt_price("price_3")?.unwrap_or_default(),
            tax_rate: fields.opt_rate("tax_rate")?.unwrap_or_else(|| general_rate(country)),
        },
        min_stock: not_negative("min_stock")?.unwrap_or_default(),
        max_stock: not_negative("max_stock")?,
        location: fields.opt_text_up_to("location", 100)?,
        image_url: fields.opt_text_up_to("image_url", 500)?,
        catalog_part_id: fields.opt_int("catalog_part_id")?,
        initial_stock: not_negative("initial_stock")?.unwrap_or_default(),
    })
}
