//! `GET /pos/api/accounting/ledger` (our own): an account's ledger, line by line down to the event.

use axum::{extract::State, response::Response};
use diario_domain::Cents;
use diario_projections::{
    journal,
    ledger::{self, LedgerLine, Upto},
};
use serde_json::{Value, json};

use super::{
    report::{self, Csv},
    session::{AccountingView, May},
    views,
};
use crate::{
    error::{Problem, Rule},
    http::{App, Params, json::money},
};

const COLUMNS: &[&str] =
    &["date", "entry_id", "type", "reference", "description", "debit", "credit", "position"];

/// The ledger of an account.
#[utoipa::path(get, path = "/pos/api/accounting/ledger", operation_id = "nexus.ledger_lines", tag = "Accounting",
    params(("account_id" = Option<i64>, Query), ("code" = Option<String>, Query), ("date_from" = Option<String>, Query),
        ("date_to" = Option<String>, Query), ("branch_id" = Option<i64>, Query), ("as_of" = Option<String>, Query),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("format" = Option<String>, Query)),
    responses((status = 200, example = json!({"account": {"id": 4, "code": "101.01", "name": "Caja y efectivo"},
        "period": {"from": "2026-04-01", "to": "2026-04-30"}, "opening": 0.00, "closing": 812.00, "data": [], "pagination": {"page": 1}})),
        (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let (id, code) = (params.opt_int("account_id")?, params.opt_text("code"));
    if id.is_none() && code.is_none() {
        return Err(Problem::field("account_id", Rule::Required));
    }
    let asked = params.page(50, 200)?;
    let days = report::days(&app, &session, &params)?;
    let scope = report::scope(&app, &session, &params).await?;
    let account = journal::accounts(&app.db, session.tenant)
        .await?
        .into_iter()
        .find(|account| {
            Some(account.account_id) == id || (id.is_none() && Some(account.code.as_str()) == code)
        })
        .ok_or(Problem::NotFound { what: "account" })?;
    let balances = ledger::balances(&app.db, session.tenant, scope, days, Upto::Closed).await?;
    let row = balances.into_iter().find(|row| row.account_id == account.account_id).unwrap_or_default();
    let found = ledger::lines(&app.db, session.tenant, scope, account.account_id, days, asked.page).await?;
    let mut body = views::list(&asked, &found, view);
    body["account"] = json!({"id": account.account_id, "code": account.code, "name": account.name});
    body["period"] = json!({"from": days.0.to_string(), "to": days.1.to_string()});
    body["opening"] = json!(money(row.opening));
    body["closing"] = json!(money(row.closing()));
    if let Some(position) = scope.as_of {
        body["as_of"] = position.into();
    }
    report::answer(&params, body, || {
        let mut table = Csv::new(COLUMNS);
        for line in &found.rows {
            let line = view(line);
            table.row(&COLUMNS.iter().map(|column| line[*column].clone()).collect::<Vec<_>>());
        }
        table
    })
}

fn view(line: &LedgerLine) -> Value {
    json!({
        "entry_id": line.entry_id,
        "line": line.line,
        "date": line.date.to_string(),
        "branch_id": line.branch_id,
        "type": line.entry_type,
        "event_type": line.event_type,
        "reference": line.reference,
        "description": line.description,
        "debit": money(line.amount.max(Cents::ZERO)),
        "credit": money((-line.amount).max(Cents::ZERO)),
        "position": line.position,
    })
}
