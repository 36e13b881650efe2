//! `GET /pos/api/supplier-portal/top-parts` (contract 5.11): the fifty parts that move most, with their stock.

use axum::{Json, extract::State};
use diario_projections::sold;
use serde_json::{Value, json};

use super::{
    session::{InventoryView, May},
    views,
};
use crate::{
    error::Problem,
    http::{App, Params, json::quantity},
};

/// How many parts are listed.
const PARTS: i64 = 50;

/// The parts of which most units were sold in the last days, today among them; `stock` is that of all branches.
#[utoipa::path(get, path = "/pos/api/supplier-portal/top-parts", operation_id = "nexus.supplier_top_parts", tag = "Supplier portal",
    security(("token" = ["inventory.view"])),
    params(("days" = Option<i64>, Query, description = "1 to 3650, 30 where absent")),
    responses((status = 200, example = json!({"data": [{"inventory_id": 1, "part_number": "BRK-001", "name": "Balatas", "brand": "Brembo",
        "units": 12, "revenue": 4200.00, "stock": 23}]})), (status = 400)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let days = session.shop.last_days(app.now(), params.days(30)?);
    app.projections.fresh(session.tenant).await;
    let data: Vec<_> = sold::top_parts(&app.db, session.tenant, days, PARTS)
        .await?
        .into_iter()
        .map(|(part, stock)| {
            let mut row = views::sold_item(&part);
            row.insert("brand".to_owned(), part.brand.into());
            row.insert("stock".to_owned(), json!(quantity(stock)));
            row
        })
        .collect();
    Ok(Json(json!({"data": data})))
}
