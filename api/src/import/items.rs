//! Rows that are items: their columns, and which of them the shop has already.

use std::collections::HashMap;

use diario_domain::{
    Command, Event, UnitPrice,
    item::{CreateItem, ItemCreated},
};
use diario_projections::{
    Page,
    items::{self, ItemFilter, ItemRow},
};
use diario_store::StoreError;
use rust_decimal::Decimal;

use super::{
    Desk, Plan, Planned,
    columns::{Cells, Column, Draft, optional, required},
    earlier,
    fault::{Fault, RowError},
};
use crate::nexus::items_create;

/// The contract's names (5.3) with what shops call them.
pub const COLUMNS: &[Column] = &[
    required("part_number", Cells::Text, &["numero_de_parte", "no_de_parte", "clave", "codigo", "sku"]),
    required("name", Cells::Text, &["nombre"]),
    optional("barcode", Cells::Text, &["codigo_de_barras"]),
    optional("description", Cells::Text, &["descripcion"]),
    optional("kind", Cells::Word, &["tipo"]),
    optional("branch_id", Cells::Number, &["sucursal", "sucursal_id"]),
    optional("category_id", Cells::Number, &["categoria", "categoria_id"]),
    optional("brand", Cells::Text, &["marca"]),
    optional("unit", Cells::Text, &["unidad"]),
    optional("cost", Cells::Number, &["costo"]),
    optional("price_1", Cells::Number, &["precio_1", "precio", "precio_mostrador"]),
    optional("price_2", Cells::Number, &["precio_2", "precio_taller"]),
    optional("price_3", Cells::Number, &["precio_3", "precio_mayoreo"]),
    optional("tax_rate", Cells::Number, &["tasa_de_iva", "tasa_iva", "iva", "tasa_de_impuesto"]),
    optional("min_stock", Cells::Number, &["existencia_minima", "stock_minimo", "minimo"]),
    optional("max_stock", Cells::Number, &["existencia_maxima", "stock_maximo", "maximo"]),
    optional("location", Cells::Text, &["ubicacion"]),
    optional("image_url", Cells::Text, &["imagen", "url_de_imagen"]),
    optional("catalog_part_id", Cells::Number, &["parte_de_catalogo", "catalogo_id"]),
    optional("initial_stock", Cells::Number, &["existencia", "existencia_inicial", "existencias", "stock"]),
];

/// Reads rows and holds them against the shop's items.
pub async fn plan(desk: &Desk<'_>, drafts: Vec<Draft>) -> Result<Plan, StoreError> {
    let page = Page::first(i64::MAX);
    let listed = items::list(desk.db, desk.caller.tenant, &ItemFilter::default(), page).await?;
    let known: HashMap<String, ItemRow> =
        listed.rows.into_iter().map(|row| (row.sku.to_uppercase(), row)).collect();
    let mut codes: HashMap<String, u64> = HashMap::new();
    let mut barcodes: HashMap<String, u64> = HashMap::new();
    let mut plan = Plan::default();
    for mut draft in drafts {
        let item = match draft.read(|fields| items_create::item(fields, desk.country)) {
            Ok(item) => item,
            Err(wrong) => {
                plan.reject(wrong);
                continue;
            }
        };
        let mut wrong = Vec::new();
        if let Some(row) = earlier(&mut codes, item.sku.to_uppercase(), draft.row) {
            wrong.push(RowError::at(draft.row, "part_number", Fault::Repeated { row }));
        }
        if let Some(barcode) = &item.barcode
            && let Some(row) = earlier(&mut barcodes, barcode.clone(), draft.row)
        {
            wrong.push(RowError::at(draft.row, "barcode", Fault::Repeated { row }));
        }
        let existing = known.get(&item.sku.to_uppercase());
        if let Some(existing) = existing.filter(|_| wrong.is_empty()) {
            wrong.extend(differences(desk, &draft, &item, existing).await?);
            if wrong.is_empty() {
                plan.skipped += 1;
                continue;
            }
        }
        if wrong.is_empty() {
            let command = Command::CreateItem(Box::new(item));
            plan.planned.push(Planned { row: draft.row, command });
        } else {
            plan.reject(wrong);
        }
    }
    Ok(plan)
}

