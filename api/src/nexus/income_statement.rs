//! `GET /pos/api/accounting/income-statement` (contract 5.9): what some days earned.

use axum::{extract::State, response::Response};

use super::{
    report,
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params},
    reports::income_statement,
};

/// The income statement of some days; the current month where none are named.
#[utoipa::path(get, path = "/pos/api/accounting/income-statement", operation_id = "nexus.income_statement", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("branch_id" = Option<i64>, Query),
        ("as_of" = Option<String>, Query), ("compare" = Option<String>, Query, description = "previous_period or previous_year"),
        ("format" = Option<String>, Query, description = "json, csv, xlsx or pdf")),
    responses((status = 200, example = json!({"period": {"from": "2026-04-01", "to": "2026-04-30"},
        "income": [{"code": "401.02", "name": "Ventas", "amount": 150000.00}], "cost_of_sales": [{"code": "501.01", "name": "Costo de venta",
        "amount": 90000.00}], "expenses": [{"code": "601.84", "name": "Otros gastos generales", "amount": 25000.00}], "other": [],
        "gross_profit": 60000.00, "operating_profit": 35000.00, "net_income": 35000.00}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let form = report::form(&params)?;
    let asked = income_statement::Asked {
        days: report::days(&app, &session, &params)?,
        comparison: report::comparison(&params)?,
    };
    let of = report::of(&app, &session, &params).await?;
    report::answer(form, "income-statement", income_statement::take(of, asked).await?)
}
