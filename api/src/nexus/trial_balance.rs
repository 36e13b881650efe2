//! `GET /pos/api/accounting/trial-balance` (contract 5.9, N-27).

use axum::{Json, extract::State};
use diario_domain::Cents;
use diario_projections::journal::{self, BalanceRow};
use serde_json::{Value, json};

use super::session::{AccountingView, May};
use crate::{
    error::{Problem, Rule},
    http::{App, Params, json::money},
};

/// The trial balance of some days; the current month where none are named.
#[utoipa::path(get, path = "/pos/api/accounting/trial-balance", operation_id = "nexus.trial_balance", tag = "Accounting",
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query)),
    responses((status = 200, example = json!({"period": {"from": "2026-04-01", "to": "2026-04-30"}, "accounts": [{"code": "101.01",
        "name": "Caja y efectivo", "opening_debit": 50000.00, "opening_credit": 0.00, "period_debit": 25000.00, "period_credit": 18000.00,
        "closing_debit": 57000.00, "closing_credit": 0.00}], "totals": {"opening_debit": 50000.00, "opening_credit": 50000.00,
        "period_debit": 25000.00, "period_credit": 25000.00, "closing_debit": 57000.00, "closing_credit": 57000.00}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let today = session.shop.day(app.now());
    let to = params.opt_date("date_to")?;
    let from = params.opt_date("date_from")?.unwrap_or_else(|| to.unwrap_or(today).first_of_month());
    let to = to.unwrap_or_else(|| today.max(from).last_of_month());
    if from > to {
        return Err(Problem::field("date_from", Rule::Form("una fecha anterior o igual a date_to")));
    }
    let rows = journal::trial_balance(&app.db, session.tenant, from, to).await?;
    let debit = |amount: Cents| amount.max(Cents::ZERO);
    let credit = |amount: Cents| (-amount).max(Cents::ZERO);
    let accounts: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "code": row.code,
                "name": row.name,
                "opening_debit": money(debit(row.opening)),
                "opening_credit": money(credit(row.opening)),
                "period_debit": money(row.debit),
                "period_credit": money(row.credit),
                "closing_debit": money(debit(row.closing())),
                "closing_credit": money(credit(row.closing())),
            })
        })
        .collect();
    let sum = |column: &dyn Fn(&BalanceRow) -> Cents| -> Cents { rows.iter().map(column).sum() };
    let (opening_debit, opening_credit) = (sum(&|row| debit(row.opening)), sum(&|row| credit(row.opening)));
    let (period_debit, period_credit) = (sum(&|row| row.debit), sum(&|row| row.credit));
    Ok(Json(json!({
        "period": {"from": from.to_string(), "to": to.to_string()},
        "accounts": accounts,
        "totals": {
            "opening_debit": money(opening_debit),
            "opening_credit": money(opening_credit),
            "period_debit": money(period_debit),
            "period_credit": money(period_credit),
            "closing_debit": money(sum(&|row| debit(row.closing()))),
            "closing_credit": money(sum(&|row| credit(row.closing()))),
            "gross_closing_debit": money(opening_debit + period_debit),
            "gross_closing_credit": money(opening_credit + period_credit),
        },
    })))
}
