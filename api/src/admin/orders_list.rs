//! `GET /admin/v1/orders`: what companies ordered (Lunatel).

use axum::{Json, extract::State};
use diario_domain::order::OrderStatus;
use diario_projections::ordering::{self, OrderRow};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{money, price, quantity, rate},
    },
    nexus::session::{ConfigView, May},
};

/// Orders, newest first.
#[utoipa::path(get, path = "/admin/v1/orders", operation_id = "admin.orders_list", tag = "Ordering",
    security(("token" = ["config.view"])),
    params(("status" = Option<String>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 1, "folio": "P-0001", "customer_id": 7, "status": "placed",
        "sale_id": null, "branch_id": 1, "net": 171.00, "tax": 34.20, "total": 205.20, "note": null,
        "created_at": "2026-06-15T18:42:11Z", "address": "Atatürk Cad. 1", "items": [{"item_id": 1, "name": "Kılıf", "quantity": 2,
        "unit_price": 90.00, "discount_pct": 5, "total": 171.00}]}], "total": 1})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let status = params.opt_word("status", OrderStatus::NAMES)?;
    let asked = params.page(50, 200)?;
    let found = ordering::orders(&app.db, session.tenant, None, status, asked.page).await?;
    let data: Vec<_> = found.rows.iter().map(view).collect();
    Ok(Json(json!({"data": data, "total": found.total})))
}

fn view(order: &OrderRow) -> Value {
    let items: Vec<_> = order
        .lines
        .iter()
        .map(|line| {
            json!({
                "item_id": line.item_id.0,
                "name": line.name,
                "quantity": quantity(line.quantity),
                "unit_price": price(line.unit_price),
                "discount_pct": rate(line.discount_pct),
                "total": money(line.net),
            })
        })
        .collect();
    json!({
        "id": order.order_id.0,
        "folio": order.folio,
        "customer_id": order.customer_id.0,
        "status": order.status,
        "sale_id": order.sale_id.map(|id| id.0),
        "branch_id": order.branch_id.0,
        "net": money(order.net),
        "tax": money(order.tax),
        "total": money(order.total),
        "note": order.note,
        "created_at": order.occurred_at.to_string(),
        "address": order.address_line,
        "items": items,
    })
}
