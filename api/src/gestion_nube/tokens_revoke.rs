//! `DELETE /api/v1/tokens/{tokenId}`: one of the caller's tokens opens nothing any more.

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use diario_commands::Rendered;
use diario_domain::{Command, KeyId, access::Door};
use diario_projections::access;

use super::caller::{AnyToken, Caller, Id};
use crate::{error::Problem, http::App};

/// Revokes one of the caller's tokens.
#[utoipa::path(delete, path = "/api/v1/tokens/{token_id}", operation_id = "gestion_nube.tokens_revoke", tag = "Tokens",
    params(("token_id" = i64, Path)),
    responses((status = 204, description = "Revoked"), (status = 400), (status = 401), (status = 404), (status = 429)))]
pub async fn handle(
    State(app): State<App>,
    caller: Caller<AnyToken>,
    Id(id): Id,
) -> Result<Response, Problem> {
    let key = access::find_key(&app.db, caller.tenant, KeyId(id)).await?;
    // Another person's token is none of the caller's business.
    key.filter(|key| key.door == Door::GestionNube && key.user_id == Some(caller.user.user_id))
        .ok_or(Problem::NotFound { what: "token" })?;
    revoke(&app, &caller, KeyId(id)).await
}

/// Revokes a token of the caller's.
pub async fn revoke(app: &App, caller: &Caller<AnyToken>, id: KeyId) -> Result<Response, Problem> {
    let revoked = |_: &[_]| Rendered { status: StatusCode::NO_CONTENT.as_u16(), body: String::new() };
    let mut response = caller.decide(app, &[], Command::RevokeKey(id), revoked).await?;
    if response.status() == StatusCode::NO_CONTENT {
        response.headers_mut().remove(CONTENT_TYPE);
    }
    Ok(response)
}
