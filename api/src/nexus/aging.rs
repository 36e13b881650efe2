//! `GET /pos/api/accounting/aging` (contract 5.9, N-40): what customers owe, by how long it is due.

use axum::{extract::State, response::Response};
use diario_domain::Cents;
use diario_projections::ledger::{self, AgingRow};
use serde_json::{Value, json};

use super::{
    report::{self, Csv},
    session::{AccountingView, May},
};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

const BUCKETS: &[&str] = &["current", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "total"];
const COLUMNS: &[&str] =
    &["customer_id", "name", "current", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "total"];

fn amounts(row: &AgingRow) -> [Cents; 6] {
    [row.current, row.days_1_30, row.days_31_60, row.days_61_90, row.days_over_90, row.total()]
}

/// Receivables at the end of a day; today's where none is named.
#[utoipa::path(get, path = "/pos/api/accounting/aging", operation_id = "nexus.aging", tag = "Accounting",
    params(("date" = Option<String>, Query), ("as_of" = Option<String>, Query), ("format" = Option<String>, Query)),
    responses((status = 200, example = json!({"date": "2026-04-30", "customers": [{"customer_id": 5, "name": "Taller Perez", "current": 5000.00,
        "days_1_30": 3000.00, "days_31_60": 2000.00, "days_61_90": 0.00, "days_over_90": 0.00, "total": 10000.00}],
        "totals": {"current": 5000.00, "days_1_30": 3000.00, "days_31_60": 2000.00, "days_61_90": 0.00, "days_over_90": 0.00,
        "total": 10000.00}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let date = report::date(&app, &session, &params)?;
    let as_of = report::as_of(&app, &session, &params).await?;
    let rows = ledger::aging(&app.db, session.tenant, as_of, date).await?;
    let customers: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut customer = json!({"customer_id": row.customer_id, "name": row.name});
            for (bucket, amount) in BUCKETS.iter().zip(amounts(row)) {
                customer[*bucket] = json!(money(amount));
            }
            customer
        })
        .collect();
    let mut totals = json!({});
    for (place, bucket) in BUCKETS.iter().enumerate() {
        totals[*bucket] = json!(money(rows.iter().map(|row| amounts(row)[place]).sum()));
    }
    let mut body = json!({"date": date.to_string(), "customers": &customers, "totals": totals});
    if let Some(position) = as_of {
        body["as_of"] = position.into();
    }
    report::answer(&params, body, || {
        let mut table = Csv::new(COLUMNS);
        for customer in &customers {
            table.row(&COLUMNS.iter().map(|column| customer[*column].clone()).collect::<Vec<_>>());
        }
        table
    })
}
