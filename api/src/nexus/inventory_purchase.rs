//! `POST /pos/api/inventory/purchase` (contract 5.3, N-37, N-41).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    BranchId, Command, Event, ItemId, RegisterId, purchase::RecordPurchase, sale::TenderKind,
};
use serde_json::json;

use super::session::{InventoryCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// How a purchase may be paid at once; without a word it is owed.
const PAID_BY: &[&str] = &["efectivo", "transferencia", "tarjeta"];

/// Receives goods from a supplier, on credit or paid at once.
#[utoipa::path(post, path = "/pos/api/inventory/purchase", operation_id = "nexus.inventory_purchase", tag = "Inventory",
    security(("token" = ["inventory.create"])),
    request_body(content = serde_json::Value, example = json!({"supplier": "Distribuidora Central", "invoice_number": "FAC-001",
        "items": [{"inventory_id": 1, "quantity": 20, "unit_cost": 145.00}], "notes": "Compra semanal"})),
    responses((status = 201, example = json!({"purchase_id": 1, "total": 3364.00, "items_count": 1, "message": "Purchase recorded"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let mut lines = Vec::new();
    for line in fields.list("items")? {
        lines.push((ItemId(line.id("inventory_id")?), line.quantity("quantity")?, line.price("unit_cost")?));
    }
    let purchase = RecordPurchase {
        branch_id: fields.opt_id("branch_id")?.map(BranchId),
        supplier: fields.text_up_to("supplier", 300)?,
        invoice_number: fields
            .opt_text_up_to("invoice_number", 100)?
            .filter(|number| !number.trim().is_empty()),
        lines,
        paid_by: fields.opt_word("payment_method", PAID_BY)?.and_then(TenderKind::of_name),
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        notes: fields.opt_text("notes")?,
    };
    session
        .write(&app, &body.bytes, Command::RecordPurchase(purchase), |events| {
            let Some(Event::PurchaseRecorded(purchase)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            let recorded = json!({
                "purchase_id": purchase.purchase_id.0,
                "subtotal": money(purchase.net),
                "tax": money(purchase.tax),
                "total": money(purchase.total),
                "items_count": purchase.lines.len(),
                "message": "Purchase recorded",
            });
            answer(StatusCode::CREATED, &recorded)
        })
        .await
}
