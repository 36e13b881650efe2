//! Query parameters, read one by one: whatever is wrong is named.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use diario_projections::Page;
use jiff::civil::Date;

use super::App;
use crate::error::{Problem, Rule};

/// A request's query parameters.
pub struct Params(HashMap<String, String>);

impl FromRequestParts<App> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &App) -> Result<Self, Problem> {
        Query::from_request_parts(parts, state)
            .await
            .map(|Query(map)| Self(map))
            .map_err(|_| Problem::field("query", Rule::Form("name=value&…")))
    }
}

impl Params {
    /// Text that is not empty, or nothing.
    pub fn opt_text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.trim().is_empty())
    }

    /// A whole number or nothing.
    pub fn opt_int(&self, name: &str) -> Result<Option<i64>, Problem> {
        match self.opt_text(name) {
            None => Ok(None),
            Some(text) => text.trim().parse().map(Some).map_err(|_| Problem::field(name, Rule::Integer)),
        }
    }

    /// A whole number that must be there.
    pub fn int(&self, name: &str) -> Result<i64, Problem> {
        self.opt_int(name)?.ok_or_else(|| Problem::field(name, Rule::Required))
    }

    /// True, false, 1, 0, or nothing.
    pub fn opt_bool(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.0.get(name).map(|text| text.trim().to_lowercase()).as_deref() {
            None => Ok(None),
            Some("" | "1" | "true") => Ok(Some(true)),
            Some("0" | "false") => Ok(Some(false)),
            Some(_) => Err(Problem::field(name, Rule::Boolean)),
        }
    }

    /// A date or nothing.
    pub fn opt_date(&self, name: &str) -> Result<Option<Date>, Problem> {
        match self.opt_text(name) {
            None => Ok(None),
            Some(text) => text.trim().parse().map(Some).map_err(|_| Problem::field(name, Rule::Date)),
        }
    }

    /// One of some words, or nothing.
    pub fn opt_word(
        &self,
        name: &str,
        words: &'static [&'static str],
    ) -> Result<Option<&'static str>, Problem> {
        match self.opt_text(name) {
            None => Ok(None),
            Some(text) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(Some(word)),
                None => Err(Problem::field(name, Rule::OneOf(words))),
            },
        }
    }

    /// `page` from 1 and `per_page` up to a maximum: over it is clamped (C-11), under 1 is refused.
    pub fn page(&self, default: i64, max: i64) -> Result<(Page, i64), Problem> {
        let page = self.opt_int("page")?.unwrap_or(1);
        let per_page = self.opt_int("per_page")?.unwrap_or(default).min(max);
        for (name, value) in [("page", page), ("per_page", per_page)] {
            if value < 1 {
                return Err(Problem::field(name, Rule::IntegerFrom(1)));
            }
        }
        let offset = (page - 1).saturating_mul(per_page);
        Ok((Page { offset, limit: per_page }, page))
    }
}
