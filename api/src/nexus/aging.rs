//! `GET /pos/api/accounting/aging` (contract 5.9, N-40): what customers owe, by how long it is due.

use axum::{extract::State, response::Response};

use super::{
    report,
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params},
    reports::aging,
};

/// Receivables at the end of a day; today's where none is named.
#[utoipa::path(get, path = "/pos/api/accounting/aging", operation_id = "nexus.aging", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("date" = Option<String>, Query), ("as_of" = Option<String>, Query), ("format" = Option<String>, Query, description = "json, csv, xlsx or pdf")),
    responses((status = 200, example = json!({"date": "2026-04-30", "customers": [{"customer_id": 5, "name": "Taller Perez", "current": 5000.00,
        "days_1_30": 3000.00, "days_31_60": 2000.00, "days_61_90": 0.00, "days_over_90": 0.00, "total": 10000.00}],
        "totals": {"current": 5000.00, "days_1_30": 3000.00, "days_31_60": 2000.00, "days_61_90": 0.00, "days_over_90": 0.00,
        "total": 10000.00}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let form = report::form(&params)?;
    let date = report::date(&app, &session, &params)?;
    let mut of = report::of(&app, &session, &params).await?;
    // A customer owes the shop, not a branch.
    of.scope.branch = None;
    report::answer(form, "aging", aging::take(of, date).await?)
}
