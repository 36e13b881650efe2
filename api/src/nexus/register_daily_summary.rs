//! `GET /pos/api/register/daily-summary` (contract 5.7): one local day of all registers.

use axum::{Json, extract::State};
use diario_projections::{registers, sales};
use serde_json::{Value, json};

use super::{
    session::{May, PosSell},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

/// A day's sales by means of payment, and its sessions.
#[utoipa::path(get, path = "/pos/api/register/daily-summary", operation_id = "nexus.register_daily_summary", tag = "Register",
    security(("token" = ["pos.sell"])),
    params(("date" = Option<String>, Query, description = "Today where absent")),
    responses((status = 200, example = json!({"date": "2026-04-01", "sales_count": 12, "sales_cash": 3500.00, "sales_card": 2100.00,
        "sales_transfer": 1150.00, "sales_credit": 0.00, "total_sales": 6750.00, "registers": []}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let shop = &session.shop;
    let day = params.opt_date("date")?.unwrap_or_else(|| shop.day(app.now()));
    let (starts, ends) = (shop.day_starts(day), shop.day_starts(day.tomorrow().unwrap_or(day)));
    let totals = sales::day(&app.db, session.tenant, day).await?;
    let sessions = registers::of_day(&app.db, session.tenant, day, starts, ends).await?;
    let registers: Vec<_> = sessions.iter().map(|row| views::session(row, shop)).collect();
    Ok(Json(json!({
        "date": day.to_string(),
        "sales_count": totals.sales_count,
        "sales_cash": money(totals.sales_cash),
        "sales_card": money(totals.sales_card),
        "sales_transfer": money(totals.sales_transfer),
        "sales_credit": money(totals.sales_credit),
        "sales_store_credit": money(totals.sales_store_credit),
        "total_sales": money(totals.total_sales()),
        "registers": registers,
    })))
}
