//! `POST /pos/api/sales` (contract 5.5, N-6, N-8, N-10 to N-13).

use axum::{extract::State, response::Response};
use diario_domain::{
    Command, CustomerId, RegisterId,
    sale::{CompleteSale, SaleType},
};

use super::{
    selling,
    session::{May, PosSell},
};
use crate::{
    error::Problem,
    http::{App, Fields, fields::Body},
};

/// Sells. `payment_brand` names the brand of one means of payment, such as `YAPE` of a transfer.
#[utoipa::path(post, path = "/pos/api/sales", operation_id = "nexus.sales_create", tag = "Sales",
    security(("token" = ["pos.sell"])),
    request_body(content = serde_json::Value, example = json!({
        "items": [{"inventory_id": 1, "quantity": 2, "unit_price": 350.00, "discount_pct": 0, "tax_rate": 0.16}],
        "customer_id": null, "payment_method": "efectivo", "sale_type": "cash", "register_id": 1,
        "amount_paid": 812.00, "payment_details": [], "notes": ""})),
    responses(
        (status = 201, example = json!({"sale_id": 1, "folio": "V-0001", "total": 812.00, "change": 0.00, "items_count": 1})),
        (status = 400, description = "A field is wrong, or a rule refuses: `error` says which and what to do"),
        (status = 401), (status = 403),
    ))]
pub async fn handle(State(app): State<App>, session: May<PosSell>, body: Body) -> Result<Response, Problem> {
    let command = Command::CompleteSale(sale(&body.fields)?);
    session.write(&app, &body.bytes, command, selling::sold).await
}

fn sale(fields: &Fields) -> Result<CompleteSale, Problem> {
    let lines = selling::lines(fields)?;
    let sale_type = SaleType::of_name(fields.word("sale_type", selling::TYPES)?).unwrap_or(SaleType::Cash);
    Ok(CompleteSale {
        lines,
        customer_id: fields.opt_id("customer_id")?.map(CustomerId),
        sale_type,
        paying: selling::paying(fields, sale_type)?,
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        notes: selling::notes(fields)?,
    })
}
