//! What every answer of this surface says about its request (contract 6.1, Y-3, Y-4).

use axum::http::request::Parts;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::http::layers::RequestId;

/// A request as its answer names it.
#[derive(Clone, Debug)]
pub struct Call {
    /// As in `X-Request-Id` and beside the events.
    pub request_id: String,
    method: String,
    path: String,
}

impl Call {
    /// The request of these parts.
    pub fn of(parts: &Parts) -> Self {
        Self {
            request_id: parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
            method: parts.method.as_str().to_owned(),
            path: path(parts.uri.path()).to_owned(),
        }
    }

    /// An answer: `body`, which is an object, with what is said about the request.
    pub fn answer(&self, at: Timestamp, body: Value) -> Value {
        let mut answer = if let Value::Object(map) = body { map } else { Map::new() };
        answer.insert("requestId".to_owned(), request_id(&self.request_id).into());
        answer.insert("timestamp".to_owned(), instant(at).into());
        answer.insert("path".to_owned(), self.path.as_str().into());
        answer.insert("method".to_owned(), self.method.as_str().into());
        Value::Object(answer)
    }
}

/// `req_` and a UUID. A caller may name their request otherwise: then it is a UUID made of that name.
pub fn request_id(given: &str) -> String {
    let id = given.parse().unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, given.as_bytes()));
    format!("req_{id}")
}

/// A path as answers name it, without the version.
pub fn path(path: &str) -> &str {
    path.strip_prefix("/v1").unwrap_or(path)
}

/// `2025-01-15T10:30:00.000Z`
pub fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_a_uuid_and_instants_have_milliseconds() {
        let id = "550e8400-e29b-41d4-a716-446655440000";
        assert_eq!(request_id(id), format!("req_{id}"));
        assert_eq!(request_id("mine").len(), "req_".len() + 36);
        assert_eq!(request_id("mine"), request_id("mine"));
        assert_eq!(instant(Timestamp::from_second(1_736_937_000).unwrap()), "2025-01-15T10:30:00.000Z");
        assert_eq!(instant(Timestamp::from_microsecond(1_999).unwrap()), "1970-01-01T00:00:00.001Z");
    }
}
