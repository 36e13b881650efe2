//! `GET /pos/api/accounting/income-statement` (contract 5.9): what some days earned.

use axum::{extract::State, response::Response};
use diario_domain::Cents;
use diario_projections::ledger::{self, BalanceRow, Scope, Upto};
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

/// The parts of an income statement. Income is positive in `income`, expense in the others but `other`.
struct Statement {
    income: Vec<(BalanceRow, Cents)>,
    cost: Vec<(BalanceRow, Cents)>,
    expenses: Vec<(BalanceRow, Cents)>,
    /// Financial result: 7xx.
    other: Vec<(BalanceRow, Cents)>,
}

impl Statement {
    fn of(rows: Vec<BalanceRow>) -> Self {
        let mut statement =
            Self { income: Vec::new(), cost: Vec::new(), expenses: Vec::new(), other: Vec::new() };
        for row in rows {
            let moved = row.moved();
            if moved.is_zero() {
                continue;
            }
            match row.code.as_bytes().first() {
                Some(b'4') => statement.income.push((row, -moved)),
                Some(b'5') => statement.cost.push((row, moved)),
                Some(b'6') => statement.expenses.push((row, moved)),
                Some(b'7') => statement.other.push((row, -moved)),
                _ => {}
            }
        }
        statement
    }

    fn sum(rows: &[(BalanceRow, Cents)]) -> Cents {
        rows.iter().map(|(_, amount)| *amount).sum()
    }

    fn gross(&self) -> Cents {
        Self::sum(&self.income) - Self::sum(&self.cost)
    }

    fn operating(&self) -> Cents {
        self.gross() - Self::sum(&self.expenses)
    }

    fn net(&self) -> Cents {
        self.operating() + Self::sum(&self.other)
    }

    fn parts(&self) -> [(&'static str, &[(BalanceRow, Cents)]); 4] {
        [
            ("income", &self.income),
            ("cost_of_sales", &self.cost),
            ("expenses", &self.expenses),
            ("other", &self.other),
        ]
    }

    fn view(&self, days: (Date, Date)) -> Value {
        let mut body = json!({
            "period": {"from": days.0.to_string(), "to": days.1.to_string()},
            "gross_profit": money(self.gross()),
            "operating_profit": money(self.operating()),
            "net_income": money(self.net()),
        });
        for (name, rows) in self.parts() {
            body[name] = rows
                .iter()
                .map(|(row, amount)| json!({"code": row.code, "name": row.name, "amount": money(*amount)}))
                .collect();
        }
        body
    }
}

/// The income statement of some days; the current month where none are named.
#[utoipa::path(get, path = "/pos/api/accounting/income-statement", operation_id = "nexus.income_statement", tag = "Accounting",
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("branch_id" = Option<i64>, Query),
        ("as_of" = Option<String>, Query), ("compare" = Option<String>, Query, description = "previous_period or previous_year"),
        ("format" = Option<String>, Query)),
    responses((status = 200, example = json!({"period": {"from": "2026-04-01", "to": "2026-04-30"},
        "income": [{"code": "401.02", "name": "Ventas", "amount": 150000.00}], "cost_of_sales": [{"code": "501.01", "name": "Costo de venta",
        "amount": 90000.00}], "expenses": [{"code": "601.84", "name": "Otros gastos generales", "amount": 25000.00}], "other": [],
        "gross_profit": 60000.00, "operating_profit": 35000.00, "net_income": 35000.00}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let days = report::days(&app, &session, &params)?;
    let scope = report::scope(&app, &session, &params).await?;
    let statement = statement(&app, &session, scope, days).await?;
    let mut body = statement.view(days);
    if let Some(days) = report::compared(&params, days)? {
        body["comparison"] = self::statement(&app, &session, scope, days).await?.view(days);
    }
    if let Some(position) = scope.as_of {
        body["as_of"] = position.into();
    }
    report::answer(&params, body, || {
        let mut table = Csv::new(&["section", "code", "name", "amount"]);
        for (name, rows) in statement.parts() {
            for (row, amount) in rows {
                table.row(&[
                    name.into(),
                    row.code.clone().into(),
                    row.name.clone().into(),
                    json!(money(*amount)),
                ]);
            }
        }
        for (name, amount) in [
            ("gross_profit", statement.gross()),
            ("operating_profit", statement.operating()),
            ("net_income", statement.net()),
        ] {
            table.row(&[name.into(), Value::Null, Value::Null, json!(money(amount))]);
        }
        table
    })
}

async fn statement(
    app: &App,
    session: &May<AccountingView>,
    scope: Scope,
    days: (Date, Date),
) -> Result<Statement, Problem> {
    // The transfer of a year's result to 305 is no expense of December.
    Ok(Statement::of(ledger::balances(&app.db, session.tenant, scope, days, Upto::Adjusted).await?))
}
