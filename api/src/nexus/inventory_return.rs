//! `POST /pos/api/inventory/return` (contract 5.3, N-14, N-15).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, Event, ItemId, RegisterId, SaleId,
    returns::{RefundMethod, ReturnGoods},
    sale::TenderKind,
};
use serde_json::json;

use super::session::{InventoryCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// Where a refund may go, besides what is still owed on the sale: `saldo` is store credit.
const REFUNDS: &[&str] = &["saldo", "efectivo", "tarjeta", "transferencia"];

/// Takes goods of a sale back, at the price they were sold at.
#[utoipa::path(post, path = "/pos/api/inventory/return", operation_id = "nexus.inventory_return", tag = "Inventory",
    security(("token" = ["inventory.create"])),
    request_body(content = serde_json::Value, example = json!({"sale_id": 123, "items": [{"inventory_id": 1, "quantity": 1}], "reason": "Parte equivocada"})),
    responses((status = 201, example = json!({"return_id": 1, "sale_id": 123, "refund_total": 406.00, "sale_status": "completed", "message": "Return recorded"})),
        (status = 400, description = "More than was sold, or cash must be paid and no register is open"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let sale = SaleId(fields.id("sale_id")?);
    let mut lines = Vec::new();
    for line in fields.list("items")? {
        lines.push((ItemId(line.id("inventory_id")?), line.quantity("quantity")?));
    }
    let refund_method = fields
        .opt_word("refund_method", REFUNDS)?
        .map(|word| TenderKind::of_name(word).map_or(RefundMethod::StoreCredit, RefundMethod::Tender));
    let goods = ReturnGoods {
        lines,
        reason: fields.text_up_to("reason", 500)?,
        refund_method,
        register_id: fields.opt_id("register_id")?.map(RegisterId),
    };
    session
        .write(&app, &body.bytes, Command::ReturnGoods(sale, goods), |events| {
            let Some(Event::GoodsReturned(back)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let refund = &back.refund;
            let recorded = json!({
                "return_id": back.return_id.0,
                "sale_id": back.sale_id.map(|id| id.0),
                "refund_total": money(back.total),
                "refund": {
                    "credit": money(refund.receivable),
                    "store_credit": money(refund.store_credit),
                    "cash": money(refund.cash),
                    "card": money(refund.card),
                    "transfer": money(refund.transfer),
                },
                "sale_status": back.sale_status.name(),
                "message": "Return recorded",
            });
            answer(StatusCode::CREATED, &recorded)
        })
        .await
}
