//! `GET /pos/api/accounting/balance-sheet` (contract 5.9, N-31): what the shop has and owes at the end of a day.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use diario_domain::{Cents, chart};
use diario_projections::ledger::{self, BalanceRow, Upto};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    report::{self, Csv},
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

/// Accounts of one group of SAT's (101, 102 …) with their amounts.
#[derive(Default)]
struct Group {
    accounts: Vec<(String, String, Cents)>,
}

impl Group {
    fn amount(&self) -> Cents {
        self.accounts.iter().map(|(_, _, amount)| *amount).sum()
    }
}

/// The groups of one side, by code.
#[derive(Default)]
struct Side(BTreeMap<String, Group>);

impl Side {
    fn add(&mut self, row: &BalanceRow, amount: Cents) {
        if !amount.is_zero() {
            let group = row.code.split('.').next().unwrap_or(&row.code).to_owned();
            self.0.entry(group).or_default().accounts.push((row.code.clone(), row.name.clone(), amount));
        }
    }

    fn total(&self) -> Cents {
        self.0.values().map(Group::amount).sum()
    }

    fn view(&self) -> Value {
        let groups = self.0.iter().map(|(code, group)| {
            let children: Vec<_> = group
                .accounts
                .iter()
                .map(|(code, name, amount)| json!({"code": code, "name": name, "amount": money(*amount)}))
                .collect();
            json!({"code": code, "name": name_of(code), "amount": money(group.amount()), "children": children})
        });
        groups.collect()
    }
}

fn name_of(code: &str) -> &str {
    chart::of_code(code).and_then(chart::account).map_or(code, |account| account.name)
}

/// The balance sheet at the end of a day; today's where none is named.
#[utoipa::path(get, path = "/pos/api/accounting/balance-sheet", operation_id = "nexus.balance_sheet", tag = "Accounting",
    params(("date" = Option<String>, Query), ("branch_id" = Option<i64>, Query), ("as_of" = Option<String>, Query),
        ("format" = Option<String>, Query)),
    responses((status = 200, example = json!({"date": "2026-04-30", "assets": [{"code": "101", "name": "Caja", "amount": 250000.00,
        "children": [{"code": "101.01", "name": "Caja y efectivo", "amount": 250000.00}]}], "liabilities": [], "equity": [],
        "total_assets": 250000.00, "total_liabilities_equity": 250000.00}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let date = report::date(&app, &session, &params)?;
    let scope = report::scope(&app, &session, &params).await?;
    let rows = ledger::balances(&app.db, session.tenant, scope, (Date::MIN, date), Upto::Closed).await?;
    let (mut assets, mut liabilities, mut equity) = (Side::default(), Side::default(), Side::default());
    let mut result = Cents::ZERO;
    for row in &rows {
        match row.code.as_bytes().first() {
            Some(b'1') => assets.add(row, row.closing()),
            Some(b'2') => liabilities.add(row, -row.closing()),
            Some(b'3') => equity.add(row, -row.closing()),
            _ => result -= row.closing(),
        }
    }
    // What was earned and not yet transferred to 305 belongs to the owners all the same.
    if !result.is_zero() {
        let name = "Resultado del ejercicio en curso".to_owned();
        equity.0.entry("305".to_owned()).or_default().accounts.push(("305".to_owned(), name, result));
    }
    let mut body = json!({
        "date": date.to_string(),
        "assets": assets.view(),
        "liabilities": liabilities.view(),
        "equity": equity.view(),
        "total_assets": money(assets.total()),
        "total_liabilities": money(liabilities.total()),
        "total_equity": money(equity.total()),
        "total_liabilities_equity": money(liabilities.total() + equity.total()),
    });
    if let Some(position) = scope.as_of {
        body["as_of"] = position.into();
    }
    report::answer(&params, body, || {
        let mut table = Csv::new(&["section", "code", "name", "amount"]);
        for (section, side) in [("assets", &assets), ("liabilities", &liabilities), ("equity", &equity)] {
            for group in side.0.values() {
                for (code, name, amount) in &group.accounts {
                    table.row(&[
                        section.into(),
                        code.clone().into(),
                        name.clone().into(),
                        json!(money(*amount)),
                    ]);
                }
            }
        }
        table
    })
}
