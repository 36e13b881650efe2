//! `POST /admin/v1/deliveries/{delivery_id}/resend`: one delivery is made once more.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use diario_projections::webhooks::{self, State as Told};
use diario_store::IdempotencyRow;
use serde_json::json;

use super::deliveries_list::read_id;
use crate::{
    error::Problem,
    http::{App, write},
    nexus::session::{ConfigEdit, May},
};

/// Makes a delivery once more, whatever became of it, under the same `webhook-id`. The same request with the same
/// `Idempotency-Key` makes it once.
#[utoipa::path(post, path = "/admin/v1/deliveries/{delivery_id}/resend", operation_id = "admin.deliveries_resend",
    tag = "Webhooks", security(("token" = ["config.edit"])),
    params(("delivery_id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, example = json!({"id": "1-1042", "message": "Delivery queued"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let unknown = || Problem::NotFound { what: "delivery" };
    let (tenant, key) = (session.tenant, session.key(&[])?);
    if let Some(key) = &key
        && let Some(first) = write::replay(&app, tenant, key).await?
    {
        return Ok(first);
    }
    let (webhook, number) = read_id(&id).ok_or_else(unknown)?;
    let endpoint = webhooks::find_endpoint(&app.db, tenant, webhook).await?.ok_or_else(unknown)?;
    let message = match endpoint.state {
        Told::Active => "Delivery queued",
        Told::Disabled => "Delivery queued until the webhook is enabled",
    };
    let rendered = write::answer(StatusCode::ACCEPTED, &json!({"id": id, "message": message}));
    let now = app.now().as_microsecond();
    let queued = match &key {
        None => Some(app.db.resend_delivery(tenant, webhook, number, now).await?),
        Some(key) => {
            let answer = IdempotencyRow {
                scope_key: key.scope.clone(),
                body_hash: key.body_hash.clone(),
                position: 0,
                status: i64::from(rendered.status),
                response: rendered.body.clone(),
            };
            app.db.resend_delivery_once(tenant, webhook, number, now, answer).await?
        }
    };
    match (queued, &key) {
        (Some(true), _) => Ok(write::respond(rendered, false)),
        // The same request, at the same time, was first.
        (None, Some(key)) => write::replay(&app, tenant, key).await?.ok_or(Problem::Busy),
        _ => Err(unknown()),
    }
}
