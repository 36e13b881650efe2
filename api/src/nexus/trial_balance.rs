//! `GET /pos/api/accounting/trial-balance` (contract 5.9, N-27).

use axum::{extract::State, response::Response};
use diario_domain::Cents;
use diario_projections::ledger::{self, BalanceRow, Upto};
use serde_json::{Value, json};

use super::{
    report::{self, Csv},
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

const COLUMNS: &[&str] = &[
    "code",
    "name",
    "opening_debit",
    "opening_credit",
    "period_debit",
    "period_credit",
    "closing_debit",
    "closing_credit",
];

/// The trial balance of some days; the current month where none are named.
#[utoipa::path(get, path = "/pos/api/accounting/trial-balance", operation_id = "nexus.trial_balance", tag = "Accounting",
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("branch_id" = Option<i64>, Query),
        ("as_of" = Option<String>, Query, description = "A position of the log or an instant"), ("format" = Option<String>, Query)),
    responses((status = 200, example = json!({"period": {"from": "2026-04-01", "to": "2026-04-30"}, "accounts": [{"code": "101.01",
        "name": "Caja y efectivo", "opening_debit": 50000.00, "opening_credit": 0.00, "period_debit": 25000.00, "period_credit": 18000.00,
        "closing_debit": 57000.00, "closing_credit": 0.00}], "totals": {"opening_debit": 50000.00, "opening_credit": 50000.00,
        "period_debit": 25000.00, "period_credit": 25000.00, "closing_debit": 57000.00, "closing_credit": 57000.00}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let (from, to) = report::days(&app, &session, &params)?;
    let scope = report::scope(&app, &session, &params).await?;
    let rows = ledger::balances(&app.db, session.tenant, scope, (from, to), Upto::Closed).await?;
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
    let mut body = json!({
        "period": {"from": from.to_string(), "to": to.to_string()},
        "accounts": &accounts,
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
    });
    if let Some(position) = scope.as_of {
        body["as_of"] = position.into();
    }
    report::answer(&params, body, || {
        let mut table = Csv::new(COLUMNS);
        for account in &accounts {
            table.row(&COLUMNS.iter().map(|column| account[*column].clone()).collect::<Vec<Value>>());
        }
        table
    })
}
