//! `GET /pos/api/register/history` (contract 5.7, N-44): Z cuts, newest first.

use axum::{Json, extract::State};
use diario_projections::registers;
use serde_json::Value;

use super::{
    session::{May, PosSell},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// Z cuts.
#[utoipa::path(get, path = "/pos/api/register/history", operation_id = "nexus.register_history", tag = "Register",
    security(("token" = ["pos.sell"])),
    params(("date_from" = Option<String>, Query), ("date_to" = Option<String>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [], "pagination": {"page": 1, "per_page": 50, "total": 0, "total_pages": 0}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let (from, to) = (params.opt_date("date_from")?, params.opt_date("date_to")?);
    let found = registers::history(&app.db, session.tenant, from, to, asked.page).await?;
    Ok(Json(views::list(&asked, &found, |row| views::session(row, &session.shop))))
}
