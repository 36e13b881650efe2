//! `GET /pos/api/accounting/posting-map` (our own): which events go to other accounts than the rules say.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use diario_projections::{journal, ledger};
use serde_json::{Value, json};

use super::session::{AccountingView, May};
use crate::{error::Problem, http::App};

/// The posting map as it is in force.
#[utoipa::path(get, path = "/pos/api/accounting/posting-map", operation_id = "nexus.posting_map_get", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    responses((status = 200, example = json!({"data": [{"account_id": 11, "account_code": "107.05", "event_type": null,
        "to_account_id": 10_001, "to_account_code": "107.05.01", "since": 4_512}]}))))]
pub async fn handle(State(app): State<App>, session: May<AccountingView>) -> Result<Json<Value>, Problem> {
    let accounts = journal::accounts(&app.db, session.tenant).await?;
    let codes: BTreeMap<i64, String> =
        accounts.into_iter().map(|account| (account.account_id, account.code)).collect();
    let rules = ledger::posting_map(&app.db, session.tenant).await?;
    let data: Vec<_> = rules
        .into_iter()
        .map(|rule| {
            json!({
                "account_id": rule.account_id,
                "account_code": codes.get(&rule.account_id),
                "event_type": rule.event_type,
                "to_account_id": rule.to,
                "to_account_code": codes.get(&rule.to),
                "since": rule.since,
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
