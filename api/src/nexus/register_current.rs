//! `GET /pos/api/register/current` (contract 5.7, N-23): the employee's open session.

use axum::{Json, extract::State};
use diario_domain::RegisterId;
use diario_projections::registers;
use serde_json::{Value, json};

use super::session::{May, PosSell, Session};
use crate::{
    error::Problem,
    http::{App, Params, json::money},
};

/// The employee's open session.
#[utoipa::path(get, path = "/pos/api/register/current", operation_id = "nexus.register_current", tag = "Register",
    security(("token" = ["pos.sell"])),
    responses((status = 200, example = json!({"register_id": 1, "register_number": 1, "opened_at": "2026-04-01T08:00:00",
        "opening_amount": 2000.00, "current_cash": 5430.00, "sales_count": 12, "sales_total": 8750.00})), (status = 404, description = "None is open")))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let open = open_session(&app, &session, &params).await?;
    Ok(Json(json!({
        "register_id": open.register_id.0,
        "register_number": open.register_number,
        "opened_at": session.shop.local(open.opened_at),
        "opening_amount": money(open.totals.opening),
        "current_cash": money(open.totals.expected()),
        "sales_count": open.totals.sales_count,
        "sales_total": money(open.totals.total_sales()),
    })))
}

/// The caller's open session, or the open one that a supervisor names (N-25).
pub async fn open_session(
    app: &App,
    session: &Session,
    params: &Params,
) -> Result<registers::Session, Problem> {
    let found = match params.opt_int("register_id")? {
        Some(id) => {
            registers::find(&app.db, session.tenant, RegisterId(id)).await?.filter(|open| open.cut.is_none())
        }
        None => registers::open_of(&app.db, session.tenant, session.employee).await?,
    };
    found.ok_or(Problem::NotFound { what: "register" })
}
