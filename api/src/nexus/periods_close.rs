//! `POST /pos/api/accounting/periods/close` (contract 5.9, N-32): for good.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, period::Period};
use serde_json::json;

use super::session::{AccountingCreate, May};
use crate::{
    close,
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
};

/// Closes a period.
#[utoipa::path(post, path = "/pos/api/accounting/periods/close", operation_id = "nexus.periods_close", tag = "Accounting",
    security(("token" = ["accounting.create"])),
    request_body(content = serde_json::Value, example = json!({"year": 2026, "month": 3})),
    responses((status = 200, example = json!({"year": 2026, "month": 3, "status": "closed", "digest": "9f86d0…", "entries": 120,
        "message": "Period closed"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingCreate>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let (year, month) = (fields.int("year")?, fields.int("month")?);
    if Period::new(year, 1).is_none() {
        return Err(Problem::field("year", Rule::IntegerBetween(1900, 9998)));
    }
    let period =
        Period::new(year, month).ok_or_else(|| Problem::field("month", Rule::IntegerBetween(1, 13)))?;
    let command = close::prepare(&app.db, session.tenant, period).await?;
    session
        .write(&app, &body.bytes, Command::ClosePeriod(Box::new(command)), |events| {
            let Some(Event::PeriodClosed(closed)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::OK, &());
            };
            let body = json!({
                "year": closed.period.year,
                "month": closed.period.month,
                "status": "closed",
                "digest": closed.digest,
                "entries": closed.entries,
                "message": "Period closed",
            });
            answer(StatusCode::OK, &body)
        })
        .await
}
