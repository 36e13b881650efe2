//! `POST /pos/api/accounting/entries` (contract 5.9, N-32): an entry posted by hand.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    AccountId, BranchId, Command, Event, entry::PostEntry, event::Recorded, posting::entry_id,
};
use serde_json::json;

use super::session::{AccountingCreate, May};
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
};

/// Posts an entry.
#[utoipa::path(post, path = "/pos/api/accounting/entries", operation_id = "nexus.entries_create", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    request_body(content = serde_json::Value, example = json!({"date": "2026-04-01", "description": "Pago de renta del local",
        "lines": [{"account_id": 52, "debit": 15000.00, "credit": 0.00}, {"account_id": 4, "debit": 0.00, "credit": 15000.00}]})),
    responses((status = 201, example = json!({"id": 4510, "reference": "P-0001", "message": "Entry created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let mut lines = Vec::new();
    for line in fields.list("lines")? {
        let account = AccountId(line.id("account_id")?);
        let (debit, credit) =
            (line.opt_cents("debit")?.unwrap_or_default(), line.opt_cents("credit")?.unwrap_or_default());
        lines.push((account, debit, credit));
    }
    let entry = PostEntry {
        date: fields.opt_date("date")?.ok_or_else(|| Problem::field("date", Rule::Required))?,
        adjusting: fields.opt_bool("period13")?.unwrap_or_default(),
        branch_id: fields.opt_id("branch_id")?.map(BranchId),
        description: fields.text_up_to("description", 500)?,
        lines,
    };
    session
        .write(&app, &body.bytes, Command::PostEntry(entry), |events| {
            let Some((id, folio)) = posted(events) else { return answer(StatusCode::CREATED, &()) };
            answer(StatusCode::CREATED, &json!({"id": id, "reference": folio, "message": "Entry created"}))
        })
        .await
}

/// The id and folio of an entry that was posted by hand.
pub fn posted(events: &[Recorded]) -> Option<(i64, &str)> {
    let recorded = events.first()?;
    if let Event::EntryPosted(entry) = &recorded.event {
        Some((entry_id(recorded.position, 0), &entry.folio))
    } else {
        None
    }
}
