//! The trial balance: what every account held, took and gave (contract 5.9, N-27).

use diario_domain::Cents;
use diario_projections::ledger::{self, BalanceRow, Upto};
use diario_store::StoreError;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Cell, Column, Comparison, Of, Report, Table, period_note};
use crate::http::json::money;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// First and last day.
    pub days: (Date, Date),
    /// With the thirteenth period of the last day's year: what the accountant posted to close it, and the transfer of
    /// its result. Without it, December is what it was before the year was closed.
    pub thirteenth: bool,
    /// What it is set beside.
    pub comparison: Option<Comparison>,
}

const COLUMNS: [Column; 8] = [
    Column::words("code", "Cuenta", 10),
    Column::words("name", "Nombre", 36),
    Column::money("opening_debit", "Inicial deudor"),
    Column::money("opening_credit", "Inicial acreedor"),
    Column::money("period_debit", "Cargos"),
    Column::money("period_credit", "Abonos"),
    Column::money("closing_debit", "Final deudor"),
    Column::money("closing_credit", "Final acreedor"),
];

const BESIDE: [Column; 2] = [
    Column::money("comparison_closing_debit", "Comp. deudor"),
    Column::money("comparison_closing_credit", "Comp. acreedor"),
];

/// Opening, movements and closing, each as debit and credit.
fn amounts(row: &BalanceRow) -> [Cents; 6] {
    let (debit, credit) =
        (|amount: Cents| amount.max(Cents::ZERO), |amount: Cents| (-amount).max(Cents::ZERO));
    let (opening, closing) = (row.opening, row.closing());
    [debit(opening), credit(opening), row.debit, row.credit, debit(closing), credit(closing)]
}

fn totals(rows: &[BalanceRow]) -> [Cents; 6] {
    let mut totals = [Cents::ZERO; 6];
    for row in rows {
        for (total, amount) in totals.iter_mut().zip(amounts(row)) {
            *total += amount;
        }
    }
    totals
}

fn named(amounts: [Cents; 6]) -> Value {
    COLUMNS[2..]
        .iter()
        .zip(amounts)
        .map(|(column, amount)| (column.name.to_owned(), json!(money(amount))))
        .collect()
}

fn view(rows: &[BalanceRow], days: (Date, Date)) -> Value {
    let accounts: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut account = named(amounts(row));
            account["code"] = row.code.clone().into();
            account["name"] = row.name.clone().into();
            account
        })
        .collect();
    let sums = totals(rows);
    let mut totals = named(sums);
    totals["gross_closing_debit"] = json!(money(sums[0] + sums[2]));
    totals["gross_closing_credit"] = json!(money(sums[1] + sums[3]));
    json!({
        "period": {"from": days.0.to_string(), "to": days.1.to_string()},
        "accounts": accounts,
        "totals": totals,
    })
}

/// Takes it.
pub async fn take(of: Of<'_>, asked: Asked) -> Result<Report, StoreError> {
    let upto = if asked.thirteenth { Upto::Closed } else { Upto::Months };
    let rows = ledger::balances(of.db, of.tenant, of.scope, asked.days, upto).await?;
    let mut body = view(&rows, asked.days);
    let mut table = Table::new("Balanza de comprobación", period_note(asked.days), &COLUMNS);
    let mut beside = None;
    if let Some(comparison) = asked.comparison {
        let days = comparison.days(asked.days);
        let compared = ledger::balances(of.db, of.tenant, of.scope, days, upto).await?;
        body["comparison"] = view(&compared, days);
        table.columns.extend(BESIDE);
        table.notes.push(format!("Comparada con la del {} al {}", days.0, days.1));
        beside = Some(compared);
    }
    let closing = |amounts: [Cents; 6]| [Cell::from(amounts[4]), Cell::from(amounts[5])];
    for (row, other) in side_by_side(&rows, beside.as_deref()) {
        let mut cells = vec![row.code.clone().into(), row.name.clone().into()];
        cells.extend(amounts(&row).map(Cell::from));
        cells.extend(other.iter().flat_map(|other| closing(amounts(other))));
        table.row(cells);
    }
    let mut cells = vec![Cell::Blank, "Sumas".into()];
    cells.extend(totals(&rows).map(Cell::from));
    cells.extend(beside.iter().flat_map(|beside| closing(totals(beside))));
    table.total(cells);
    Ok(of.report(body, table))
}

/// Every account of both, by code; what one lacks is nothing in it.
fn side_by_side(rows: &[BalanceRow], beside: Option<&[BalanceRow]>) -> Vec<(BalanceRow, Option<BalanceRow>)> {
    let Some(beside) = beside else { return rows.iter().map(|row| (row.clone(), None)).collect() };
    let empty = |row: &BalanceRow| BalanceRow {
        code: row.code.clone(),
        name: row.name.clone(),
        ..BalanceRow::default()
    };
    let other = |row: &BalanceRow| beside.iter().find(|other| other.account_id == row.account_id).cloned();
    let mut both: Vec<_> =
        rows.iter().map(|row| (row.clone(), Some(other(row).unwrap_or_else(|| empty(row))))).collect();
    let only_beside =
        beside.iter().filter(|other| !rows.iter().any(|row| row.account_id == other.account_id));
    both.extend(only_beside.map(|other| (empty(other), Some(other.clone()))));
    both.sort_by(|(a, _), (b, _)| a.code.cmp(&b.code));
    both
}
