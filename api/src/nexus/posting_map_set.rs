//! `PUT /pos/api/accounting/posting-map` (our own): for the future, never for the past.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{AccountId, Command, account::PostingMapped};
use serde_json::json;

use super::session::{AccountingCreate, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Changes the posting map.
#[utoipa::path(put, path = "/pos/api/accounting/posting-map", operation_id = "nexus.posting_map_set", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    request_body(content = serde_json::Value, example = json!({"account_id": 11, "event_type": "sale.completed", "to_account_id": 4})),
    responses((status = 200, example = json!({"message": "Posting map changed"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let mapped = PostingMapped {
        account_id: AccountId(fields.id("account_id")?),
        event_type: fields.opt_text_up_to("event_type", 100)?,
        to: fields.opt_id("to_account_id")?.map(AccountId),
    };
    session
        .write(&app, &body.bytes, Command::MapPosting(mapped), |_| {
            answer(StatusCode::OK, &json!({"message": "Posting map changed"}))
        })
        .await
}
