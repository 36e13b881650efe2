//! `GET /pos/api/accounting/periods` (contract 5.9): months since the first posting, newest first.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use diario_domain::period::{Period, THIRTEENTH};
use diario_projections::ledger;
use serde_json::{Value, json};

use super::session::{AccountingView, May};
use crate::{error::Problem, http::App};

/// Fiscal periods.
#[utoipa::path(get, path = "/pos/api/accounting/periods", operation_id = "nexus.periods_list", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    responses((status = 200, example = json!({"data": [{"year": 2026, "month": 4, "status": "open", "closed_at": null, "closed_by": null},
        {"year": 2026, "month": 3, "status": "closed", "closed_at": "2026-04-05T10:00:00", "closed_by": "Admin"}]}))))]
pub async fn handle(State(app): State<App>, session: May<AccountingView>) -> Result<Json<Value>, Problem> {
    let shop = &session.shop;
    let closed: BTreeMap<i64, _> = ledger::closed_periods(&app.db, session.tenant)
        .await?
        .into_iter()
        .map(|period| (period.period, period))
        .collect();
    let today = Period::of(shop.day(app.now()));
    let posted = ledger::posted_days(&app.db, session.tenant).await?;
    let first = posted.map_or(today, |(first, _)| Period::of(first)).min(today);
    let first =
        closed.keys().next().and_then(|number| Period::of_number(*number)).map_or(first, |p| p.min(first));
    let mut periods = Vec::new();
    let mut month = first;
    while month <= today {
        periods.push(month);
        let thirteenth = Period { year: month.year, month: THIRTEENTH };
        if month.month == 12 && closed.contains_key(&month.number()) {
            periods.push(thirteenth);
        }
        month = month.next_month();
    }
    periods.sort_by(|one, other| other.cmp(one));
    let through = closed.keys().copied().filter(|number| number % 100 < 13).max().unwrap_or(0);
    let years_through = closed.keys().copied().filter(|number| number % 100 == 13).max().unwrap_or(0);
    let data: Vec<_> = periods
        .into_iter()
        .map(|period| {
            let found = closed.get(&period.number());
            // A year takes those before it along that were not closed.
            let through = if period.month == THIRTEENTH { years_through } else { through };
            let is_closed = period.number() <= through;
            json!({
                "year": period.year,
                "month": period.month,
                "status": if is_closed { "closed" } else { "open" },
                "closed_at": found.map(|found| shop.local(found.closed_at)),
                "closed_by": found.and_then(|found| found.closed_by.clone()),
                "digest": found.map(|found| found.digest.clone()),
                "entries": found.map(|found| found.entries),
            })
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
