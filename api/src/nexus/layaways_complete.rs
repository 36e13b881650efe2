//! `POST /pos/api/layaways/:layaway_id/complete` (contract 5.5, N-17): all is paid, the goods are handed over.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, LayawayId};
use serde_json::json;

use super::{
    selling,
    session::{Id, May, PosSell},
};
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
};

/// Hands the goods of a paid layaway over: it becomes a sale.
#[utoipa::path(post, path = "/pos/api/layaways/{layaway_id}/complete", operation_id = "nexus.layaways_complete", tag = "Layaways",
    security(("token" = ["pos.sell"])),
    params(("layaway_id" = i64, Path)), request_body(content = serde_json::Value, example = json!({})),
    responses((status = 200, example = json!({"layaway_id": 1, "sale_id": 7, "folio": "V-0007", "status": "completed"})),
        (status = 400, description = "Something is still to be paid, or the layaway is not active"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    session
        .write(&app, &body.bytes, Command::CompleteLayaway(LayawayId(id)), move |events| {
            let sale = selling::sale_in(events);
            let completed = json!({
                "layaway_id": id,
                "sale_id": sale.map(|sale| sale.sale_id.0),
                "folio": sale.map(|sale| &sale.folio),
                "status": "completed",
            });
            answer(StatusCode::OK, &completed)
        })
        .await
}
