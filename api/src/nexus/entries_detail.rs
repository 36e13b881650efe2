//! `GET /pos/api/accounting/entries/:entry_id` (contract 5.9).

use axum::{Json, extract::State};
use diario_domain::Cents;
use diario_projections::journal;
use serde_json::{Value, json};

use super::{
    entries_list,
    session::{AccountingView, Id, May},
};
use crate::{
    error::Problem,
    http::{App, json::money},
};

/// A journal entry with its lines.
#[utoipa::path(get, path = "/pos/api/accounting/entries/{entry_id}", operation_id = "nexus.entries_detail", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("entry_id" = i64, Path)),
    responses((status = 200, example = json!({"id": 1, "date": "2026-04-01", "type": "sale", "reference": "V-0045",
        "description": "Venta al contado", "lines": [{"account_id": 5, "account_code": "101.01", "account_name": "Caja y efectivo",
        "debit": 812.00, "credit": 0.00}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let entry =
        journal::find_entry(&app.db, session.tenant, id).await?.ok_or(Problem::NotFound { what: "entry" })?;
    let lines: Vec<_> = journal::lines(&app.db, session.tenant, id)
        .await?
        .into_iter()
        .map(|line| {
            json!({
                "account_id": line.account_id,
                "account_code": line.account_code,
                "account_name": line.account_name,
                "debit": money(line.amount.max(Cents::ZERO)),
                "credit": money((-line.amount).max(Cents::ZERO)),
                "register_id": line.register_id,
            })
        })
        .collect();
    let mut body = entries_list::view(&entry);
    body.insert("lines".to_owned(), lines.into());
    Ok(Json(Value::Object(body)))
}
