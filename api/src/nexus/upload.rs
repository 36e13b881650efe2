//! A file as a request's body, and its way into the import that the command line uses too.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::Rendered;

use super::session::Session;
use crate::{
    error::Problem,
    http::{App, Params},
    import::{self, Desk, ImportError, Mode, Options, Outcome, What},
};

/// The largest file that is taken.
const FILE_MAX: usize = 16 * 1024 * 1024;
/// How long the read models may take to come up with the log.
const PATIENCE: Duration = Duration::from_secs(5);

/// The limit of a route that takes a file.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(FILE_MAX)
}

/// A body that is a file.
pub struct Upload(Bytes);

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &App) -> Result<Self, Problem> {
        match Bytes::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Problem::TooLarge),
            Err(rejection) => Err(Problem::BadJson(rejection.body_text())),
        }
    }
}

/// Imports a file for an employee.
pub async fn import(
    app: &App,
    session: &Session,
    params: &Params,
    what: What,
    Upload(file): Upload,
) -> Result<Response, Problem> {
    let mode = match params.opt_word("mode", Mode::NAMES)? {
        Some("good_rows") => Mode::GoodRows,
        _ => Mode::AllOrNothing,
    };
    let dry_run = params.opt_bool("dry_run")?.unwrap_or(false);
    let options = Options { what, mode, dry_run, rows_max: import::ROWS_MAX, patience: PATIENCE };
    let _turn = if dry_run { None } else { Some(app.imports.wait(session.tenant).await) };
    let desk = Desk {
        db: &app.db,
        log: &app.log,
        commands: &app.commands,
        projections: &app.projections,
        caller: session.caller(),
        country: &session.shop.country,
        by: session.employee,
        branch: session.branch,
        // The mode is in the query, and the same file in another mode is another request.
        key: session.key(&[mode.name().as_bytes(), &file].concat())?,
    };
    let (rendered, replayed) = match import::run(desk, options, file.into()).await? {
        Outcome::Report(report) => (report.rendered(), false),
        Outcome::Replayed(rendered) => (rendered, true),
    };
    Ok(answer(rendered, replayed))
}

fn answer(rendered: Rendered, replayed: bool) -> Response {
    let mut response = Response::new(Body::from(rendered.body));
    *response.status_mut() =
        StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Command(error) => error.into(),
            ImportError::Store(error) => error.into(),
            ImportError::Lagging => Self::Busy,
        }
    }
}
