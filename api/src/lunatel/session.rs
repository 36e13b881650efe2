//! The company behind a request: who logged in orders for a customer of the shop, and sees nothing of another's.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
    response::Response,
};
use diario_domain::{Command, CustomerId, KeyId, TenantId, access::Door, event::Recorded};
use diario_projections::{Begin, Page, access};
use serde_json::Value;

use super::{messages::Language, render};
use crate::{
    error::Problem,
    http::{App, Fields, visit::Visit},
    security::keys::{self, Principal},
};

/// Rows of a page where nothing or 0 is asked for (T-16).
const COUNT: i64 = 50;
/// Rows of a page at the most.
const COUNT_MAX: i64 = 500;

/// A company that logged in.
pub struct Buyer {
    visit: Visit,
    /// The customer that the person acts for.
    pub customer: CustomerId,
    /// What to speak.
    pub language: Language,
    path: String,
}

impl std::ops::Deref for Buyer {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

/// Every token that a request shows, in whichever of the four ways (T-2).
fn tokens(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(|value| {
        match value.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => value.trim(),
        }
    });
    let others = ["authtoken", "x-auth-token"]
        .into_iter()
        .filter_map(|name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim));
    authorization.into_iter().chain(others)
}

impl FromRequestParts<App> for Buyer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let now = app.now();
        let pass = tokens(&parts.headers)
            .find_map(|token| app.passes.read(Door::Lunatel, token, now))
            .ok_or(Problem::Unauthenticated)?;
        let tenant = TenantId(pass.tenant_id);
        let shop = app.shop(tenant).await?.ok_or(Problem::Unauthenticated)?;
        // Who took the key away from a program did so for everybody who came in with it.
        let key = match pass.key_id {
            Some(id) => access::find_key(&app.db, tenant, KeyId(id)).await?,
            None => None,
        };
        let key = key.filter(|key| key.revoked_at.is_none()).ok_or(Problem::Unauthenticated)?;
        let user = keys::bearer(app, &pass).await?;
        let customer = user.customer_id.ok_or(Problem::Forbidden { permission: "company" })?;
        let Ok(language) = Language::from_request_parts(parts, app).await;
        let principal = Principal { tenant, shop, key: Some(key), user: Some(user) };
        let path = parts.uri.path().to_owned();
        Ok(Self { visit: Visit::new(parts, Door::Lunatel, principal), customer, language, path })
    }
}

impl Buyer {
    /// Has a command decided; `taken` words its events.
    pub async fn order(
        &self,
        app: &App,
        body: &[u8],
        command: Command,
        taken: impl Fn(&[Recorded]) -> Value + Send + Sync + 'static,
    ) -> Result<Response, Problem> {
        let (path, language) = (self.path.clone(), self.language);
        self.visit
            .write(
                app,
                body,
                command,
                None,
                move |refusal| render::refusal(refusal, &path, language),
                move |events| render::ok(taken(events)),
            )
            .await
    }

    /// `count` and `page` of a request (T-15, T-16).
    pub fn page(&self, fields: &Fields) -> Result<Paging, Problem> {
        let asked = fields.opt_int_from("page", 0)?.unwrap_or(0);
        let count = match fields.opt_int_from("count", 0)?.unwrap_or(0) {
            0 => COUNT,
            count => count.min(COUNT_MAX),
        };
        let base = self.principal.key.as_ref().map_or(1, |key| key.page_base);
        let number = asked.max(base);
        let begin = Begin::Offset((number - base).saturating_mul(count));
        Ok(Paging { page: Page { begin, limit: count }, number })
    }
}

/// A page as it was asked for.
pub struct Paging {
    /// As the read models know it.
    pub page: Page,
    /// Its number, as the caller counts.
    pub number: i64,
}

impl Paging {
    /// How many pages there are of so many rows.
    pub fn pages(&self, total: i64) -> i64 {
        total.div_euclid(self.page.limit) + i64::from(total.rem_euclid(self.page.limit) > 0)
    }
}
