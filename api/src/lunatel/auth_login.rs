//! `POST /v1/Auth/Login`: a token for a company's user (contract 7.1, T-8, T-9, T-30, T-33).

use std::sync::{Arc, OnceLock};

use axum::{extract::State, http::HeaderMap, response::Response};
use diario_domain::access::{Door, login_name};
use diario_projections::access;
use diario_store::SecretKind;
use jiff::SignedDuration;
use serde_json::json;

use super::{args::Args, render};
use crate::{
    error::{Problem, Rule},
    http::App,
    security::{
        jwt::Pass,
        keys::{self, Principal},
        passwords, pins,
    },
};

const NAMES: &[&str] = &["username", "password", "apiKey"];
/// A token's life.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A token for who shows the shop's key, a user name and the password. Send it as `Authorization: Bearer …`,
/// `Authorization: …`, `authToken: …` or `X-Auth-Token: …`.
#[utoipa::path(post, path = "/v1/Auth/Login", operation_id = "lunatel.auth_login", tag = "Auth", security(()),
    request_body(content = serde_json::Value, example = json!({"username": "string", "password": "string", "apiKey": "string"})),
    responses((status = 200, example = json!({"authenticateResult": true, "authToken": "eyJhbGciOi…",
        "accessTokenExpireDate": "2026-06-16T18:42:11.000Z", "status": 0, "errorResponse": {"status": 0, "message": ""}})),
        (status = 400), (status = 401), (status = 403), (status = 422)))]
pub async fn handle(State(app): State<App>, headers: HeaderMap, args: Args) -> Result<Response, Problem> {
    let fields = args.fields(NAMES);
    let username = fields.text_up_to("username", 254)?;
    let password = fields.text_up_to("password", 200)?;
    let holder =
        shop_of(&app, &headers, &args).await?.ok_or_else(|| fields.problem("apiKey", Rule::Required))?;
    let tenant = holder.tenant;
    let user = access::find_login(&app.db, tenant, &login_name(&username)).await?;
    let hash = match &user {
        Some(user) => {
            let lookup = passwords::lookup(&app.pin_key, &user.email);
            app.db.secret(tenant, SecretKind::Password, &lookup).await?.map(|found| found.hash)
        }
        None => None,
    };
    let key = Arc::clone(&app.pin_key);
    let right = tokio::task::spawn_blocking(move || {
        if let Some(hash) = hash {
            return pins::is_right(&hash, &password).then(|| passwords::mark(&key, &hash));
        }
        // A name that nobody has takes as long as a wrong password: it is not told who is a user.
        pins::is_right(nobody(&key), &password);
        None
    });
    let (Some(mark), Some(user)) = (right.await.unwrap_or(None), user) else {
        return Err(Problem::WrongCredentials);
    };
    if user.customer_id.is_none() {
        return Err(Problem::Forbidden { permission: "company" });
    }
    let until = app.now() + LIFE;
    let pass = Pass {
        tenant_id: tenant.0,
        user_id: user.user_id.0,
        key_id: holder.key.as_ref().map(|key| key.key_id.0),
        mark,
        aud: String::new(),
        exp: until.as_second(),
    };
    let token = app.passes.sign(Door::Lunatel, pass).map_err(|error| Problem::Internal(Arc::new(error)))?;
    Ok(render::respond(json!({
        "authenticateResult": true,
        "authToken": token,
        "accessTokenExpireDate": render::instant(until),
    })))
}

/// A password's hash that belongs to nobody.
fn nobody(key: &[u8]) -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| passwords::enrol(key, "", "nobody").map(|secret| secret.hash).unwrap_or_default())
}

/// The shop whose key a request carries: in a header, or among its fields (T-10).
pub async fn shop_of(app: &App, headers: &HeaderMap, args: &Args) -> Result<Option<Principal>, Problem> {
    let header = ["apikey", "x-api-key"]
        .into_iter()
        .find_map(|name| headers.get(name).and_then(|value| value.to_str().ok()))
        .map(|text| text.trim().to_owned());
    // What is too long to be a key is a wrong one: a token, say.
    let field = args.fields(&["apiKey"]).opt_text("apiKey")?;
    let given = field.or(header).filter(|text| !text.trim().is_empty());
    match given {
        Some(text) => match keys::holder(app, Door::Lunatel, text.trim()).await {
            Err(Problem::Unauthenticated) => Err(Problem::WrongCredentials),
            found => found.map(Some),
        },
        None => Ok(None),
    }
}
