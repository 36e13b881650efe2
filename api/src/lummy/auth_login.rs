//! `POST /v1/auth/login` and `POST /auth/login` (Y-7): a token for a person's address and password.
//!
//! The first of them, read without regard to case, is also Lunatel's (C-4): what the body says decides.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    response::{IntoResponse, Response},
};
use diario_domain::{TenantId, UserId, access::Door, access::login_name, tenant::is_sandbox};
use diario_projections::access;
use diario_store::SecretKind;
use serde_json::{Value, json};

use super::client;
use crate::{
    error::Problem,
    http::{App, Fields, fields::Body, surface::Surface},
    lunatel::{self, args::Args},
    nexus::session::Address,
    security::{
        jwt::{self, Pass},
        passwords, pins,
    },
};

/// A token of 8 hours for a person of the shop. Also under `/auth/login`.
#[utoipa::path(post, path = "/v1/auth/login", operation_id = "lummy.auth_login", tag = "Auth", security(()),
    request_body(content = serde_json::Value, example = json!({"email": "ana@empresa.mx", "password": "muy secreta"})),
    responses((status = 200, example = json!({"accessToken": "eyJhbGciOi…", "expiresIn": 28800, "tokenType": "Bearer"})),
        (status = 400), (status = 401), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    Address(address): Address,
    caller: Caller,
    body: Body,
) -> Result<Json<Value>, Problem> {
    log_in(&app, &address, &caller, &body.fields).await
}

/// The same at the path that is Lunatel's too, which takes over where the body is its own.
pub async fn handle_shared(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let body = Body::from_request(Request::from_parts(parts.clone(), body), &app).await?;
    if is_lunatels(&body.fields) {
        return Ok(lunatels(&app, &parts, &body).await);
    }
    let Address(address) = Address::from_request_parts(&mut parts, &app).await?;
    let caller = Caller::from_request_parts(&mut parts, &app).await?;
    log_in(&app, &address, &caller, &body.fields).await.map(IntoResponse::into_response)
}

/// Whether a body is a login of Lunatel's: it names a user or has the shop's key (C-4, T-8).
fn is_lunatels(fields: &Fields) -> bool {
    fields
        .names()
        .any(|name| ["apikey", "username", "usurname"].iter().any(|theirs| name.eq_ignore_ascii_case(theirs)))
}

/// Lunatel's login at this spelling of its path. Its errors are that surface's too.
async fn lunatels(app: &App, parts: &Parts, body: &Body) -> Response {
    let headers = parts.headers.clone();
    let again = Request::from_parts(parts.clone(), axum::body::Body::from(body.bytes.clone()));
    let mut response = match Args::from_request(again, app).await {
        Ok(args) => lunatel::auth_login::handle(State(app.clone()), headers, args).await.into_response(),
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(Surface::Lunatel);
    response
}

/// Where a login came from and what it is for.
pub struct Caller {
    headers: HeaderMap,
    sandbox: bool,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        Ok(Self { headers: parts.headers.clone(), sandbox: client::is_sandbox_host(parts) })
    }
}

async fn log_in(app: &App, address: &str, caller: &Caller, fields: &Fields) -> Result<Json<Value>, Problem> {
    let email = login_name(&fields.text_up_to("email", 254)?);
    let password = fields.text_up_to("password", 200)?;
    let organization = client::organization(&caller.headers)?;
    let found =
        app.db.secret_anywhere(SecretKind::Password, &passwords::lookup(&app.pin_key, &email)).await?;
    let by_email = format!("lummy/email/{email}");
    let sources: Vec<_> = found
        .iter()
        .map(|(tenant, _)| format!("lummy/{tenant}/address/{address}"))
        .chain([by_email.clone()])
        .collect();
    if let Some(wait) = app.attempts.wait(&sources) {
        return Err(Problem::TooMany { wait });
    }
    let mut shops = Vec::new();
    for (tenant, secret) in found {
        let Some(shop) = app.shop(tenant).await? else { continue };
        if organization.is_some_and(|organization| organization != shop.organization_id) {
            continue;
        }
        // The same address may stand in the books and in their sandbox: the host says which is meant first.
        shops.push((is_sandbox(&shop.slug) != caller.sandbox, tenant, secret));
    }
    shops.sort_by_key(|(second, tenant, _)| (*second, *tenant));
    if shops.is_empty() {
        // Whether an address is known must not be heard from how long the answer takes.
        let (key, email) = (app.pin_key.clone(), email.clone());
        let _ = tokio::task::spawn_blocking(move || passwords::enrol(&key, &email, &password)).await;
        app.attempts.failed(&sources);
        return Err(Problem::WrongCredentials);
    }
    for (_, tenant, secret) in shops {
        let given = password.clone();
        let mark = passwords::mark(&app.pin_key, &secret.hash);
        let hash = secret.hash;
        let right = tokio::task::spawn_blocking(move || pins::is_right(&hash, &given)).await.unwrap_or(false);
        if right && let Some(answer) = admit(app, tenant, UserId(secret.subject), mark).await? {
            app.attempts.succeeded(Some(&by_email));
            return Ok(Json(answer));
        }
    }
    app.attempts.failed(&sources);
    Err(Problem::WrongCredentials)
}

/// A token for a person of the shop's own; who orders for a customer has no business here.
async fn admit(app: &App, tenant: TenantId, user: UserId, mark: i64) -> Result<Option<Value>, Problem> {
    let found = access::find_user(&app.db, tenant, user).await?;
    if found.is_none_or(|found| found.customer_id.is_some()) {
        return Ok(None);
    }
    let pass = Pass {
        tenant_id: tenant.0,
        user_id: user.0,
        key_id: None,
        mark,
        aud: String::new(),
        exp: app.now().as_second() + jwt::SECONDS,
    };
    let token =
        app.passes.sign(Door::Lummy, pass).map_err(|error| Problem::Internal(std::sync::Arc::new(error)))?;
    Ok(Some(json!({"accessToken": token, "expiresIn": jwt::SECONDS, "tokenType": "Bearer"})))
}
