//! `GET /pos/api/sales/last` (contract 5.5, N-20): this employee's last sale in this branch, to print it again.

use axum::{Json, extract::State};
use diario_projections::sales;
use serde_json::Value;

use super::{
    sales_detail,
    session::{May, PosSell},
};
use crate::{error::Problem, http::App};

/// The last sale.
#[utoipa::path(get, path = "/pos/api/sales/last", operation_id = "nexus.sales_last", tag = "Sales",
    security(("token" = ["pos.sell"])),
    responses((status = 200, description = "As the sale's detail"), (status = 404, description = "None yet")))]
pub async fn handle(State(app): State<App>, session: May<PosSell>) -> Result<Json<Value>, Problem> {
    let last = sales::last(&app.db, session.tenant, session.branch, session.employee).await?;
    sales_detail::detail(&app, &session, last.ok_or(Problem::NotFound { what: "sale" })?).await
}
