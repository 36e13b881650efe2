//! `DELETE /api/v1/tokens/current`: the token of this very request opens nothing any more.

use axum::{extract::State, response::Response};

use super::{
    caller::{AnyToken, Caller},
    tokens_revoke::revoke,
};
use crate::{error::Problem, http::App};

/// Revokes the token that asks.
#[utoipa::path(delete, path = "/api/v1/tokens/current", operation_id = "gestion_nube.tokens_revoke_current", tag = "Tokens",
    responses((status = 204, description = "Revoked"), (status = 401), (status = 429)))]
pub async fn handle(State(app): State<App>, caller: Caller<AnyToken>) -> Result<Response, Problem> {
    let id = caller.token.key_id;
    revoke(&app, &caller, id).await
}
