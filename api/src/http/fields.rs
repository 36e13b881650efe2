//! A request's JSON object, read field by field: whatever is wrong is named.
//!
//! The body is JSON whatever its Content-Type says (contract 2.3). Numbers keep their digits: no amount passes
//! through a float.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use diario_domain::{Cents, Quantity, Rate, UnitPrice, money::UNITS_MAX};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::App;
use crate::error::{Problem, Rule};

/// The longest text in a field that has no limit of its own.
const TEXT_MAX: usize = 2_000;

/// A request's body: its bytes, and the object in it.
pub struct Body {
    /// As received, for idempotency.
    pub bytes: Bytes,
    /// What it says.
    pub fields: Fields,
}

impl FromRequest<App> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &App) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Problem::TooLarge
            } else {
                Problem::BadJson(rejection.body_text())
            }
        })?;
        let fields = Fields::parse(&bytes)?;
        Ok(Self { bytes, fields })
    }
}

/// A day in the contracts' only form, `2026-04-01`. What else reads as one, a time behind it or no dashes in it, is a
/// day in somebody's own idea of it.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') { text.parse().ok() } else { None }
}

/// A JSON object whose fields are taken one by one.
#[derive(Debug, Default)]
pub struct Fields {
    map: Map<String, Value>,
    /// `items[2].` inside a list.
    prefix: String,
}

