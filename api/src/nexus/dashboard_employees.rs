//! `GET /pos/api/dashboard/stats/employees` (contract 5.11): who sold how much today.

use axum::{Json, extract::State};
use diario_projections::sold;
use serde_json::{Value, json};

use super::session::{May, PosView};
use crate::{
    error::Problem,
    http::{App, json::money},
};

/// Today's sales of each employee who sold anything, most first. Tax is included; cancelled sales are not.
#[utoipa::path(get, path = "/pos/api/dashboard/stats/employees", operation_id = "nexus.dashboard_employees", tag = "Dashboard",
    security(("token" = ["pos.view"])),
    responses((status = 200, example = json!({"data": [{"employee_id": 1, "name": "Ana", "sales_count": 12, "sales_total": 6750.00}]}))))]
pub async fn handle(State(app): State<App>, session: May<PosView>) -> Result<Json<Value>, Problem> {
    let today = session.shop.day(app.now());
    app.projections.fresh(session.tenant).await;
    let data: Vec<_> = sold::by_employee(&app.db, session.tenant, today)
        .await?
        .into_iter()
        .filter(|(_, _, count)| count.sales > 0)
        .map(|(employee, name, count)| {
            json!({
                "employee_id": employee.0,
                "name": name,
                "sales_count": count.sales,
                "sales_total": money(count.total),
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
