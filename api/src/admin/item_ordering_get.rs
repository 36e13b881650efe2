//! `GET /admin/v1/items/{item_id}/ordering`: how an item is ordered (T-22, T-23).

use axum::{Json, extract::State};
use diario_domain::{ItemId, ordering::ItemOrdering};
use diario_projections::{items, ordering};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{App, json::quantity},
    nexus::session::{ConfigView, Id, May},
};

/// How much of an item companies order at a time; `null` is without limit.
#[utoipa::path(get, path = "/admin/v1/items/{item_id}/ordering", operation_id = "admin.item_ordering_get", tag = "Ordering",
    security(("token" = ["config.view"])),
    params(("item_id" = i64, Path)),
    responses((status = 200, example = json!({"item_id": 1, "order_min": 10, "order_max": null, "fractional": false,
        "fast_shipping": true})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigView>,
    Id(item): Id,
) -> Result<Json<Value>, Problem> {
    let item = ItemId(item);
    items::find(&app.db, session.tenant, item, None).await?.ok_or(Problem::NotFound { what: "item" })?;
    Ok(Json(view(item, ordering::item_ordering(&app.db, session.tenant, item).await?)))
}

/// It as it is shown.
pub fn view(item: ItemId, ordering: ItemOrdering) -> Value {
    json!({
        "item_id": item.0,
        "order_min": ordering.order_min.map(quantity),
        "order_max": ordering.order_max.map(quantity),
        "fractional": ordering.fractional,
        "fast_shipping": ordering.fast_shipping,
    })
}
