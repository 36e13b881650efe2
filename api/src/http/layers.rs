//! What happens around every request: its id, its path's final slash, and the wording of what went wrong.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use axum::{
    extract::Request,
    http::{
        HeaderName, HeaderValue, Uri,
        header::{ACCEPT, ACCEPT_LANGUAGE, RETRY_AFTER},
        uri::PathAndQuery,
    },
    middleware::Next,
    response::Response,
};

use super::{
    rest,
    surface::{Asked, Surface},
};
use crate::{error::Problem, lunatel};

/// The header that names a request.
const REQUEST_ID: &str = "x-request-id";
/// No answer takes longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// A request's id, as answered in `X-Request-Id` and stored with its events.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Takes one final slash off a path (contract 2.2), and gives Lunatel's paths the case of their contract (T-3). It must
/// wrap the router from outside: inside, routing is over.
pub fn without_final_slash<B>(mut request: axum::http::Request<B>) -> axum::http::Request<B> {
    let path = request.uri().path();
    let bare = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let trimmed = lunatel::paths::in_its_case(bare).unwrap_or(bare);
    if trimmed != path {
        let rest = request.uri().query().map_or(String::new(), |query| format!("?{query}"));
        if let Ok(changed) = format!("{trimmed}{rest}").parse::<PathAndQuery>() {
            let mut parts = request.uri().clone().into_parts();
            parts.path_and_query = Some(changed);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

/// Ids are made of the process's start and a count: unique, cheap, in order.
fn next_id() -> String {
    static START: std::sync::LazyLock<u64> = std::sync::LazyLock::new(|| {
        let mut seed = [0_u8; 8];
        let _ = getrandom::fill(&mut seed);
        u64::from_le_bytes(seed)
    });
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("{:016x}-{:x}", *START, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A UUID where the surface says that its ids are some (Y-4).
fn fresh_id(path: &str) -> String {
    let mut random = [0_u8; 16];
    if Surface::of_path(path) == Surface::Lummy && getrandom::fill(&mut random).is_ok() {
        return uuid::Builder::from_random_bytes(random).into_uuid().to_string();
    }
    next_id()
}

/// A header's text; none is empty.
fn text(request: &Request, name: HeaderName) -> String {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Names the request, bounds its time, and has its surface word what went wrong.
pub async fn around(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let usable = |id: &&str| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    let id = given.filter(usable).map_or_else(|| fresh_id(request.uri().path()), ToOwned::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let (accept_language, accept) = (text(&request, ACCEPT_LANGUAGE), text(&request, ACCEPT));
    let mut response = match tokio::time::timeout(ANSWER_WITHIN, next.run(rest::read_on(request))).await {
        Ok(response) => response,
        Err(_) => axum::response::IntoResponse::into_response(Problem::Busy),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Problem::Internal(error) = &problem {
            tracing::error!(request_id = %id, %path, error = %crate::cli::chain(&**error), "request failed");
        }
        let asked = Asked {
            request_id: &id,
            method: method.as_str(),
            path: &path,
            at: jiff::Timestamp::now(),
            accept_language: &accept_language,
            accept: &accept,
        };
        // Where two surfaces share a path, the handler has said whose request it was.
        let surface = response.extensions_mut().remove::<Surface>();
        response = render(surface, &asked, &problem, &response);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Renders a problem in the shape of the surface that a path belongs to (contract 2.1).
fn render(surface: Option<Surface>, asked: &Asked<'_>, problem: &Problem, bare: &Response) -> Response {
    let mut response = surface.unwrap_or_else(|| Surface::of_path(asked.path)).problem(problem, asked);
    // What the framework added (Allow on a 405) stays.
    for (name, value) in bare.headers() {
        if *name != axum::http::header::CONTENT_LENGTH && *name != axum::http::header::CONTENT_TYPE {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    let wait = if let Problem::TooMany { wait } = problem {
        Some(wait.as_secs().max(1))
    } else {
        matches!(problem, Problem::Busy).then_some(1)
    };
    if let Some(seconds) = wait
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// No route.
pub async fn no_route() -> Problem {
    Problem::NoRoute
}

/// A route, but not with this method.
pub async fn no_method() -> Problem {
    Problem::NoMethod
}
