//! `PUT /admin/v1/plan`: the shop subscribes to another plan (contract 3.6).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, access::Plan};

use super::plan_get;
use crate::{
    error::{Problem, Rule},
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, May},
};

/// Changes the plan, at once.
#[utoipa::path(put, path = "/admin/v1/plan", operation_id = "admin.plan_set", tag = "Plan",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"plan": "basico"})),
    responses((status = 200, example = json!({"plan": "basico", "requests_a_day": 1000, "webhooks": 1})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let name = body.fields.word("plan", Plan::NAMES)?;
    let plan = Plan::of_name(name).ok_or_else(|| Problem::field("plan", Rule::OneOf(Plan::NAMES)))?;
    session
        .write(&app, &body.bytes, Command::ChangePlan(plan), move |_| {
            answer(StatusCode::OK, &plan_get::view(plan))
        })
        .await
}
