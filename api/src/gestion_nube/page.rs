//! Pages as Laravel words them: `meta`, `links` and four headers (contract 4.4, G-14 to G-16).

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderValue, header::HOST, request::Parts},
    response::{IntoResponse as _, Response},
};
use diario_projections::{Begin, Page, Paged};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, Params},
};

/// Rows where nothing is asked.
const PER_PAGE: i64 = 50;
/// Rows at the most: more is clamped (G-15).
const PER_PAGE_MAX: i64 = 200;

/// A request for a part of a list.
pub struct Asked {
    /// Its query.
    pub params: Params,
    number: i64,
    per_page: i64,
    /// The list's own address.
    path: String,
    /// The query but for the page's number.
    rest: String,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let params = Params::from_request_parts(parts, app).await.map_err(Problem::in_query)?;
        let number = params.opt_int("page").map_err(Problem::in_query)?.unwrap_or(1).max(1);
        let asked = params.opt_int("per_page").map_err(Problem::in_query)?.unwrap_or(PER_PAGE);
        let per_page = asked.clamp(1, PER_PAGE_MAX);
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = text("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
        let host = text(HOST.as_str()).unwrap_or("localhost");
        let mut rest = String::new();
        for pair in parts.uri.query().unwrap_or_default().split('&') {
            if !pair.is_empty() && pair.split('=').next() != Some("page") {
                rest.push_str(pair);
                rest.push('&');
            }
        }
        Ok(Self { number, per_page, path: format!("{scheme}://{host}{}", parts.uri.path()), rest, params })
    }
}

impl Asked {
    /// As the read models know it.
    pub fn page(&self) -> Page {
        Page { begin: Begin::Offset((self.number - 1).saturating_mul(self.per_page)), limit: self.per_page }
    }

    fn link(&self, number: i64) -> String {
        format!("{}?{}page={number}", self.path, self.rest)
    }

    /// The answer: what stands before the rows, the rows, and where they are in the whole.
    pub fn answer<T>(&self, before: Option<(&str, Value)>, found: &Paged<T>, data: &[Value]) -> Response {
        let total = found.total.unwrap_or_default();
        let last = ((total + self.per_page - 1) / self.per_page).max(1);
        let first_row = (self.number - 1).saturating_mul(self.per_page).saturating_add(1);
        let shown = i64::try_from(data.len()).unwrap_or_default();
        let (from, to) =
            if shown == 0 { (None, None) } else { (Some(first_row), Some(first_row + shown - 1)) };
        let more = self.number < last;
        let mut body = json!({
            "data": data,
            "meta": {
                "current_page": self.number,
                "per_page": self.per_page,
                "total": total,
                "last_page": last,
                "from": from,
                "to": to,
                "has_more_pages": more,
                "path": self.path,
            },
            "links": {
                "first": self.link(1),
                "last": self.link(last),
                "prev": (self.number > 1).then(|| self.link((self.number - 1).min(last))),
                "next": more.then(|| self.link(self.number + 1)),
            },
        });
        if let (Some((name, value)), Some(map)) = (before, body.as_object_mut()) {
            map.insert(name.to_owned(), value);
        }
        let mut response = Json(body).into_response();
        for (name, value) in [
            ("x-total-count", total),
            ("x-per-page", self.per_page),
            ("x-current-page", self.number),
            ("x-last-page", last),
        ] {
            response.headers_mut().insert(name, HeaderValue::from(value));
        }
        response
    }
}
