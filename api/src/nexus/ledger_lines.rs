//! `GET /pos/api/accounting/ledger` (our own): an account's ledger, line by line down to the event.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use diario_domain::{AccountId, chart};
use diario_projections::journal;
use serde_json::json;

use super::{
    report::{self, Form},
    session::{AccountingView, May},
    views,
};
use crate::{
    error::{Problem, Rule},
    http::{App, Params, json::money},
    reports::general_ledger,
};

/// The ledger of an account. A group has none: it holds what the accounts below it hold.
#[utoipa::path(get, path = "/pos/api/accounting/ledger", operation_id = "nexus.ledger_lines", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("account_id" = Option<i64>, Query), ("code" = Option<String>, Query), ("date_from" = Option<String>, Query),
        ("date_to" = Option<String>, Query), ("branch_id" = Option<i64>, Query), ("as_of" = Option<String>, Query),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("format" = Option<String>, Query, description = "json, csv, xlsx or pdf")),
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
    let form = report::form(&params)?;
    let asked = params.page(50, 200)?;
    let days = report::days(&app, &session, &params)?;
    let of = report::of(&app, &session, &params).await?;
    let account = journal::accounts(&app.db, session.tenant)
        .await?
        .into_iter()
        .find(|account| {
            id.is_none_or(|id| account.account_id == id) && code.is_none_or(|code| account.code == code)
        })
        .ok_or(Problem::NotFound { what: "account" })?;
    if chart::is_group(AccountId(account.account_id)) {
        let name = if id.is_some() { "account_id" } else { "code" };
        return Err(Problem::field(
            name,
            Rule::Form("una cuenta que lleva movimientos, no un grupo de cuentas"),
        ));
    }
    if form != Form::Json {
        return report::answer(form, "ledger", general_ledger::take(of, &account, days).await?);
    }
    let lines = general_ledger::lines(of, &account, days, asked.page).await?;
    let mut body = views::list(&asked, &lines.found, general_ledger::line);
    body["account"] = json!({"id": account.account_id, "code": account.code, "name": account.name});
    body["period"] = json!({"from": days.0.to_string(), "to": days.1.to_string()});
    body["opening"] = json!(money(lines.opening));
    body["closing"] = json!(money(lines.closing));
    if let Some(position) = of.scope.as_of {
        body["as_of"] = position.into();
    }
    Ok(Json(body).into_response())
}
