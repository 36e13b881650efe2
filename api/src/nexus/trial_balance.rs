//! `GET /pos/api/accounting/trial-balance` (contract 5.9, N-27).

use axum::{extract::State, response::Response};

use super::{
    report,
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params},
    reports::trial_balance,
};

/// The trial balance of some days; the current month where none are named.
#[utoipa::path(get, path = "/pos/api/accounting/trial-balance", operation_id = "nexus.trial_balance", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("branch_id" = Option<i64>, Query),
        ("as_of" = Option<String>, Query, description = "A position of the log or an instant"), ("compare" = Option<String>, Query, description = "previous_period or previous_year"), ("thirteenth" = Option<bool>, Query, description = "With the thirteenth period of the year"), ("format" = Option<String>, Query, description = "json, csv, xlsx or pdf")),
    responses((status = 200, example = json!({"period": {"from": "2026-04-01", "to": "2026-04-30"}, "accounts": [{"code": "101.01",
        "name": "Caja y efectivo", "opening_debit": 50000.00, "opening_credit": 0.00, "period_debit": 25000.00, "period_credit": 18000.00,
        "closing_debit": 57000.00, "closing_credit": 0.00}], "totals": {"opening_debit": 50000.00, "opening_credit": 50000.00,
        "period_debit": 25000.00, "period_credit": 25000.00, "closing_debit": 57000.00, "closing_credit": 57000.00}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let form = report::form(&params)?;
    let asked = trial_balance::Asked {
        days: report::days(&app, &session, &params)?,
        thirteenth: params.opt_bool("thirteenth")?.unwrap_or(false),
        comparison: report::comparison(&params)?,
    };
    let of = report::of(&app, &session, &params).await?;
    report::answer(form, "trial-balance", trial_balance::take(of, asked).await?)
}
