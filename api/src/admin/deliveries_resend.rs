//! `POST /admin/v1/deliveries/{delivery_id}/resend`: one delivery is made once more.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use diario_projections::webhooks::{self, State as Told};
use serde_json::{Value, json};

use super::deliveries_list::read_id;
use crate::{
    error::Problem,
    http::App,
    nexus::session::{ConfigEdit, May},
};

/// Makes a delivery once more, whatever became of it, under the same `webhook-id`.
#[utoipa::path(post, path = "/admin/v1/deliveries/{delivery_id}/resend", operation_id = "admin.deliveries_resend",
    tag = "Webhooks",
    security(("token" = ["config.edit"])),
    params(("delivery_id" = String, Path)),
    responses((status = 202, example = json!({"id": "1-1042", "message": "Delivery queued"})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let unknown = || Problem::NotFound { what: "delivery" };
    let (webhook, number) = read_id(&id).ok_or_else(unknown)?;
    let endpoint = webhooks::find_endpoint(&app.db, session.tenant, webhook).await?;
    let endpoint = endpoint.ok_or_else(unknown)?;
    let now = app.now().as_microsecond();
    if !app.db.resend_delivery(session.tenant, webhook, number, now).await? {
        return Err(unknown());
    }
    let message = match endpoint.state {
        Told::Active => "Delivery queued",
        Told::Disabled => "Delivery queued until the webhook is enabled",
    };
    Ok((StatusCode::ACCEPTED, Json(json!({"id": id, "message": message}))))
}
