//! `POST /pos/api/config/branches` (contract 5.2).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, branch::OpenBranch};
use serde_json::json;

use super::session::{ConfigEdit, May};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Opens a branch.
#[utoipa::path(post, path = "/pos/api/config/branches", operation_id = "nexus.config_branches_create", tag = "Config",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"name": "Sucursal Norte", "address": "Blvd. Independencia 200", "phone": "555-0002"})),
    responses((status = 201, example = json!({"id": 2, "message": "Branch created"})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let optional = |name: &str, max: usize| -> Result<Option<String>, Problem> {
        Ok(body.fields.opt_text_up_to(name, max)?.filter(|text| !text.trim().is_empty()))
    };
    let open = OpenBranch {
        name: body.fields.text_up_to("name", 300)?,
        address: optional("address", 500)?,
        phone: optional("phone", 50)?,
    };
    session
        .write(&app, &body.bytes, Command::OpenBranch(open), |events| {
            let Some(Event::BranchOpened(branch)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": branch.branch_id.0, "message": "Branch created"}))
        })
        .await
}
