//! Who comes in with a key, whether its scopes let them, and how often the shop's plan does (contract 3.1, 3.6, L-7).

use std::{marker::PhantomData, time::Duration};

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header::AUTHORIZATION, request::Parts},
    response::{IntoResponse, Response},
};
use diario_domain::access::Door;
use diario_projections::{Begin, Page, access};
use jiff::Span;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{
    error::{Problem, Rule},
    http::{App, Params, limits::Standing},
    security::keys::{self, Principal},
};

/// What a key may be allowed to read.
pub trait Scope {
    /// Its name.
    const NAME: &'static str;
}

/// `read:clientes`
pub struct ReadClientes;
/// `read:recetas`
pub struct ReadRecetas;
/// `read:inventario`
pub struct ReadInventario;

impl Scope for ReadClientes {
    const NAME: &'static str = "read:clientes";
}

impl Scope for ReadRecetas {
    const NAME: &'static str = "read:recetas";
}

impl Scope for ReadInventario {
    const NAME: &'static str = "read:inventario";
}

/// The holder of a key with a scope, within the plan, and what they ask for.
pub struct Guest<S> {
    /// Who.
    pub principal: Principal,
    /// The query.
    pub params: Params,
    standing: Option<Standing>,
    scope: PhantomData<S>,
}

impl<S: Scope + Send> FromRequestParts<App> for Guest<S> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let principal = holder(parts, app).await.map_err(IntoResponse::into_response)?;
        let standing = count(&principal, app).await.map_err(IntoResponse::into_response)?;
        let refuse = |problem: Problem| stamped(problem.into_response(), standing);
        if let Some(over) = standing.filter(|standing| !standing.allowed) {
            let wait = Duration::from_secs(u64::try_from(over.reset).unwrap_or(1));
            return Err(refuse(Problem::TooMany { wait }));
        }
        if !principal.allows(S::NAME) {
            return Err(refuse(Problem::Forbidden { permission: S::NAME }));
        }
        let params = Params::from_request_parts(parts, app).await.map_err(refuse)?;
        Ok(Self { principal, params, standing, scope: PhantomData })
    }
}

impl<S> Guest<S> {
    /// The answer, with where the plan's limit stands.
    pub fn answer(&self, found: Result<Value, Problem>) -> Response {
        let response = match found {
            Ok(body) => Json(body).into_response(),
            Err(problem) => problem.into_response(),
        };
        stamped(response, self.standing)
    }

    /// `limit` and `offset`: above the maximum is clamped, what is no number from 0 is refused (L-2, L-4).
    pub fn page(&self, default: i64, most: i64) -> Result<Slice, Problem> {
        let limit = self.count("limit")?.unwrap_or(default).min(most);
        let offset = self.count("offset")?.unwrap_or(0);
        Ok(Slice { limit, offset })
    }

    fn count(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(text) = self.params.opt_text(name).map(str::trim) else { return Ok(None) };
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::field(name, Rule::IntegerFrom(0)));
        }
        // More digits than a number holds is more than the maximum.
        Ok(Some(text.parse().unwrap_or(i64::MAX)))
    }

    /// A number of 0 or more, or 0.
    pub fn amount(&self, name: &str) -> Result<Decimal, Problem> {
        let Some(text) = self.params.opt_text(name).map(str::trim) else { return Ok(Decimal::ZERO) };
        let number: Decimal = text.parse().map_err(|_| Problem::field(name, Rule::Number))?;
        if number.is_sign_negative() && !number.is_zero() {
            return Err(Problem::field(name, Rule::NotNegative));
        }
        Ok(number.normalize())
    }
}

/// The part of a list that is asked for.
#[derive(Clone, Copy)]
pub struct Slice {
    /// At most so many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

impl Slice {
    /// As the read models know it.
    pub fn page(self) -> Page {
        Page { begin: Begin::Offset(self.offset), limit: self.limit }
    }
}

async fn holder(parts: &Parts, app: &App) -> Result<Principal, Problem> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, key) = header.and_then(|text| text.split_once(' ')).ok_or(Problem::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Unauthenticated);
    }
    keys::holder(app, Door::Lunara, key.trim()).await
}

/// Counts a request into the shop's day, whatever key it came with; a plan without limit counts nothing.
async fn count(principal: &Principal, app: &App) -> Result<Option<Standing>, Problem> {
    let tenant = principal.tenant;
    let Some(most) = access::plan(&app.db, tenant).await?.requests_a_day() else { return Ok(None) };
    let (now, limiter) = (app.now(), Door::Lunara.name());
    let day = principal.shop.day(now);
    let allowed = app.db.count_request(tenant, day, limiter, most).await?;
    let used = app.db.requests_counted(tenant, day, limiter).await?;
    let midnight = principal.shop.day_starts(day.saturating_add(Span::new().days(1)));
    let left = midnight.as_microsecond() - now.as_microsecond();
    Ok(Some(Standing {
        allowed,
        limit: most,
        remaining: (most - used).max(0),
        reset: (left / 1_000_000 + i64::from(left % 1_000_000 != 0)).max(1),
    }))
}

fn stamped(mut response: Response, standing: Option<Standing>) -> Response {
    if let Some(standing) = standing {
        stamp(response.headers_mut(), &standing);
    }
    response
}

fn stamp(headers: &mut HeaderMap, standing: &Standing) {
    for (name, number) in [
        ("x-ratelimit-limit", standing.limit),
        ("x-ratelimit-remaining", standing.remaining),
        ("x-ratelimit-reset", standing.reset),
    ] {
        headers.insert(name, HeaderValue::from(number));
    }
}
