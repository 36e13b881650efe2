//! Who asks, for which organization, in which environment (contract 6.1, Y-6, Y-9, Y-13).

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderValue,
        header::{AUTHORIZATION, HOST},
        request::Parts,
    },
    response::Response,
};
use diario_commands::{Key, Rendered};
use diario_domain::{
    BranchId, Command, EmployeeId, TenantId,
    access::Door,
    command::Issued,
    event::{Metadata, Recorded},
    tenant::{is_sandbox, sandbox_of},
};
use uuid::Uuid;

use super::{envelope::Call, render};
use crate::{
    error::{Problem, Rule},
    http::{App, write},
    security::{
        jwt::Pass,
        keys::{self, Principal},
    },
};

/// The header that names the organization.
pub const ORGANIZATION: &str = "x-organization-id";
/// What a credential is refused that the organization is not open to.
pub const FOREIGN: &str = "x-organization-id";

/// A program or a person of an organization, and what they ask.
pub struct Client {
    /// The shop that is addressed, and who they are.
    pub principal: Principal,
    /// The request.
    pub call: Call,
    /// Whose they are in metadata and idempotency keys.
    name: String,
    path: String,
    method: String,
    key: Option<HeaderValue>,
}

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let own = credential(&parts.headers, app).await?;
        let organization =
            organization(&parts.headers)?.ok_or_else(|| Problem::field(ORGANIZATION, Rule::Required))?;
        let (name, own_organization) = (own.name(), own.shop.organization_id);
        let (principal, name) = if is_sandbox_host(parts) && !is_sandbox(&own.shop.slug) {
            (in_sandbox(own, app).await?, format!("{name} of production"))
        } else {
            (own, name)
        };
        if ![own_organization, principal.shop.organization_id].contains(&organization) {
            return Err(Problem::Forbidden { permission: FOREIGN });
        }
        Ok(Self {
            principal,
            call: Call::of(parts),
            name,
            path: super::envelope::path(parts.uri.path()).to_owned(),
            method: parts.method.as_str().to_owned(),
            key: write::key_header(&parts.headers).cloned(),
        })
    }
}

/// `Bearer` with a token or a key, or a key alone (Y-6).
async fn credential(headers: &HeaderMap, app: &App) -> Result<Principal, Problem> {
    let text = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::trim);
    let text = text.ok_or(Problem::Unauthenticated)?;
    let Some((scheme, token)) = text.split_once(' ') else {
        return keys::holder(app, Door::Lummy, text).await;
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Unauthenticated);
    }
    let token = token.trim();
    match app.passes.read(Door::Lummy, token, app.now()) {
        Some(pass) => person(app, &pass).await,
        None => keys::holder(app, Door::Lummy, token).await,
    }
}

/// A person of the shop's own; who orders for a customer sees no other customers.
async fn person(app: &App, pass: &Pass) -> Result<Principal, Problem> {
    let tenant = TenantId(pass.tenant_id);
    let shop = app.shop(tenant).await?.ok_or(Problem::Unauthenticated)?;
    let user = keys::bearer(app, pass).await?;
    if user.customer_id.is_some() {
        return Err(Problem::Unauthenticated);
    }
    Ok(Principal { tenant, shop, key: None, user: Some(user) })
}

/// The organization that a request names, by its UUID.
pub fn organization(headers: &HeaderMap) -> Result<Option<Uuid>, Problem> {
    let Some(value) = headers.get(ORGANIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(None);
    }
    // Of the forms that are read elsewhere, only the one with dashes is documented.
    let id = Some(text).filter(|text| text.len() == 36).and_then(|text| text.parse().ok());
    id.map(Some).ok_or_else(|| Problem::field(ORGANIZATION, Rule::Form("un UUID")))
}

/// Whether the request was sent to the sandbox's host.
pub fn is_sandbox_host(parts: &Parts) -> bool {
    let host = parts.headers.get(HOST).and_then(|value| value.to_str().ok()).or_else(|| parts.uri.host());
    host.is_some_and(|host| host.to_ascii_lowercase().starts_with("sandbox."))
}

/// Whoever may use an organization may use its sandbox twin, where it has one.
async fn in_sandbox(own: Principal, app: &App) -> Result<Principal, Problem> {
    let twin = app.db.tenant_by_slug(&sandbox_of(&own.shop.slug)).await?;
    let tenant = twin.ok_or(Problem::Forbidden { permission: FOREIGN })?.tenant_id;
    let shop = app.shop(tenant).await?.ok_or(Problem::Forbidden { permission: FOREIGN })?;
    Ok(Principal { tenant, shop, ..own })
}

impl Client {
    /// The request's idempotency key: writes need one, a UUID (Y-15).
    fn idempotency(&self, body: &[u8]) -> Result<Key, Problem> {
        let given = self.key.as_ref().ok_or_else(|| Problem::field("x-idempotency", Rule::Required))?;
        if given.to_str().ok().and_then(|text| text.trim().parse::<Uuid>().ok()).is_none() {
            return Err(Problem::field("x-idempotency", Rule::Form("un UUID")));
        }
        write::key(Door::Lummy.name(), &self.name, given, &self.method, &self.path, body)
    }

    /// Has a command decided; `taken` words its events.
    pub async fn write(
        &self,
        app: &App,
        body: &[u8],
        command: Command,
        taken: impl Fn(&[Recorded]) -> Rendered + Send + Sync + 'static,
    ) -> Result<Response, Problem> {
        let caller = write::Caller {
            tenant: self.principal.tenant,
            metadata: Metadata {
                principal: Some(self.name.clone()),
                surface: Door::Lummy.name().to_owned(),
                request_id: Some(self.call.request_id.clone()),
                ..Metadata::default()
            },
        };
        let at = app.now();
        let issued = Issued { by: EmployeeId(0), branch: BranchId(1), at, command };
        let call = self.call.clone();
        let refused = move |refusal: &diario_domain::Refusal| render::refusal(refusal, &call, at);
        write::one(app, caller, Some(self.idempotency(body)?), None, issued, refused, taken).await
    }
}
