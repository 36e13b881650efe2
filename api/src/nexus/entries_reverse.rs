//! `POST /pos/api/accounting/entries/:entry_id/reverse` (our own): an entry that takes another back, once.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, EntryId, entry::ReverseEntry};
use diario_projections::journal;
use serde_json::json;

use super::{
    entries_create,
    session::{AccountingCreate, Id, May},
};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Takes an entry back that was posted by hand.
#[utoipa::path(post, path = "/pos/api/accounting/entries/{entry_id}/reverse", operation_id = "nexus.entries_reverse", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    params(("entry_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"date": "2026-04-02", "description": "Duplicada"})),
    responses((status = 201, example = json!({"id": 4520, "reference": "P-0002", "reverses": 4510, "message": "Entry reversed"})),
        (status = 400), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let found = journal::find_entry(&app.db, session.tenant, id).await?;
    let manual = found.filter(|entry| entry.event_type == "entry.posted");
    // The folio carries the number by which the document is found.
    let number = manual
        .and_then(|entry| entry.reference.strip_prefix("P-").and_then(|number| number.parse().ok()))
        .ok_or(Problem::NotFound { what: "entry" })?;
    let reverse = ReverseEntry {
        entry_id: EntryId(id),
        number,
        date: body.fields.opt_date("date")?,
        description: body.fields.opt_text_up_to("description", 500)?,
    };
    session
        .write(&app, &body.bytes, Command::ReverseEntry(reverse), move |events| {
            let Some((reversal, folio)) = entries_create::posted(events) else {
                return answer(StatusCode::CREATED, &());
            };
            let reversed =
                json!({"id": reversal, "reference": folio, "reverses": id, "message": "Entry reversed"});
            answer(StatusCode::CREATED, &reversed)
        })
        .await
}
