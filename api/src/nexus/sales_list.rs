//! `GET /pos/api/sales` (contract 5.5).

use axum::{Json, extract::State};
use diario_projections::sales::{self, SaleFilter};
use serde_json::Value;

use super::{
    session::{May, PosView},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params},
};

const STATUSES: &[&str] = &["completed", "cancelled", "returned"];

/// Sales, newest first.
#[utoipa::path(get, path = "/pos/api/sales", operation_id = "nexus.sales_list", tag = "Sales",
    security(("token" = ["pos.view"])),
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("employee_id" = Option<i64>, Query),
        ("customer_id" = Option<i64>, Query), ("status" = Option<String>, Query), ("register_id" = Option<i64>, Query),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = SaleFilter {
        date_from: params.opt_date("date_from")?,
        date_to: params.opt_date("date_to")?,
        employee_id: params.opt_int("employee_id")?,
        customer_id: params.opt_int("customer_id")?,
        register_id: params.opt_int("register_id")?,
        status: params.opt_word("status", STATUSES)?.map(ToOwned::to_owned),
        sale_id: None,
    };
    let found = sales::list(&app.db, session.tenant, &filter, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| views::sale(row, &session.shop))))
}
