//! `GET /admin/v1/ordering`: on what terms companies order (Lunatel).

use axum::{Json, extract::State};
use diario_domain::ordering::OrderingSettings;
use diario_projections::ordering;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, json::money},
    nexus::session::{ConfigView, May},
};

/// The shop's terms for companies that order.
#[utoipa::path(get, path = "/admin/v1/ordering", operation_id = "admin.ordering_get", tag = "Ordering",
    security(("token" = ["config.view"])),
    responses((status = 200, example = json!({"auto_confirm": true, "branch_id": 1, "price_tier": "mayoreo",
        "credit_limit": 100000.00, "credit_days": 30}))))]
pub async fn handle(State(app): State<App>, session: May<ConfigView>) -> Result<Json<Value>, Problem> {
    Ok(Json(view(ordering::settings(&app.db, session.tenant).await?)))
}

/// The terms as they are shown.
pub fn view(settings: OrderingSettings) -> Value {
    json!({
        "auto_confirm": settings.auto_confirm,
        "branch_id": settings.branch_id.0,
        "price_tier": settings.price_tier.name(),
        "credit_limit": money(settings.credit_limit),
        "credit_days": settings.credit_days,
    })
}
