//! `POST /api/sanctum/token` and its two other paths (contract 4.1, G-1 to G-3, G-20).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest as _, FromRequestParts as _, Query, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{ACCEPT, CONTENT_TYPE},
    },
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{
    Command, Event, TenantId, UserId,
    access::{Door, IssueKey, login_name},
};
use diario_projections::access::{self, UserRow};
use diario_store::SecretKind;
use serde_json::{Map, json};

use super::{limited, render};
use crate::{
    admin::users_password::hidden,
    error::{Problem, Rule},
    http::{App, Fields, state::Shop, visit::Visit, write::answer},
    nexus::session::Address,
    security::{
        keys::{self, Principal},
        passwords, pins,
    },
};

/// What a token may do where nothing is asked.
const DEFAULT: &str = "prices:read";

/// Gives a token to who knows an e-mail and its password. The body is JSON whatever its type says, or a form; the same
/// operation answers at `/sanctum/token` and `/api/v1/sanctum/token`. With `Accept: text/plain` the answer is the
/// token alone. `company`, a shop's short name, chooses between shops that know the same person.
#[utoipa::path(post, path = "/api/sanctum/token", operation_id = "gestion_nube.token_create", tag = "Tokens", security(()),
    request_body(content = serde_json::Value, example = json!({"email": "usuario@ejemplo.com", "password": "********",
        "device_name": "integracion-tienda", "abilities": ["products:read", "prices:read"]})),
    responses(
        (status = 200, example = json!({"token": "7|0000Aabcdefghijklmnopqrstuvwxyz0123456789AB", "token_type": "Bearer",
            "name": "integracion-tienda", "abilities": ["products:read", "prices:read"], "expires_at": null})),
        (status = 400), (status = 422), (status = 429)))]
pub async fn handle(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let Address(address) = Address::from_request_parts(&mut parts, &app).await?;
    let bytes =
        Bytes::from_request(Request::from_parts(parts.clone(), body), &app).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::TooLarge
            } else {
                Problem::BadJson(rejection.body_text())
            }
        })?;
    let read = read(&bytes, &parts.headers);
    let named = read.as_ref().ok().and_then(|fields| fields.opt_text_up_to("email", 254).ok().flatten());
    let bucket = format!("auth/{address}/{}", login_name(named.as_deref().unwrap_or_default()));
    limited::take(&app, &parts.extensions, &bucket, limited::AUTH)?;

    let fields = read?;
    let email = fields.text_up_to("email", 254)?;
    let password = fields.text_up_to("password", 200)?;
    let name = fields.text_up_to("device_name", 200)?;
    let company = fields.opt_text_up_to("company", 100)?;
    let abilities = abilities(&fields)?;
    let found = person(&app, &email, password, company.as_deref()).await?;
    let (shop, tenant, user) = found.ok_or(Problem::WrongCredentials)?;

    let drawn = keys::draw(tenant, Door::GestionNube, false).ok_or(Problem::Busy)?;
    let issue = IssueKey {
        door: Door::GestionNube,
        name,
        prefix: drawn.prefix,
        scopes: abilities,
        user_id: Some(user.user_id),
        sandbox: false,
        page_base: 1,
    };
    let visit =
        Visit::new(&parts, Door::GestionNube, Principal { tenant, shop, key: None, user: Some(user) });
    let body = hidden(&app, tenant, &bytes);
    let plain = wants_text(&parts.headers);
    let text = drawn.text;
    let command = Command::IssueKey(Box::new(issue));
    let issued = visit
        .write(&app, &body, command, Some(drawn.secret), render::refusal, move |events| {
            let Some(Event::KeyIssued(key)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::OK, &());
            };
            let token = format!("{}|{text}", key.key_id);
            if plain {
                return Rendered { status: StatusCode::OK.as_u16(), body: token };
            }
            let body = json!({
                "token": token,
                "token_type": "Bearer",
                "name": key.name,
                "abilities": key.scopes,
                "expires_at": null,
            });
            answer(StatusCode::OK, &body)
        })
        .await;
    let mut response = issued?;
    if plain && response.status().is_success() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
    Ok(response)
}

/// JSON whatever the type says, for that is what the documented call sends; else a form that says it is one.
fn read(bytes: &[u8], headers: &HeaderMap) -> Result<Fields, Problem> {
    let parsed = Fields::parse(bytes);
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
    if parsed.is_ok() || !is_form || matches!(begins, Some(b'{' | b'[' | b'"')) {
        return parsed;
    }
    let pairs = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| format!("/?{}", text.trim()).parse::<Uri>().ok())
        .and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    let Some(Query(pairs)) = pairs else { return parsed };
    let mut map = Map::new();
    for (name, value) in pairs {
        // `abilities[]=a&abilities[]=b`, and with numbers within.
        match name.split_once('[') {
            Some((list, rest)) if rest.ends_with(']') => {
                if let Some(list) = map.entry(list).or_insert_with(|| json!([])).as_array_mut() {
                    list.push(value.into());
                }
            }
            _ => {
                map.insert(name, value.into());
            }
        }
    }
    Ok(Fields::of(map))
}

fn abilities(fields: &Fields) -> Result<Vec<String>, Problem> {
    let known = Door::GestionNube.scopes();
    let mut wanted = fields.opt_texts("abilities")?.unwrap_or_else(|| vec![DEFAULT.to_owned()]);
    if wanted.iter().any(|ability| !known.contains(&ability.as_str())) {
        return Err(fields.problem("abilities", Rule::OneOf(known)));
    }
    let mut seen = std::collections::BTreeSet::new();
    wanted.retain(|ability| seen.insert(ability.clone()));
    Ok(wanted)
}

/// JSON unless nothing but text is asked for (G-3).
fn wants_text(headers: &HeaderMap) -> bool {
    let accepted: String =
        headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let accepted = accepted.to_ascii_lowercase();
    accepted.contains("text/plain") && !accepted.contains("json") && !accepted.contains("*/*")
}

/// The person whose e-mail and password these are: of the shop's people, for customers order elsewhere.
async fn person(
    app: &App,
    email: &str,
    password: String,
    company: Option<&str>,
) -> Result<Option<(Arc<Shop>, TenantId, UserRow)>, Problem> {
    let lookup = passwords::lookup(&app.pin_key, email);
    let known = app.db.secret_anywhere(SecretKind::Password, &lookup).await?;
    if known.is_empty() {
        // Whoever is unknown is told so no sooner than who guessed wrong.
        let (key, email) = (Arc::clone(&app.pin_key), email.to_owned());
        let _ = tokio::task::spawn_blocking(move || passwords::enrol(&key, &email, &password)).await;
        return Ok(None);
    }
    for (tenant, found) in known {
        let (hash, tried) = (found.hash, password.clone());
        let right = tokio::task::spawn_blocking(move || pins::is_right(&hash, &tried)).await.unwrap_or(false);
        if !right {
            continue;
        }
        let Some(shop) = app.shop(tenant).await? else { continue };
        if company.is_some_and(|company| company != shop.slug) {
            continue;
        }
        let user = access::find_user(&app.db, tenant, UserId(found.subject)).await?;
        if let Some(user) = user.filter(|user| user.customer_id.is_none()) {
            return Ok(Some((shop, tenant, user)));
        }
    }
    Ok(None)
}