impl Fields {
    /// An object from text; nothing at all is an empty one.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => Ok(Self { map, prefix: String::new() }),
            Ok(_) => Err(Problem::BadJson("the body must be an object".to_owned())),
            Err(error) => Err(Problem::BadJson(error.to_string())),
        }
    }

    /// An object that comes from elsewhere: a row of a file is read by the rules of a request.
    pub const fn of(map: Map<String, Value>) -> Self {
        Self { map, prefix: String::new() }
    }

    /// A problem with a field, named by its whole path.
    pub fn problem(&self, name: &str, rule: Rule) -> Problem {
        Problem::field(format!("{}{name}", self.prefix), rule)
    }

    /// The value of a field; `null` is as good as absent.
    fn value(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Whether a field is there, even as `null`.
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// The names of the fields that are there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    fn required<T>(&self, name: &str, value: Option<T>) -> Result<T, Problem> {
        value.ok_or_else(|| self.problem(name, Rule::Required))
    }

    /// Text of at most so many characters, or nothing.
    pub fn opt_text_up_to(&self, name: &str, max: usize) -> Result<Option<String>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() > max => {
                Err(self.problem(name, Rule::TextUpTo(max)))
            }
            // Postgres keeps no NUL in text.
            Some(Value::String(text)) if text.contains('\0') => Err(self.problem(name, Rule::Text)),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.problem(name, Rule::Text)),
        }
    }

    /// Text or nothing.
    pub fn opt_text(&self, name: &str) -> Result<Option<String>, Problem> {
        self.opt_text_up_to(name, TEXT_MAX)
    }

    /// Text that is there and not empty.
    pub fn text_up_to(&self, name: &str, max: usize) -> Result<String, Problem> {
        let text = self.required(name, self.opt_text_up_to(name, max)?)?;
        if text.trim().is_empty() { Err(self.problem(name, Rule::NotEmpty)) } else { Ok(text) }
    }

    /// One of some words, or nothing.
    pub fn opt_word(
        &self,
        name: &str,
        words: &'static [&'static str],
    ) -> Result<Option<&'static str>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(Some(word)),
                None => Err(self.problem(name, Rule::OneOf(words))),
            },
            Some(_) => Err(self.problem(name, Rule::OneOf(words))),
        }
    }

    /// One of some words.
    pub fn word(&self, name: &str, words: &'static [&'static str]) -> Result<&'static str, Problem> {
        self.required(name, self.opt_word(name, words)?)
    }

    /// A whole number or nothing.
    pub fn opt_int(&self, name: &str) -> Result<Option<i64>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(self.problem(name, Rule::Integer)),
            },
            Some(_) => Err(self.problem(name, Rule::Integer)),
        }
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Result<i64, Problem> {
        self.required(name, self.opt_int(name)?)
    }

    /// A whole number of at least, or nothing.
    pub fn opt_int_from(&self, name: &str, least: i64) -> Result<Option<i64>, Problem> {
        match self.opt_int(name)? {
            Some(number) if number < least => Err(self.problem(name, Rule::IntegerFrom(least))),
            found => Ok(found),
        }
    }

    /// An id or nothing.
    pub fn opt_id(&self, name: &str) -> Result<Option<i64>, Problem> {
        self.opt_int_from(name, 1)
    }

    /// An id.
    pub fn id(&self, name: &str) -> Result<i64, Problem> {
        self.required(name, self.opt_id(name)?)
    }

    /// True, false or nothing.
    pub fn opt_bool(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.problem(name, Rule::Boolean)),
        }
    }

    /// A date or nothing.
    pub fn opt_date(&self, name: &str) -> Result<Option<Date>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => day(text).map(Some).ok_or_else(|| self.problem(name, Rule::Date)),
            Some(_) => Err(self.problem(name, Rule::Date)),
        }
    }

    fn opt_decimal(&self, name: &str, decimals: u32) -> Result<Option<Decimal>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let Value::Number(number) = value else { return Err(self.problem(name, Rule::Number)) };
        let text = number.as_str();
        let decimal = if text.contains(['e', 'E']) {
            Decimal::from_scientific(text)
        } else {
            Decimal::from_str_exact(text)
        };
        let Ok(decimal) = decimal else {
            // More digits than a decimal holds: too large, or too fine.
            let whole = text.trim_start_matches('-').split(['.', 'e', 'E']).next().map_or(0, str::len);
            let rule =
                if whole > 12 || text.contains(['e', 'E']) { Rule::TooBig } else { Rule::Decimals(decimals) };
            return Err(self.problem(name, rule));
        };
        if decimal.abs() > Decimal::from(UNITS_MAX) {
            return Err(self.problem(name, Rule::TooBig));
        }
        Ok(Some(decimal))
    }

    fn opt_not_negative(&self, name: &str, decimals: u32) -> Result<Option<Decimal>, Problem> {
        match self.opt_decimal(name, decimals)? {
            Some(decimal) if decimal.is_sign_negative() && !decimal.is_zero() => {
                Err(self.problem(name, Rule::NotNegative))
            }
            found => Ok(found),
        }
    }

    /// An amount of money of 0 or more, or nothing.
    pub fn opt_cents(&self, name: &str) -> Result<Option<Cents>, Problem> {
        let Some(decimal) = self.opt_not_negative(name, 2)? else { return Ok(None) };
        Cents::from_decimal(decimal).map(Some).ok_or_else(|| self.problem(name, Rule::Decimals(2)))
    }

    /// An amount of money of 0 or more.
    pub fn cents(&self, name: &str) -> Result<Cents, Problem> {
        self.required(name, self.opt_cents(name)?)
    }

    /// A unit price of 0 or more, or nothing.
    pub fn opt_price(&self, name: &str) -> Result<Option<UnitPrice>, Problem> {
        let Some(decimal) = self.opt_not_negative(name, 6)? else { return Ok(None) };
        UnitPrice::from_decimal(decimal).map(Some).ok_or_else(|| self.problem(name, Rule::Decimals(6)))
    }

    /// A unit price of 0 or more.
    pub fn price(&self, name: &str) -> Result<UnitPrice, Problem> {
        self.required(name, self.opt_price(name)?)
    }

    /// A quantity of either sign, or nothing.
    pub fn opt_quantity(&self, name: &str) -> Result<Option<Quantity>, Problem> {
        let Some(decimal) = self.opt_decimal(name, 6)? else { return Ok(None) };
        Quantity::from_decimal(decimal).map(Some).ok_or_else(|| self.problem(name, Rule::Decimals(6)))
    }

    /// A quantity of either sign.
    pub fn quantity(&self, name: &str) -> Result<Quantity, Problem> {
        self.required(name, self.opt_quantity(name)?)
    }

    /// A rate of 0 or more, or nothing.
    pub fn opt_rate(&self, name: &str) -> Result<Option<Rate>, Problem> {
        let Some(decimal) = self.opt_not_negative(name, 6)? else { return Ok(None) };
        Rate::from_decimal(decimal).map(Some).ok_or_else(|| self.problem(name, Rule::Decimals(6)))
    }

    /// An object as it is, or nothing.
    pub fn opt_object(&self, name: &str) -> Result<Option<Map<String, Value>>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map.clone())),
            Some(_) => Err(self.problem(name, Rule::Object)),
        }
    }

    /// The fields of an object, or nothing.
    pub fn opt_fields(&self, name: &str) -> Result<Option<Self>, Problem> {
        let map = self.opt_object(name)?;
        Ok(map.map(|map| Self { map, prefix: format!("{}{name}.", self.prefix) }))
    }

    /// A number of either sign in hundredths, or nothing.
    pub fn opt_hundredths(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(decimal) = self.opt_decimal(name, 2)? else { return Ok(None) };
        let hundredths = Cents::from_decimal(decimal).ok_or_else(|| self.problem(name, Rule::Decimals(2)))?;
        Ok(Some(hundredths.0))
    }

    /// A list of words, or nothing.
    pub fn opt_texts(&self, name: &str) -> Result<Option<Vec<String>>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let words = value.as_array().and_then(|list| {
            list.iter().map(|word| word.as_str().map(ToOwned::to_owned)).collect::<Option<Vec<_>>>()
        });
        words.filter(|words| words.len() <= 100).map(Some).ok_or_else(|| self.problem(name, Rule::List))
    }

    /// A list of objects, or nothing.
    pub fn opt_list(&self, name: &str) -> Result<Option<Vec<Self>>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let Value::Array(values) = value else { return Err(self.problem(name, Rule::List)) };
        values
            .iter()
            .enumerate()
            .map(|(place, value)| {
                let here = format!("{}{name}[{place}]", self.prefix);
                let Value::Object(map) = value else { return Err(Problem::field(here, Rule::Object)) };
                Ok(Self { map: map.clone(), prefix: format!("{here}.") })
            })
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// A list of objects with at least one.
    pub fn list(&self, name: &str) -> Result<Vec<Self>, Problem> {
        let list = self.required(name, self.opt_list(name)?)?;
        if list.is_empty() { Err(self.problem(name, Rule::NotEmpty)) } else { Ok(list) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_form() {
        assert_eq!(day(" 2026-02-03 "), Some(jiff::civil::date(2026, 2, 3)));
        for text in
            ["20260203", "2026-02-03T10:00:00", "+002026-02-03", "2026-2-3", "2026-02-30", "0206-04-01x", ""]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_wrong_ones_are_named() {
        let fields = Fields::parse(
            br#"{"a":0.1,"b":1e3,"c":-1,"d":1.234,"e":1e300,"f":"1","g":99999999999999999999}"#,
        )
        .unwrap();
        assert_eq!(fields.cents("a").unwrap(), Cents(10));
        assert_eq!(fields.cents("b").unwrap(), Cents(100_000));
        for (name, rule) in [
            ("c", Rule::NotNegative),
            ("d", Rule::Decimals(2)),
            ("e", Rule::TooBig),
            ("f", Rule::Number),
            ("g", Rule::TooBig),
            ("z", Rule::Required),
        ] {
            match fields.cents(name) {
                Err(Problem::Field { name: named, rule: found }) => {
                    assert_eq!((named.as_str(), found), (name, rule));
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}
