//! The general ledger of an account: its entries one by one, down to the events they come from.

use diario_domain::Cents;
use diario_projections::{
    Page, Paged,
    journal::Account,
    ledger::{self, LedgerLine, Upto},
};
use diario_store::StoreError;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Cell, Column, Of, Report, Table, period_note};
use crate::http::json::money;

const COLUMNS: [Column; 9] = [
    Column::words("date", "Fecha", 11),
    Column::words("entry_id", "Asiento", 9),
    Column::words("type", "Tipo", 11),
    Column::words("reference", "Referencia", 16),
    Column::words("description", "Concepto", 34),
    Column::money("debit", "Cargo"),
    Column::money("credit", "Abono"),
    Column::money("balance", "Saldo"),
    Column::words("position", "Posición", 9),
];

/// A line as lists show it.
pub fn line(line: &LedgerLine) -> Value {
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

/// What an account held before some days and at their end, and a page of the lines between.
pub struct Lines {
    /// Debits less credits before the first day.
    pub opening: Cents,
    /// And at the end of the last.
    pub closing: Cents,
    /// The lines.
    pub found: Paged<LedgerLine>,
}

/// Reads them.
pub async fn lines(
    of: Of<'_>,
    account: &Account,
    days: (Date, Date),
    page: Page,
) -> Result<Lines, StoreError> {
    let balances = ledger::balances(of.db, of.tenant, of.scope, days, Upto::Closed).await?;
    let row = balances.into_iter().find(|row| row.account_id == account.account_id).unwrap_or_default();
    let found = ledger::lines(of.db, of.tenant, of.scope, account.account_id, days, page).await?;
    Ok(Lines { opening: row.opening, closing: row.closing(), found })
}

/// Lines on a sheet of paper or in a spreadsheet: more are another report.
const LINES_MAX: i64 = 100_000;

/// Takes the whole of it, in rows.
pub async fn take(of: Of<'_>, account: &Account, days: (Date, Date)) -> Result<Report, StoreError> {
    let Lines { opening, closing, found } = lines(of, account, days, Page::first(LINES_MAX)).await?;
    let mut table = Table::new("Auxiliar de cuenta", format!("{} {}", account.code, account.name), &COLUMNS);
    table.notes.push(period_note(days));
    let edge = |words: &'static str, name: &'static str, balance: Cents| {
        let mut cells = vec![Cell::Word(name, words)];
        cells.resize(COLUMNS.len() - 2, Cell::Blank);
        cells.extend([balance.into(), Cell::Blank]);
        cells
    };
    table.total(edge("Saldo inicial", "opening", opening));
    let mut balance = opening;
    for line in &found.rows {
        balance += line.amount;
        table.row(vec![
            line.date.to_string().into(),
            line.entry_id.into(),
            line.entry_type.clone().into(),
            line.reference.clone().into(),
            line.description.clone().into(),
            line.amount.max(Cents::ZERO).into(),
            (-line.amount).max(Cents::ZERO).into(),
            balance.into(),
            line.position.into(),
        ]);
    }
    if found.next.is_some() {
        table.notes.push(format!("Las primeras {LINES_MAX} líneas; pida menos días para ver las demás"));
    }
    table.total(edge("Saldo final", "closing", closing));
    let data: Vec<_> = found.rows.iter().map(line).collect();
    let body = json!({
        "account": {"id": account.account_id, "code": account.code, "name": account.name},
        "period": {"from": days.0.to_string(), "to": days.1.to_string()},
        "opening": money(opening),
        "closing": money(closing),
        "data": data,
    });
    Ok(of.report(body, table))
}
