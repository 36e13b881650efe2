//! What a request says, in its body or its query, with its names in whatever case and spelling (T-1, T-11, T-12).

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request},
};
use serde_json::{Map, Value};

use crate::{
    error::{Problem, Rule},
    http::{App, Fields},
};

/// A request's fields under the names that it gave them.
pub struct Args {
    /// The body, with the query behind it: for idempotency.
    pub bytes: Bytes,
    given: Vec<(String, Value)>,
}

/// Fields that a query gives as numbers or as true and false; every other is text.
const NUMBERS: [&str; 8] =
    ["addressid", "cityid", "townid", "productid", "productmasterid", "subcategoryid", "count", "page"];

impl FromRequest<App> for Args {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Query(query) = Query::<Vec<(String, String)>>::from_request_parts(&mut parts, app)
            .await
            .map_err(|_| Problem::field("query", Rule::Form("name=value&…")))?;
        let query_text = parts.uri.query().unwrap_or_default().to_owned();
        let body = Bytes::from_request(Request::from_parts(parts, body), app).await.map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                Problem::TooLarge
            } else {
                Problem::BadJson(rejection.body_text())
            }
        })?;
        Self::read(&body, &query, &query_text)
    }
}

impl Args {
    fn read(body: &Bytes, query: &[(String, String)], query_text: &str) -> Result<Self, Problem> {
        let mut given: Vec<(String, Value)> = Vec::new();
        for (given_name, text) in query {
            let name = one_spelling(given_name);
            if name == "updateddate" {
                // It may be there more than once.
                let found = given.iter_mut().find(|(known, _)| *known == name);
                if let Some((_, Value::Array(dates))) = found {
                    dates.push(Value::from(text.as_str()));
                } else {
                    given.push((name, Value::Array(vec![Value::from(text.as_str())])));
                }
                continue;
            }
            // What is of the wrong type is a 400 in a query, and a 422 in a body (contract 2.4).
            let value = query_value(&name, text)
                .map_err(|rule| Problem::Parameter { name: given_name.clone(), rule })?;
            given.push((name, value));
        }
        let object = if body.iter().all(u8::is_ascii_whitespace) {
            Map::new()
        } else {
            match serde_json::from_slice(body) {
                Ok(Value::Object(map)) => map,
                Ok(_) => return Err(Problem::BadJson("an object is expected".to_owned())),
                Err(error) => return Err(Problem::BadJson(error.to_string())),
            }
        };
        // The body goes before the query.
        given.splice(0..0, object.into_iter().map(|(name, value)| (one_spelling(&name), value)));
        let bytes = if query_text.is_empty() {
            body.clone()
        } else {
            Bytes::from([body.as_ref(), b"\n", query_text.as_bytes()].concat())
        };
        Ok(Self { bytes, given })
    }

    /// The fields of an operation under the names that its document gives them.
    pub fn fields(&self, names: &[&str]) -> Fields {
        Fields::of(self.named(names))
    }

    fn named(&self, names: &[&str]) -> Map<String, Value> {
        renamed(&self.given, names)
    }

    /// The same with a list of objects in it, whose fields have names of their own.
    pub fn fields_with_list(&self, names: &[&str], list: &str, names_in_it: &[&str]) -> Fields {
        let mut map = self.named(names);
        if let Some(Value::Array(rows)) = map.get_mut(list) {
            for row in rows {
                if let Value::Object(fields) = row {
                    let given: Vec<_> = std::mem::take(fields)
                        .into_iter()
                        .map(|(name, value)| (one_spelling(&name), value))
                        .collect();
                    *fields = renamed(&given, names_in_it);
                }
            }
        }
        Fields::of(map)
    }
}

fn renamed(given: &[(String, Value)], names: &[&str]) -> Map<String, Value> {
    let mut map = Map::new();
    for name in names {
        let wanted = one_spelling(name);
        // A field that is given in two spellings is what the one says that says something.
        let mut found = given.iter().filter(|(name, _)| *name == wanted).map(|(_, value)| value);
        let value = found.clone().find(|value| !value.is_null()).or_else(|| found.next());
        if let Some(value) = value {
            map.insert((*name).to_owned(), value.clone());
        }
    }
    map
}

fn query_value(name: &str, text: &str) -> Result<Value, Rule> {
    if name == "getfavorite" {
        return match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" | "" => Ok(Value::Bool(false)),
            _ => Err(Rule::Boolean),
        };
    }
    if NUMBERS.contains(&name) {
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        return text.trim().parse::<i64>().map(Value::from).map_err(|_| Rule::Integer);
    }
    Ok(Value::from(text))
}

/// All spellings of a field that the document uses for the same thing are one.
fn one_spelling(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let same = match lower.as_str() {
        "usurname" => "username",
        "fulladress" => "fulladdress",
        "ipadress" => "ipaddress",
        "districtid" => "townid",
        "neighbourhoodid" | "neigborhoodid" => "neighborhoodid",
        "commericaltitle" => "commercialtitle",
        "title" => "addresstitle",
        "phonenumber" => "phone",
        "categorysubid" | "categoryid" => "subcategoryid",
        _ => return lower,
    };
    same.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_in_any_case_and_spelling_and_errors_name_the_documented_one() {
        let body = Bytes::from_static(br#"{"USURNAME":"ana","fullAddress":"x","DistrictID":7,"page":null}"#);
        let query =
            [("cityId".to_owned(), "34".to_owned()), ("updatedDate".to_owned(), "gt:2023-06-06".to_owned())];
        let args = Args::read(&body, &query, "cityId=34").unwrap();
        let fields = args.fields(&["username", "fullAdress", "townID", "cityID", "page", "updatedDate"]);
        assert_eq!(fields.text_up_to("username", 9).unwrap(), "ana");
        assert_eq!(fields.text_up_to("fullAdress", 9).unwrap(), "x");
        assert_eq!((fields.int("townID").unwrap(), fields.int("cityID").unwrap()), (7, 34));
        assert_eq!(fields.opt_texts("updatedDate").unwrap().unwrap(), ["gt:2023-06-06"]);
        assert!(Args::read(&Bytes::from_static(b"[1]"), &[], "").is_err());
    }
}
