//! `POST /pos/api/sales` (contract 5.5, N-6, N-8, N-10 to N-13).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Command, CustomerId, Event, ItemId, RegisterId,
    sale::{CompleteSale, LineWanted, Paying, SaleType, TenderKind},
};
use serde::Serialize;

use super::session::{May, PosSell};
use crate::{
    error::{Problem, Rule},
    http::{
        App, Fields,
        fields::Body,
        json::{Num, money},
        write::answer,
    },
};

/// How a sale is paid, in the contract's words.
const METHODS: &[&str] = &["efectivo", "transferencia", "tarjeta", "mixto"];
/// How a part of a mixed payment is paid.
const PARTS: &[&str] = &["efectivo", "transferencia", "tarjeta"];
const TYPES: &[&str] = &["cash", "credit", "mixed"];

#[derive(Serialize)]
struct Created<'a> {
    sale_id: i64,
    folio: &'a str,
    total: Num,
    change: Num,
    items_count: usize,
}

/// Sells.
#[utoipa::path(post, path = "/pos/api/sales", operation_id = "nexus.sales_create", tag = "Sales",
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
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::SaleCompleted(sale)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let created = Created {
                sale_id: sale.sale_id.0,
                folio: &sale.folio,
                total: money(sale.total),
                change: money(sale.change),
                items_count: sale.lines.len(),
            };
            answer(StatusCode::CREATED, &created)
        })
        .await
}

fn sale(fields: &Fields) -> Result<CompleteSale, Problem> {
    let lines = fields.list("items")?.iter().map(line).collect::<Result<_, _>>()?;
    let sale_type = SaleType::of_name(fields.word("sale_type", TYPES)?).unwrap_or(SaleType::Cash);
    Ok(CompleteSale {
        lines,
        customer_id: fields.opt_id("customer_id")?.map(CustomerId),
        sale_type,
        paying: paying(fields, sale_type)?,
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        notes: fields.opt_text("notes")?.filter(|notes| !notes.is_empty()),
    })
}

fn line(fields: &Fields) -> Result<LineWanted, Problem> {
    Ok(LineWanted {
        item_id: ItemId(fields.id("inventory_id")?),
        quantity: fields.quantity("quantity")?,
        unit_price: fields.opt_price("unit_price")?,
        discount_pct: fields.opt_rate("discount_pct")?.unwrap_or_default(),
        tax_rate: fields.opt_rate("tax_rate")?,
    })
}

/// What is handed over. Cash must be stated (it gives change); cards and transfers pay exactly what is due when
/// they say nothing.
fn paying(fields: &Fields, sale_type: SaleType) -> Result<Paying, Problem> {
    let method = fields.word("payment_method", METHODS)?;
    let paid = fields.opt_cents("amount_paid")?;
    let details = fields.opt_list("payment_details")?.unwrap_or_default();
    if let Some(kind) = TenderKind::of_name(method) {
        let stated = kind != TenderKind::Cash && sale_type == SaleType::Cash;
        if paid.is_none() && !stated && sale_type != SaleType::Credit {
            return Err(Problem::field("amount_paid", Rule::Required));
        }
        return Ok(Paying::One(kind, paid));
    }
    if details.is_empty() && sale_type != SaleType::Credit {
        return Err(Problem::field("payment_details", Rule::NotEmpty));
    }
    let mut parts = Vec::with_capacity(details.len());
    for part in &details {
        let kind = TenderKind::of_name(part.word("method", PARTS)?).unwrap_or(TenderKind::Cash);
        parts.push((kind, part.cents("amount")?, part.opt_text_up_to("reference", 200)?));
    }
    Ok(Paying::Several(parts, paid))
}
