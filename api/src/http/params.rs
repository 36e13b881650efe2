//! Query parameters, read one by one: whatever is wrong is named.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use diario_projections::{Begin, Cursor, Page};
use jiff::civil::Date;

use super::{App, fields::day};
use crate::error::{Problem, Rule};

/// The most days that a report looks back.
const DAYS_MAX: i64 = 3_650;

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

    /// A whole number in some bounds, or a default.
    pub fn int_between(&self, name: &str, default: i64, least: i64, most: i64) -> Result<i64, Problem> {
        let number = self.opt_int(name)?.unwrap_or(default);
        if (least..=most).contains(&number) {
            Ok(number)
        } else {
            Err(Problem::field(name, Rule::IntegerBetween(least, most)))
        }
    }

    /// `days`: how many local days a report looks back, today among them.
    pub fn days(&self, default: i64) -> Result<i64, Problem> {
        self.int_between("days", default, 1, DAYS_MAX)
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
            Some(text) => day(text).map(Some).ok_or_else(|| Problem::field(name, Rule::Date)),
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

    /// `page` from 1 and `per_page` up to a maximum: over it is clamped (C-11), under 1 is refused; or `cursor`, the
    /// `next_cursor` of the page before, empty for the first.
    pub fn page(&self, default: i64, max: i64) -> Result<Asked, Problem> {
        let number = self.opt_int("page")?;
        let limit = self.opt_int("per_page")?.unwrap_or(default).min(max);
        for (name, value) in [("page", number.unwrap_or(1)), ("per_page", limit)] {
            if value < 1 {
                return Err(Problem::field(name, Rule::IntegerFrom(1)));
            }
        }
        let Some(cursor) = self.0.get("cursor") else {
            let number = number.unwrap_or(1);
            let begin = Begin::Offset((number - 1).saturating_mul(limit));
            return Ok(Asked { page: Page { begin, limit }, number: Some(number) });
        };
        let wrong = || Problem::field("cursor", Rule::Cursor);
        if number.is_some() {
            return Err(wrong());
        }
        let after = match cursor.as_str() {
            "" => None,
            text => Some(read_cursor(text).ok_or_else(wrong)?),
        };
        Ok(Asked { page: Page { begin: Begin::After(after), limit }, number: None })
    }
}

/// The part of a list that a request asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// As the read models know it.
    pub page: Page,
    /// The page's number; nothing where a cursor was given.
    pub number: Option<i64>,
}

/// A cursor as text: the parts of the key in hex, and a check digit against typing.
pub fn write_cursor(cursor: Cursor) -> String {
    let [first, second] = cursor.map(i64::cast_unsigned);
    format!("{first:x}-{second:x}-{:x}", check(cursor))
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.split('-').map(|part| u64::from_str_radix(part, 16).ok());
    let cursor = [parts.next()??.cast_signed(), parts.next()??.cast_signed()];
    let given = parts.next()??;
    (given == check(cursor) && parts.next().is_none()).then_some(cursor)
}

fn check(cursor: Cursor) -> u64 {
    let [first, second] = cursor.map(i64::cast_unsigned);
    (first.wrapping_mul(31).wrapping_add(second)) % 251
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_the_same_and_a_made_up_one_does_not() {
        for cursor in [[0, 0], [45, 0], [1_700_000_000_000_000, 7], [-3, i64::MIN]] {
            assert_eq!(read_cursor(&write_cursor(cursor)), Some(cursor));
        }
        for text in ["x", "1", "1-0", "1-0-0", "1-0-1f-1", "-", "9999999999999999999999-0-0"] {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }
}
