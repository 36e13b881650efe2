//! `GET /pos/api/customers` (contract 5.6).

use axum::{Json, extract::State};
use diario_projections::customers::{self, CustomerRow};
use serde_json::{Map, Value, json};

use super::{
    session::{CustomersView, May},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::money, state::Shop},
};

/// Customers, by name, RFC, telephone or legal name.
#[utoipa::path(get, path = "/pos/api/customers", operation_id = "nexus.customers_list", tag = "Customers",
    security(("token" = ["customers.view"])),
    params(("q" = Option<String>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query), ("branch_id" = Option<i64>, Query)),
    responses((status = 200, example = json!({"data": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<CustomersView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let branch = params.opt_int("branch_id")?;
    let found = customers::list(&app.db, session.tenant, params.opt_text("q"), branch, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| view(row, &session.shop))))
}

/// A customer, as lists and their detail show them.
pub fn view(row: &CustomerRow, shop: &Shop) -> Map<String, Value> {
    let value = json!({
        "id": row.customer_id.0,
        "name": row.name,
        "rfc": row.rfc,
        "razon_social": row.razon_social,
        "regimen_fiscal": row.regimen_fiscal,
        "codigo_postal": row.codigo_postal,
        "uso_cfdi": row.uso_cfdi,
        "email": row.email,
        "phone": row.phone,
        "address": row.address,
        "price_tier": row.price_tier,
        "credit_limit": money(row.credit_limit),
        "credit_days": row.credit_days,
        "balance": money(row.balance),
        "store_credit": money(row.store_credit),
        "branch_id": row.branch_id,
        "is_active": row.is_active,
        "created_at": shop.local(row.created_at),
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
