//! `PUT /admin/v1/items/{item_id}/ordering`: an item is ordered otherwise (T-22, T-23).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, ItemId, ordering::ItemOrdering};

use super::item_ordering_get;
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, Id, May},
};

/// Says how an item is ordered: all of it; a limit that is left out is none.
#[utoipa::path(put, path = "/admin/v1/items/{item_id}/ordering", operation_id = "admin.item_ordering_set", tag = "Ordering",
    security(("token" = ["config.edit"])),
    params(("item_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"order_min": 10, "order_max": 500, "fractional": false,
        "fast_shipping": true})),
    responses((status = 200, example = json!({"item_id": 1, "order_min": 10, "order_max": 500, "fractional": false,
        "fast_shipping": true})), (status = 400), (status = 404), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    Id(item): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let ordering = ItemOrdering {
        order_min: fields.opt_quantity("order_min")?,
        order_max: fields.opt_quantity("order_max")?,
        fractional: fields.opt_bool("fractional")?.unwrap_or(false),
        fast_shipping: fields.opt_bool("fast_shipping")?.unwrap_or(false),
    };
    let item = ItemId(item);
    session
        .write(&app, &body.bytes, Command::SetItemOrdering(item, ordering), move |_| {
            answer(StatusCode::OK, &item_ordering_get::view(item, ordering))
        })
        .await
}
