//! `GET /pos/api/accounting/entries` (contract 5.9, N-29).

use axum::{Json, extract::State};
use diario_domain::period::Period;
use diario_projections::journal::{self, EntryFilter, EntryRow};
use serde_json::{Map, Value, json};

use super::{
    report,
    session::{AccountingView, May},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

const TYPES: &[&str] = &["sale", "purchase", "adjustment", "manual"];

/// Journal entries, newest first.
#[utoipa::path(get, path = "/pos/api/accounting/entries", operation_id = "nexus.entries_list", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("type" = Option<String>, Query),
        ("as_of" = Option<String>, Query, description = "A position of the log or an instant"),
        ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = EntryFilter {
        date_from: params.opt_date("date_from")?,
        date_to: params.opt_date("date_to")?,
        entry_type: params.opt_word("type", TYPES)?.map(ToOwned::to_owned),
        as_of: report::as_of(&app, &session, &params).await?,
    };
    let found = journal::entries(&app.db, session.tenant, &filter, asked.page).await?;
    let mut body = views::list(&asked, &found, view);
    if let Some(position) = filter.as_of {
        body["as_of"] = position.into();
    }
    Ok(Json(body))
}

/// An entry's head; `event_type` and `position` lead to the event it comes from.
pub fn view(row: &EntryRow) -> Map<String, Value> {
    let value = json!({
        "id": row.entry_id,
        "date": row.date.to_string(),
        "period": Period::of_number(row.period).map(|period| period.to_string()),
        "type": row.entry_type,
        "event_type": row.event_type,
        "reference": row.reference,
        "description": row.description,
        "branch_id": row.branch_id,
        "total": money(row.total),
        "position": row.position,
    });
    let Value::Object(map) = value else { return Map::new() };
    map
}
