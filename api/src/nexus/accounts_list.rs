//! `GET /pos/api/accounting/accounts` (contract 5.9, N-45): the chart, flat.

use axum::{Json, extract::State};
use diario_projections::journal;
use serde_json::{Value, json};

use super::session::{AccountingView, May};
use crate::{error::Problem, http::App};

/// The chart of accounts.
#[utoipa::path(get, path = "/pos/api/accounting/accounts", operation_id = "nexus.accounts_list", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    responses((status = 200, example = json!({"data": [{"id": 1, "code": "100", "sat_code": "100", "name": "Activo", "type": "debit",
        "parent_id": null, "level": 1, "is_active": true}]}))))]
pub async fn handle(State(app): State<App>, session: May<AccountingView>) -> Result<Json<Value>, Problem> {
    let data: Vec<_> = journal::accounts(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|account| {
            json!({
                "id": account.account_id,
                "code": account.code,
                "sat_code": account.sat_code,
                "name": account.name,
                "type": account.nature,
                "parent_id": account.parent_id,
                "level": account.level,
                "is_active": account.is_active,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
