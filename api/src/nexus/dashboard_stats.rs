//! `GET /pos/api/dashboard/stats` (contract 5.11): today and this month.

use axum::{Json, extract::State};
use diario_projections::sold::{self, By, Count};
use serde_json::{Value, json};

use super::{
    session::{May, PosView},
    views,
};
use crate::{
    error::Problem,
    http::{App, json::money},
};

/// How many products are listed.
const PRODUCTS: i64 = 10;

/// Sales of today and of this month so far, the month's products of which most units were sold, and today hour by hour.
/// Totals include tax and a cancelled sale leaves the day it was sold on; products are net of tax and of returns.
#[utoipa::path(get, path = "/pos/api/dashboard/stats", operation_id = "nexus.dashboard_stats", tag = "Dashboard",
    security(("token" = ["pos.view"])),
    responses((status = 200, example = json!({"today": {"sales_count": 42, "sales_total": 12500.00},
        "month": {"sales_count": 1200, "sales_total": 450000.00},
        "top_products": [{"inventory_id": 1, "part_number": "BRK-001", "name": "Balatas", "units": 12, "revenue": 4200.00}],
        "hourly_sales": [{"hour": 0, "sales_count": 0, "sales_total": 0.00}]}))))]
pub async fn handle(State(app): State<App>, session: May<PosView>) -> Result<Json<Value>, Problem> {
    let (db, tenant) = (&app.db, session.tenant);
    let today = session.shop.day(app.now());
    let month = (today.first_of_month(), today);
    app.projections.fresh(tenant).await;
    let products = sold::items(db, tenant, month, None, By::Units, PRODUCTS).await?;
    let by_hour = sold::by_hour(db, tenant, today).await?;
    let hourly: Vec<_> = (0..24_i64)
        .map(|hour| {
            let found = by_hour.iter().find(|(sold, _)| *sold == hour);
            let count = found.map_or_else(Count::default, |(_, count)| *count);
            json!({"hour": hour, "sales_count": count.sales, "sales_total": money(count.total)})
        })
        .collect();
    let count = |count: Count| json!({"sales_count": count.sales, "sales_total": money(count.total)});
    Ok(Json(json!({
        "today": count(sold::total(db, tenant, today, today).await?),
        "month": count(sold::total(db, tenant, month.0, month.1).await?),
        "top_products": products
            .iter()
            .filter(|product| product.units.is_positive())
            .map(views::sold_item)
            .collect::<Vec<_>>(),
        "hourly_sales": hourly,
    })))
}
