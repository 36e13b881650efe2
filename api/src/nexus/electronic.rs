//! `GET /pos/api/accounting/electronic` (our own): SAT's electronic accounting of a month, Anexo 24.

use std::fmt::Write as _;

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::Response,
};
use diario_domain::period::Period;
use diario_projections::contabilidad::{
    Books, Document, FIRST_YEAR, LAST_YEAR, Order, Rfc, Submission, Wrong,
};
use futures_util::stream;

use super::session::{AccountingView, May};
use crate::{
    error::{Problem, Rule},
    http::{App, Params},
};

/// Catálogo, Balanza or Pólizas of a month as an XML file (version 1.3). A closed month answers the same bytes always.
#[utoipa::path(get, path = "/pos/api/accounting/electronic", operation_id = "nexus.electronic", tag = "Accounting",
    security(("token" = ["accounting.view"])),
    params(("year" = i64, Query, description = "2015 to 2099"), ("month" = i64, Query, description = "1 to 12; 13 for the Balanza"),
        ("document" = String, Query, description = "catalogo, balanza or polizas"), ("rfc" = String, Query, description = "The taxpayer's RFC"),
        ("tipo_envio" = Option<String>, Query, description = "Balanza: N or C"),
        ("fecha_mod_bal" = Option<String>, Query, description = "Balanza of type C: the day of the last change"),
        ("tipo_solicitud" = Option<String>, Query, description = "Pólizas: AF, FC, DE or CO"),
        ("num_orden" = Option<String>, Query, description = "Pólizas of type AF or FC: AAA9999999/99"),
        ("num_tramite" = Option<String>, Query, description = "Pólizas of type DE or CO: AA999999999999")),
    responses((status = 200, content_type = "application/xml", body = String), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<AccountingView>,
    params: Params,
) -> Result<Response, Problem> {
    let document = params
        .opt_word("document", &["catalogo", "balanza", "polizas"])?
        .ok_or_else(|| Problem::field("document", Rule::Required))?;
    let document = match document {
        "catalogo" => Document::Catalogo,
        "balanza" => {
            let (kind, modified) = (params.opt_text("tipo_envio"), params.opt_date("fecha_mod_bal")?);
            Document::Balanza(Submission::new(kind, modified)?)
        }
        _ => Document::Polizas(Order::new(
            params.opt_text("tipo_solicitud"),
            params.opt_text("num_orden"),
            params.opt_text("num_tramite"),
        )?),
    };
    let period = period(&params, &document)?;
    let rfc = Rfc::new(params.opt_text("rfc").ok_or(Wrong::Missing("rfc"))?)?;
    let books = Books::of(&app.db, session.tenant, rfc, period).await?;
    let name = books.file_name(&document);
    let mut pieces = books.document(document);
    let nothing = || Problem::field("month", Rule::Form("de un mes con movimientos"));
    let first = pieces.next().await?.ok_or_else(nothing)?;
    // What is read later is told to nobody but the log: a file that breaks off is no XML, and no one takes it for one.
    let pieces = stream::try_unfold((Some(first), pieces), |(first, mut pieces)| async move {
        let piece = match first {
            Some(first) => Some(first),
            None => pieces
                .next()
                .await
                .inspect_err(|error| tracing::error!(%error, "electronic accounting breaks off"))?,
        };
        Ok::<_, diario_store::StoreError>(piece.map(|piece| (piece, (None, pieces))))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&attachment(&name)) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

fn period(params: &Params, document: &Document) -> Result<Period, Problem> {
    let (first, last) = (i64::from(FIRST_YEAR), i64::from(LAST_YEAR));
    let (year, month) = (params.int("year")?, params.int("month")?);
    if !(first..=last).contains(&year) {
        return Err(Problem::field("year", Rule::IntegerBetween(first, last)));
    }
    let last = document.last_month();
    Period::new(year, month)
        .filter(|period| period.month <= last)
        .ok_or_else(|| Problem::field("month", Rule::IntegerBetween(1, last.into())))
}

/// A file's name as RFC 6266 has it: an RFC may have an Ñ.
fn attachment(name: &str) -> String {
    if name.is_ascii() {
        return format!("attachment; filename=\"{name}\"");
    }
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Missing(field) => Self::field(field, Rule::Required),
            Wrong::Form(field, form) => Self::field(field, Rule::Form(form)),
            Wrong::OneOf(field, words) => Self::field(field, Rule::OneOf(words)),
            Wrong::NotWith(field, other) => Self::field(field, Rule::NotWith(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_an_ene() {
        assert_eq!(
            attachment("AAA010101AAA202610CT.xml"),
            "attachment; filename=\"AAA010101AAA202610CT.xml\""
        );
        assert_eq!(attachment("Ñ&A.xml"), "attachment; filename*=UTF-8''%C3%91%26A.xml");
    }
}