/// In what a row contradicts an item. An empty cell says nothing, so it contradicts nothing.
async fn differences(
    desk: &Desk<'_>,
    draft: &Draft,
    row: &CreateItem,
    item: &ItemRow,
) -> Result<Vec<RowError>, StoreError> {
    let mut errors = Vec::new();
    let mut compare = |column: &'static str, here: String, there: String| {
        if draft.says(column) && here != there {
            errors.push(RowError::at(draft.row, column, Fault::Differs { there, here }));
        }
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default().trim().to_owned();
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    compare("name", row.name.clone(), item.name.trim().to_owned());
    compare("barcode", text(&row.barcode), item.barcode.clone());
    compare("description", text(&row.description), text(&item.description));
    compare("kind", row.kind.name().to_owned(), item.kind.clone());
    compare("branch_id", id(row.branch_id.map(|branch| branch.0)), item.branch_id.0.to_string());
    compare("category_id", id(row.category_id), id(item.category_id));
    compare("brand", text(&row.brand), text(&item.brand));
    compare("unit", text(&row.unit), item.unit.clone());
    compare("price_1", price(row.prices.price_1), price(item.price_1));
    compare("price_2", price(row.prices.price_2), price(item.price_2));
    compare("price_3", price(row.prices.price_3), price(item.price_3));
    compare("tax_rate", digits(row.prices.tax_rate.to_decimal()), digits(item.tax_rate.to_decimal()));
    compare("min_stock", digits(row.min_stock.to_decimal()), digits(item.min_stock.to_decimal()));
    let most = |quantity: Option<diario_domain::Quantity>| {
        quantity.map(|quantity| digits(quantity.to_decimal())).unwrap_or_default()
    };
    compare("max_stock", most(row.max_stock), most(item.max_stock));
    compare("location", text(&row.location), text(&item.location));
    compare("image_url", text(&row.image_url), text(&item.image_url));
    compare("catalog_part_id", id(row.catalog_part_id), id(item.catalog_part_id));

    // Cost and stock move with what is bought and sold: a row also agrees when it says what they were at first.
    let cost_moved = draft.says("cost") && row.cost != item.cost;
    let stock_moved = draft.says("initial_stock") && row.initial_stock != item.stock;
    if cost_moved || stock_moved {
        let created = created(desk, item).await?;
        let first = created.as_ref().map_or(item.cost, |created| created.cost);
        if cost_moved && row.cost != first {
            let (here, there) = (price(row.cost), price(item.cost));
            errors.push(RowError::at(draft.row, "cost", Fault::Differs { there, here }));
        }
        let first = created.and_then(|created| created.opening).map(|opening| opening.quantity);
        if stock_moved && row.initial_stock != first.unwrap_or_default() {
            let (here, there) = (digits(row.initial_stock.to_decimal()), digits(item.stock.to_decimal()));
            errors.push(RowError::at(draft.row, "initial_stock", Fault::Differs { there, here }));
        }
    }
    Ok(errors)
}

/// The event that an item began with.
async fn created(desk: &Desk<'_>, item: &ItemRow) -> Result<Option<Box<ItemCreated>>, StoreError> {
    let stream = desk.log.stream(desk.caller.tenant, &format!("item-{}", item.item_id)).await?;
    Ok(stream.into_iter().find_map(|recorded| {
        if let Event::ItemCreated(created) = recorded.event { Some(created) } else { None }
    }))
}

fn price(price: UnitPrice) -> String {
    digits(price.to_decimal())
}

fn digits(number: Decimal) -> String {
    number.normalize().to_string()
}
