//! `GET /pos/api/accounting/balance-sheet` (contract 5.9, N-31): what the shop has and owes at the end of a day.

use axum::{extract::State, response::Response};

use super::{
    report,
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params},
    reports::balance_sheet,
};

/// The balance sheet at the end of a day; today's where none is named.
#[utoipa::path(get, path = "/pos/api/accounting/balance-sheet", operation_id = "nexus.balance_sheet", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("date" = Option<String>, Query), ("branch_id" = Option<i64>, Query), ("as_of" = Option<String>, Query),
        ("compare" = Option<String>, Query, description = "previous_period or previous_year"), ("format" = Option<String>, Query, description = "json, csv, xlsx or pdf")),
    responses((status = 200, example = json!({"date": "2026-04-30", "assets": [{"code": "101", "name": "Caja", "amount": 250000.00,
        "children": [{"code": "101.01", "name": "Caja y efectivo", "amount": 250000.00}]}], "liabilities": [], "equity": [],
        "total_assets": 250000.00, "total_liabilities_equity": 250000.00}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let form = report::form(&params)?;
    let asked = balance_sheet::Asked {
        date: report::date(&app, &session, &params)?,
        comparison: report::comparison(&params)?,
    };
    let of = report::of(&app, &session, &params).await?;
    report::answer(form, "balance-sheet", balance_sheet::take(of, asked).await?)
}
