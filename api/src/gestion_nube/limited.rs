//! How often a door may be knocked at, and the headers that tell it (contract 2.5, 4.9).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::Request,
    http::{Extensions, HeaderValue},
    middleware::Next,
    response::Response,
};

use crate::{
    error::Problem,
    http::{
        App,
        limits::{Limit, Standing},
    },
};

/// Requests of a token.
pub const API: Limit = Limit { most: 60, seconds: 60 };
/// Exports of a token; each counts as a request besides (G-19).
pub const EXPORTS: Limit = Limit { most: 10, seconds: 60 };
/// Logins of an address with an e-mail, whether they succeed or not (G-20).
pub const AUTH: Limit = Limit { most: 5, seconds: 60 };

/// Where the bucket stands that a request was counted into last, and when that was in seconds.
#[derive(Clone, Default)]
struct Counted(Arc<Mutex<Option<(Standing, i64)>>>);

/// Counts a request into a bucket.
pub fn take(app: &App, request: &Extensions, bucket: &str, limit: Limit) -> Result<(), Problem> {
    let now = app.now();
    let standing = app.limits.take(&format!("gestion_nube/{bucket}"), limit, now);
    if let Some(counted) = request.get::<Counted>() {
        *counted.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((standing, now.as_second()));
    }
    if standing.allowed {
        return Ok(());
    }
    Err(Problem::TooMany { wait: Duration::from_secs(u64::try_from(standing.reset).unwrap_or(1)) })
}

/// Tells on every answer to a counted request how many more may come; `X-RateLimit-Reset` is the second, as the clock
/// counts them, in which the window is over.
pub async fn around(mut request: Request, next: Next) -> Response {
    let counted = Counted::default();
    request.extensions_mut().insert(counted.clone());
    let mut response = next.run(request).await;
    let standing = *counted.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((standing, now)) = standing {
        for (name, value) in [
            ("x-ratelimit-limit", standing.limit),
            ("x-ratelimit-remaining", standing.remaining),
            ("x-ratelimit-reset", now + standing.reset),
        ] {
            response.headers_mut().insert(name, HeaderValue::from(value));
        }
    }
    response
}
