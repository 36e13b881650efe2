//! What requests to sell have in common: lines, how they are paid, and the answer (contract 5.5).

use axum::http::StatusCode;
use diario_commands::Rendered;
use diario_domain::{
    Cents, Event, ItemId,
    event::Recorded,
    pricing::LineWanted,
    sale::{Paying, SaleCompleted, SaleType, TenderKind},
};
use serde::Serialize;

use crate::{
    error::{Problem, Rule},
    http::{
        Fields,
        json::{Num, money},
        write::answer,
    },
};

/// How a document is paid, in the contract's words and ours (`saldo_a_favor`: store credit).
const METHODS: &[&str] = &["efectivo", "transferencia", "tarjeta", "saldo_a_favor", "mixto"];
/// How one payment is made.
pub const TENDERS: &[&str] = &["efectivo", "transferencia", "tarjeta", "saldo_a_favor"];
/// The longest name of a brand, `YAPE` (L-11).
const BRAND_MAX: usize = 30;
/// When a sale is paid (N-10).
pub const TYPES: &[&str] = &["cash", "credit", "mixed"];

/// The lines of a sale, a quotation or a layaway.
pub fn lines(fields: &Fields) -> Result<Vec<LineWanted>, Problem> {
    fields.list("items")?.iter().map(line).collect()
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

/// Free text beside a document, or nothing.
pub fn notes(fields: &Fields) -> Result<Option<String>, Problem> {
    Ok(fields.opt_text("notes")?.filter(|notes| !notes.is_empty()))
}

/// What is handed over. Cash must be stated (it gives change); other means pay exactly what is due when they say
/// nothing.
pub fn paying(fields: &Fields, sale_type: SaleType) -> Result<Paying, Problem> {
    let method = fields.word("payment_method", METHODS)?;
    let paid = fields.opt_cents("amount_paid")?;
    let details = fields.opt_list("payment_details")?.unwrap_or_default();
    let brand = fields.opt_text_up_to("payment_brand", BRAND_MAX)?.map(|brand| brand.trim().to_uppercase());
    let brand = brand.filter(|brand| !brand.is_empty());
    let kind = TenderKind::of_name(method);
    if kind.is_none() && brand.is_some() {
        return Err(Problem::field("payment_brand", Rule::NotWith("mixto")));
    }
    // A payment by one means may be told in detail too, but by no other: a card is no cash in the drawer.
    let means = match TENDERS.iter().position(|name| *name == method) {
        Some(index) => &TENDERS[index..=index],
        None => TENDERS,
    };
    let mut parts = Vec::with_capacity(details.len());
    for part in &details {
        let amount = part.cents("amount")?;
        let means = if amount.is_zero() { TENDERS } else { means };
        let means = TenderKind::of_name(part.word("method", means)?).unwrap_or(TenderKind::Cash);
        let reference = part.opt_text_up_to("reference", 200)?;
        if kind.is_none() || !amount.is_zero() {
            parts.push((means, amount, reference));
        }
    }
    let Some(kind) = kind else {
        if parts.is_empty() && sale_type != SaleType::Credit {
            return Err(Problem::field("payment_details", Rule::NotEmpty));
        }
        return Ok(Paying::Several(parts, paid));
    };
    let stated = kind != TenderKind::Cash && sale_type == SaleType::Cash;
    if paid.is_none() && parts.is_empty() && !stated && sale_type != SaleType::Credit {
        return Err(Problem::field("amount_paid", Rule::Required));
    }
    let told: Cents = parts.iter().map(|(_, amount, _)| *amount).sum();
    // Of cash more may be handed over than is kept.
    let whole = parts.is_empty() || (kind == TenderKind::Cash && paid.is_some_and(|paid| paid >= told));
    Ok(match brand {
        Some(brand) => Paying::Branded(kind, paid, brand),
        None if whole => Paying::One(kind, paid),
        None => Paying::Several(parts, paid),
    })
}

/// A sale as its till hears of it.
#[derive(Serialize)]
pub struct Sold<'a> {
    sale_id: i64,
    folio: &'a str,
    total: Num,
    change: Num,
    items_count: usize,
}

impl<'a> Sold<'a> {
    /// The answer's words for a sale.
    pub fn of(sale: &'a SaleCompleted) -> Self {
        Self {
            sale_id: sale.sale_id.0,
            folio: &sale.folio,
            total: money(sale.total),
            change: money(sale.change),
            items_count: sale.lines.len(),
        }
    }
}

/// The sale among a command's events.
pub fn sale_in(events: &[Recorded]) -> Option<&SaleCompleted> {
    events.iter().find_map(|recorded| {
        if let Event::SaleCompleted(sale) = &recorded.event { Some(&**sale) } else { None }
    })
}

/// The answer to a sale.
pub fn sold(events: &[Recorded]) -> Rendered {
    match sale_in(events) {
        Some(sale) => answer(StatusCode::CREATED, &Sold::of(sale)),
        None => answer(StatusCode::CREATED, &()),
    }
}
