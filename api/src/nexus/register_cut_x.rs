//! `GET /pos/api/register/cut-x` (contract 5.7, N-25, N-26): the session's figures, without closing it.

use axum::{Json, extract::State};

use super::{
    register_current::open_session,
    session::{May, PosSell},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params},
};

/// The X cut.
#[utoipa::path(get, path = "/pos/api/register/cut-x", operation_id = "nexus.register_cut_x", tag = "Register",
    security(("token" = ["pos.sell"])),
    params(("register_id" = Option<i64>, Query, description = "Another employee's open session")),
    responses((status = 200, example = json!({"register_id": 1, "opening_amount": 2000.00, "sales_cash": 3500.00, "sales_card": 2100.00,
        "sales_transfer": 1150.00, "movements_in": 0.00, "movements_out": 500.00, "expected_cash": 5000.00, "sales_count": 12,
        "total_sales": 6750.00})), (status = 404, description = "None is open")))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    params: Params,
) -> Result<Json<views::CutFigures>, Problem> {
    let open = open_session(&app, &session, &params).await?;
    Ok(Json(views::cut(open.register_id.0, &open.totals)))
}
