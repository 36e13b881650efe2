//! `GET /admin/v1/plan`: what the shop has subscribed to.

use axum::{Json, extract::State};
use diario_domain::access::Plan;
use diario_projections::access;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::App,
    nexus::session::{ConfigView, May},
};

/// The plan and what it allows; `null` is without limit.
#[utoipa::path(get, path = "/admin/v1/plan", operation_id = "admin.plan_get", tag = "Plan",
    security(("token" = ["config.view"])),
    responses((status = 200, example = json!({"plan": "pro", "requests_a_day": 10000, "webhooks": 5}))))]
pub async fn handle(State(app): State<App>, session: May<ConfigView>) -> Result<Json<Value>, Problem> {
    Ok(Json(view(access::plan(&app.db, session.tenant).await?)))
}

/// A plan with its limits.
pub fn view(plan: Plan) -> Value {
    json!({"plan": plan.name(), "requests_a_day": plan.requests_a_day(), "webhooks": plan.webhooks()})
}
