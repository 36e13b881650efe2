//! What the accounting reports' parameters have in common: of which branch, as of when, in which form (contract 5.9).

use std::sync::Arc;

use axum::{
    Json,
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use diario_projections::{branches, ledger::Scope};
use jiff::civil::Date;

use super::session::Session;
use crate::{
    error::{Problem, Rule},
    http::{App, Params},
    reports::{self, AsOfError, Comparison, Of, Report, csv, pdf, xlsx},
};

/// Whose report it is, of which branch and position.
pub async fn of<'a>(app: &'a App, session: &'a Session, params: &Params) -> Result<Of<'a>, Problem> {
    let branch = params.opt_int("branch_id")?;
    if let Some(id) = branch {
        let known = branches::list(&app.db, session.tenant).await?;
        // Zeros would look like a branch that sold nothing.
        if known.iter().all(|branch| branch.branch_id.0 != id) {
            return Err(Problem::field("branch_id", Rule::Form("el id de una sucursal de la empresa")));
        }
    }
    let scope = Scope { as_of: as_of(app, session, params).await?, branch };
    Ok(Of { db: &app.db, tenant: session.tenant, shop: &session.shop.name, scope })
}

/// The position that `as_of` names: a position, an instant, or local time.
pub async fn as_of(app: &App, session: &Session, params: &Params) -> Result<Option<i64>, Problem> {
    let Some(text) = params.opt_text("as_of").map(str::trim) else { return Ok(None) };
    match reports::as_of(&app.db, session.tenant, &session.shop.zone, app.now(), text).await {
        Ok(position) => Ok(Some(position)),
        Err(AsOfError::Unknown) => {
            Err(Problem::field("as_of", Rule::Form("de una posición del diario o de un instante pasado")))
        }
        Err(AsOfError::Store(error)) => Err(error.into()),
    }
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

/// What `compare` sets a report beside.
pub fn comparison(params: &Params) -> Result<Option<Comparison>, Problem> {
    Ok(params.opt_word("compare", Comparison::NAMES)?.and_then(Comparison::of_name))
}

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As the contract documents it.
    Json,
    /// Rows for programs.
    Csv,
    /// A workbook.
    Xlsx,
    /// Paper.
    Pdf,
}

/// The form that `format` names.
pub fn form(params: &Params) -> Result<Form, Problem> {
    Ok(match params.opt_word("format", &["json", "csv", "xlsx", "pdf"])? {
        Some("csv") => Form::Csv,
        Some("xlsx") => Form::Xlsx,
        Some("pdf") => Form::Pdf,
        _ => Form::Json,
    })
}

/// The report in its form; a file is named after the report.
pub fn answer(form: Form, name: &str, report: Report) -> Result<Response, Problem> {
    let Report { body, table } = report;
    let (kind, ending, bytes) = match form {
        Form::Json => return Ok(Json(body).into_response()),
        Form::Csv => ("text/csv; charset=utf-8", "csv", csv::write(&table).into_bytes()),
        Form::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
            xlsx::write(&table).map_err(|error| Problem::Internal(Arc::new(error)))?,
        ),
        Form::Pdf => ("application/pdf", "pdf", pdf::write(&table)),
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}.{ending}\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
