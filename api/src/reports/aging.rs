//! Receivables by how long they are due (contract 5.9, N-40).

use diario_domain::Cents;
use diario_projections::ledger::{self, AgingRow};
use diario_store::StoreError;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Cell, Column, Of, Report, Table};
use crate::http::json::money;

const COLUMNS: [Column; 8] = [
    Column::words("customer_id", "Cliente", 8),
    Column::words("name", "Nombre", 40),
    Column::money("current", "Por vencer"),
    Column::money("days_1_30", "1 a 30 días"),
    Column::money("days_31_60", "31 a 60 días"),
    Column::money("days_61_90", "61 a 90 días"),
    Column::money("days_over_90", "Más de 90 días"),
    Column::money("total", "Total"),
];

fn amounts(row: &AgingRow) -> [Cents; 6] {
    [row.current, row.days_1_30, row.days_31_60, row.days_61_90, row.days_over_90, row.total()]
}

fn named(amounts: [Cents; 6]) -> Value {
    COLUMNS[2..]
        .iter()
        .zip(amounts)
        .map(|(column, amount)| (column.name.to_owned(), json!(money(amount))))
        .collect()
}

/// Takes it, at the end of a day.
pub async fn take(of: Of<'_>, date: Date) -> Result<Report, StoreError> {
    let rows = ledger::aging(of.db, of.tenant, of.scope.as_of, date).await?;
    let mut table = Table::new("Antigüedad de saldos", format!("Al {date}"), &COLUMNS);
    let mut totals = [Cents::ZERO; 6];
    let mut customers = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut customer = named(amounts(row));
        customer["customer_id"] = row.customer_id.into();
        customer["name"] = row.name.clone().into();
        customers.push(customer);
        let mut cells = vec![row.customer_id.into(), row.name.clone().into()];
        cells.extend(amounts(row).map(Cell::from));
        table.row(cells);
        for (total, amount) in totals.iter_mut().zip(amounts(row)) {
            *total += amount;
        }
    }
    let mut cells = vec![Cell::Blank, "Total".into()];
    cells.extend(totals.map(Cell::from));
    table.total(cells);
    let body = json!({"date": date.to_string(), "customers": customers, "totals": named(totals)});
    Ok(of.report(body, table))
}
