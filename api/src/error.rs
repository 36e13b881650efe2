//! One neutral error, as data. Handlers, extractors and fallbacks return it; the layer in [`crate::http`] has the
//! surface of the request render it, also for what the framework itself refuses.

use std::{sync::Arc, time::Duration};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use diario_commands::CommandError;
use diario_store::StoreError;

/// What went wrong, for any surface.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The body is no JSON object.
    BadJson(String),
    /// A field or parameter is missing or cannot be.
    Field { name: String, rule: Rule },
    /// A query parameter cannot be, on surfaces that tell it from a field of a body.
    Parameter { name: String, rule: Rule },
    /// No token, or none that is valid.
    Unauthenticated,
    /// PIN or password is wrong.
    WrongCredentials,
    /// The role lacks a permission.
    Forbidden { permission: &'static str },
    /// No such path.
    NoRoute,
    /// The path knows other methods.
    NoMethod,
    /// A thing of this name does not exist in the tenant.
    NotFound { what: &'static str },
    /// The body is larger than is taken.
    TooLarge,
    /// Too many tries.
    TooMany { wait: Duration },
    /// An idempotency key with another body.
    KeyReused,
    /// An idempotency key whose first request still runs.
    KeyBusy,
    /// Too much waits, or the program is going down: come again.
    Busy,
    /// Something that is not the caller's fault. The cause goes to the log, never to the caller.
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

/// What a field should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It is missing.
    Required,
    /// Text.
    Text,
    /// Text of at most so many characters.
    TextUpTo(usize),
    /// Text of at least so many characters.
    TextFrom(usize),
    /// Text that is not empty.
    NotEmpty,
    /// A whole number.
    Integer,
    /// A whole number of at least.
    IntegerFrom(i64),
    /// A whole number between two, both of them allowed.
    IntegerBetween(i64, i64),
    /// A number.
    Number,
    /// A number of at most so many decimals.
    Decimals(u32),
    /// A number between 0 and the largest that is taken.
    NotNegative,
    /// A number no larger than is taken.
    TooBig,
    /// True or false.
    Boolean,
    /// A list.
    List,
    /// An object.
    Object,
    /// One of some words.
    OneOf(&'static [&'static str]),
    /// `YYYY-MM-DD`.
    Date,
    /// A list of at most so many.
    AtMost(usize),
    /// The `next_cursor` of the page before, and no page number beside it.
    Cursor,
    /// Nothing, beside what another field says.
    NotWith(&'static str),
    /// In some other form, described in the surface's language.
    Form(&'static str),
}

impl Problem {
    /// The status where a surface has no other opinion.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadJson(_) | Self::Field { .. } | Self::Parameter { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthenticated | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } => StatusCode::FORBIDDEN,
            Self::NoRoute | Self::NotFound { .. } => StatusCode::NOT_FOUND,
            Self::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::KeyBusy => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A field or parameter that cannot be.
    pub fn field(name: impl Into<String>, rule: Rule) -> Self {
        Self::Field { name: name.into(), rule }
    }

    /// The same, found in a query: what reads bodies reads queries too.
    pub fn in_query(self) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others are the same wherever they are found")]
        match self {
            Self::Field { name, rule } => Self::Parameter { name, rule },
            other => other,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_out_of_reach() {
            tracing::error!(%error, "the database is out of reach");
            return Self::Busy;
        }
        Self::Internal(Arc::new(error))
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Busy | CommandError::Closed => Self::Busy,
            CommandError::UnknownTenant => Self::NotFound { what: "tenant" },
            CommandError::KeyReused => Self::KeyReused,
            CommandError::KeyBusy => Self::KeyBusy,
            // The writer has logged it.
            CommandError::Store(ref source) if source.is_out_of_reach() => Self::Busy,
            CommandError::Store(_) => Self::Internal(Arc::new(error)),
        }
    }
}

impl IntoResponse for Problem {
    /// An empty answer that carries the problem; the outer layer words it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
