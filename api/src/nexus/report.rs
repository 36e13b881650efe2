//! What the accounting reports have in common: of which branch, as of when, in which form (contract 5.9).

use axum::{
    Json,
    http::{HeaderValue, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use diario_projections::ledger::{self, Scope};
use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime},
};
use serde_json::Value;

use super::session::Session;
use crate::{
    error::{Problem, Rule},
    http::{App, Params},
};

/// The branch and the position that a report is taken of. `as_of` is a position, an instant, or local time.
pub async fn scope(app: &App, session: &Session, params: &Params) -> Result<Scope, Problem> {
    Ok(Scope { as_of: as_of(app, session, params).await?, branch: params.opt_int("branch_id")? })
}

/// The position that `as_of` names.
pub async fn as_of(app: &App, session: &Session, params: &Params) -> Result<Option<i64>, Problem> {
    let Some(text) = params.opt_text("as_of").map(str::trim) else { return Ok(None) };
    let wrong = || Problem::field("as_of", Rule::Form("de una posición del diario o de un instante pasado"));
    if let Ok(position) = text.parse::<i64>() {
        let head = ledger::head(&app.db, session.tenant).await?;
        return if (0..=head).contains(&position) { Ok(Some(position)) } else { Err(wrong()) };
    }
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => {
            let local: DateTime = text.parse().map_err(|_| wrong())?;
            local.to_zoned(session.shop.zone.clone()).map_err(|_| wrong())?.timestamp()
        }
    };
    if at > app.now() {
        return Err(wrong());
    }
    Ok(Some(ledger::position_at(&app.db, session.tenant, at).await?))
}

/// `date_from` and `date_to`; the current month where none is named.
pub fn days(app: &App, session: &Session, params: &Params) -> Result<(Date, Date), Problem> {
    let today = session.shop.day(app.now());
    let to = params.opt_date("date_to")?;
    let from = params.opt_date("date_from")?.unwrap_or_else(|| to.unwrap_or(today).first_of_month());
    let to = to.unwrap_or_else(|| today.max(from).last_of_month());
    if from > to {
        return Err(Problem::field("date_from", Rule::Form("una fecha anterior o igual a date_to")));
    }
    Ok((from, to))
}

/// `date`; today where it is not named.
pub fn date(app: &App, session: &Session, params: &Params) -> Result<Date, Problem> {
    Ok(params.opt_date("date")?.unwrap_or_else(|| session.shop.day(app.now())))
}

/// The days that `compare` puts beside some days.
pub fn compared(params: &Params, days: (Date, Date)) -> Result<Option<(Date, Date)>, Problem> {
    let year_before = |date: Date| date.checked_sub(Span::new().years(1)).unwrap_or(date);
    Ok(match params.opt_word("compare", &["previous_period", "previous_year"])? {
        None => None,
        Some("previous_year") => Some((year_before(days.0), year_before(days.1))),
        Some(_) => Some(previous(days)),
    })
}

/// As many whole months before, or as many days.
fn previous((from, to): (Date, Date)) -> (Date, Date) {
    if from.first_of_month() == from && to.last_of_month() == to {
        let months = i32::from(to.year() - from.year()) * 12 + i32::from(to.month() - from.month()) + 1;
        let back = |date: Date| date.checked_sub(Span::new().months(months)).unwrap_or(date);
        return (back(from), back(to.first_of_month()).last_of_month());
    }
    let length = (to - from).get_days() + 1;
    let back = |date: Date| date.checked_sub(Span::new().days(length)).unwrap_or(date);
    (back(from), back(to))
}

/// A table for `format=csv`.
pub struct Csv {
    header: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Csv {
    /// A table with these columns.
    pub fn new(header: &'static [&'static str]) -> Self {
        Self { header, rows: Vec::new() }
    }

    /// A row's cells as JSON shows them, text without quotes.
    pub fn row(&mut self, cells: &[Value]) {
        let text = |cell: &Value| match cell {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        self.rows.push(cells.iter().map(text).collect());
    }

    fn into_response(self) -> Response {
        let mut text = String::new();
        for row in
            std::iter::once(self.header.iter().map(|name| (*name).to_owned()).collect()).chain(self.rows)
        {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        let mut response = text.into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
        response
    }
}

/// A cell as RFC 4180 writes it; what a spreadsheet would take for a formula is made text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || (cell.starts_with('-') && cell.parse::<rust_decimal::Decimal>().is_err());
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// The report in the form that `format` asks for.
pub fn answer(params: &Params, body: Value, table: impl FnOnce() -> Csv) -> Result<Response, Problem> {
    Ok(match params.opt_word("format", &["json", "csv"])? {
        Some("csv") => table().into_response(),
        _ => Json(body).into_response(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_is_as_many_months_or_days() {
        let date = Date::constant;
        assert_eq!(previous((date(2026, 4, 1), date(2026, 4, 30))), (date(2026, 3, 1), date(2026, 3, 31)));
        assert_eq!(previous((date(2026, 1, 1), date(2026, 3, 31))), (date(2025, 10, 1), date(2025, 12, 31)));
        assert_eq!(previous((date(2026, 4, 11), date(2026, 4, 20))), (date(2026, 4, 1), date(2026, 4, 10)));
    }

    #[test]
    fn a_cell_is_no_formula() {
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("-12.50"), "-12.50");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
