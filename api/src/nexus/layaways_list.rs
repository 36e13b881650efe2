//! `GET /pos/api/layaways` (contract 5.5).

use axum::{Json, extract::State};
use diario_projections::layaways::{self, LayawayFilter, LayawayRow};
use serde_json::{Map, Value, json};

use super::{
    session::{May, PosView},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::money, state::Shop},
};

const STATUSES: &[&str] = &["active", "completed", "cancelled"];

/// Layaways, newest first.
#[utoipa::path(get, path = "/pos/api/layaways", operation_id = "nexus.layaways_list", tag = "Layaways",
    security(("token" = ["pos.view"])),
    params(("status" = Option<String>, Query, description = "`active`, `completed` or `cancelled`"),
        ("customer_id" = Option<i64>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = LayawayFilter {
        status: params.opt_word("status", STATUSES)?.map(ToOwned::to_owned),
        customer_id: params.opt_int("customer_id")?,
    };
    let found = layaways::list(&app.db, session.tenant, &filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| view(row, &session.shop))))
}

/// A layaway, as lists and its detail show it.
pub fn view(row: &LayawayRow, shop: &Shop) -> Map<String, Value> {
    let value = json!({
        "id": row.layaway_id.0,
        "layaway_id": row.layaway_id.0,
        "folio": row.folio,
        "created_at": shop.local(row.occurred_at),
        "date": row.date.to_string(),
        "due_date": row.due.to_string(),
        "status": row.status,
        "customer_id": row.customer_id.0,
        "customer_name": row.customer_name,
        "employee_id": row.employee_id.0,
        "branch_id": row.branch_id.0,
        "items_count": row.items_count,
        "subtotal": money(row.net),
        "tax": money(row.tax),
        "total": money(row.total),
        "paid": money(row.paid),
        "balance": money(row.balance()),
        "notes": row.notes,
        "sale_id": row.sale_id.map(|id| id.0),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
