//! `POST /pos/api/accounting/accounts` (contract 5.9): an account of the tenant's own under SAT's.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{AccountId, Command, Event, account::CreateAccount, chart::Nature};
use serde_json::json;

use super::session::{AccountingCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Creates an account.
#[utoipa::path(post, path = "/pos/api/accounting/accounts", operation_id = "nexus.accounts_create", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    request_body(content = serde_json::Value, example = json!({"code": "101.01.01", "sat_code": "101.01", "name": "Caja", "type": "debit",
        "parent_id": 4, "description": "Efectivo en caja"})),
    responses((status = 201, example = json!({"id": 10_001, "message": "Account created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let account = CreateAccount {
        code: fields.text_up_to("code", 30)?,
        sat_code: fields.opt_text_up_to("sat_code", 30)?,
        name: fields.text_up_to("name", 300)?,
        nature: fields.opt_word("type", &["debit", "credit"])?.and_then(Nature::of_name),
        parent_id: AccountId(fields.id("parent_id")?),
        description: fields.opt_text("description")?,
    };
    session
        .write(&app, &body.bytes, Command::CreateAccount(account), |events| {
            let Some(Event::AccountCreated(account)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": account.account_id.0, "message": "Account created"}))
        })
        .await
}
