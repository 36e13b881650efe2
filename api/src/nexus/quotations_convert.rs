//! `POST /pos/api/quotations/:quot_id/convert` (contract 5.5, N-19): sold at the quoted prices.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, CustomerId, ItemId, Quantity, QuotationId, RegisterId, quotation::ConvertQuotation,
    sale::SaleType,
};
use serde::Serialize;

use super::{
    selling::{self, Sold},
    session::{Id, May, PosSell},
};
use crate::{
    error::Problem,
    http::{App, Fields, fields::Body, write::answer},
};

/// The sale, and what it was.
#[derive(Serialize)]
struct Converted<'a> {
    quotation_id: i64,
    #[serde(flatten)]
    sale: Sold<'a>,
}

/// Sells what was offered. It is paid as a sale is; what is sold and for how much stands in the offer.
#[utoipa::path(post, path = "/pos/api/quotations/{quot_id}/convert", operation_id = "nexus.quotations_convert", tag = "Quotations",
    security(("token" = ["pos.sell"])),
    params(("quot_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"payment_method": "efectivo", "register_id": 1, "amount_paid": 812.00})),
    responses((status = 201, example = json!({"quotation_id": 1, "sale_id": 1, "folio": "V-0001", "total": 812.00, "change": 0.00, "items_count": 1})),
        (status = 400, description = "Expired, converted or cancelled, or as a sale is refused"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let command = Command::ConvertQuotation(QuotationId(id), convert(&body.fields)?);
    session
        .write(&app, &body.bytes, command, move |events| match selling::sale_in(events) {
            Some(sale) => answer(StatusCode::CREATED, &Converted { quotation_id: id, sale: Sold::of(sale) }),
            None => answer(StatusCode::CREATED, &()),
        })
        .await
}

fn convert(fields: &Fields) -> Result<ConvertQuotation, Problem> {
    let sale_type =
        fields.opt_word("sale_type", selling::TYPES)?.and_then(SaleType::of_name).unwrap_or(SaleType::Cash);
    let believed = |line: &Fields| -> Result<(ItemId, Quantity), Problem> {
        Ok((ItemId(line.id("inventory_id")?), line.quantity("quantity")?))
    };
    let lines = fields.opt_list("items")?.map(|lines| lines.iter().map(believed).collect()).transpose()?;
    Ok(ConvertQuotation {
        customer_id: fields.opt_id("customer_id")?.map(CustomerId),
        sale_type,
        paying: selling::paying(fields, sale_type)?,
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        notes: selling::notes(fields)?,
        lines,
    })
}
