//! `GET /pos/api/quotations` (contract 5.5).

use axum::{Json, extract::State};
use diario_projections::quotations::{self, QuotationFilter, QuotationRow};
use serde_json::{Map, Value, json};

use super::{
    session::{May, PosView},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::money, state::Shop},
};

const STATUSES: &[&str] = &["active", "converted", "expired", "cancelled"];

/// Quotations, newest first.
#[utoipa::path(get, path = "/pos/api/quotations", operation_id = "nexus.quotations_list", tag = "Quotations",
    security(("token" = ["pos.view"])),
    params(("status" = Option<String>, Query, description = "`active`, `converted`, `expired` or `cancelled`"),
        ("customer_id" = Option<i64>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = QuotationFilter {
        status: params.opt_word("status", STATUSES)?.map(ToOwned::to_owned),
        customer_id: params.opt_int("customer_id")?,
    };
    let today = session.shop.day(app.now());
    let found = quotations::list(&app.db, session.tenant, &filter, today, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| view(row, &session.shop))))
}

/// A quotation, as lists and its detail show it.
pub fn view(row: &QuotationRow, shop: &Shop) -> Map<String, Value> {
    let value = json!({
        "id": row.quotation_id.0,
        "quotation_id": row.quotation_id.0,
        "folio": row.folio,
        "created_at": shop.local(row.occurred_at),
        "date": row.date.to_string(),
        "valid_until": row.valid_until.to_string(),
        "status": row.status,
        "customer_id": row.customer_id.map(|id| id.0),
        "customer_name": row.customer_name,
        "employee_id": row.employee_id.0,
        "branch_id": row.branch_id.0,
        "items_count": row.items_count,
        "subtotal": money(row.net),
        "tax": money(row.tax),
        "total": money(row.total),
        "notes": row.notes,
        "sale_id": row.sale_id.map(|id| id.0),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
