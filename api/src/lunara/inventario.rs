//! `GET /api/v1/inventario` (contract 3.4, L-1).

use axum::{extract::State, response::Response};
use diario_domain::Quantity;
use diario_projections::items::{self, SellableRow};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::door::{Guest, ReadInventario};
use crate::{
    error::{Problem, Rule},
    http::{
        App,
        json::{price, quantity},
    },
};

/// What is sold from stock, with what lies in all branches together. `precio` is the list price before tax.
#[utoipa::path(get, path = "/api/v1/inventario", operation_id = "lunara.inventario", tag = "LUNARA",
    security(("token" = ["read:inventario"])),
    params(("stockMin" = Option<f64>, Query, description = "Solo productos con stock ≥ X. Default 0."),
        ("limit" = Option<i64>, Query, description = "Máx 1000. Default 100."), ("offset" = Option<i64>, Query)),
    responses((status = 200, example = json!({"ok": true, "total": 1, "limit": 200, "offset": 0, "stockMin": 1, "items": [{"id": 1,
        "sku": "ARM-01", "codigo": "ARM-01", "codigo_barras": "2000000000015", "nombre": "Armazón azul", "marca": "Ray-Ban",
        "categoria": "Armazones", "precio": 350.00, "moneda": "PEN", "stock": 23}]})),
        (status = 401), (status = 403), (status = 422), (status = 429)))]
pub async fn handle(State(app): State<App>, guest: Guest<ReadInventario>) -> Response {
    guest.answer(list(&app, &guest).await)
}

async fn list(app: &App, guest: &Guest<ReadInventario>) -> Result<Value, Problem> {
    let slice = guest.page(100, 1_000)?;
    let asked = guest.amount("stockMin")?;
    let least = least(asked).ok_or_else(|| Problem::field("stockMin", Rule::TooBig))?;
    let found = items::sellable(&app.db, guest.principal.tenant, least, slice.page()).await?;
    let currency = &guest.principal.shop.currency;
    let item = |row: &SellableRow| {
        json!({
            "id": row.item_id.0,
            "sku": row.sku,
            "codigo": row.sku,
            "codigo_barras": row.barcode,
            "nombre": row.name,
            "marca": row.brand,
            "categoria": row.category,
            "precio": price(row.price),
            "moneda": currency,
            "stock": quantity(row.stock),
        })
    };
    let items: Vec<_> = found.rows.iter().map(item).collect();
    Ok(json!({
        "ok": true,
        "total": found.total,
        "limit": slice.limit,
        "offset": slice.offset,
        "stockMin": quantity(least),
        "items": items,
    }))
}

/// A quantity that is at least what is asked for; nothing where it is more than is counted.
fn least(asked: Decimal) -> Option<Quantity> {
    Quantity::from_decimal(asked.round_dp_with_strategy(6, RoundingStrategy::ToPositiveInfinity))
}
