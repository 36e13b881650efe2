//! `POST /admin/v1/price-lists`: a list that follows the base.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, Rate, price_list::CreatePriceList};
use serde_json::json;

use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, write::answer},
    nexus::session::{InventoryEdit, May},
};

/// Creates a list whose prices are the base prices and so many percent (negative: less).
#[utoipa::path(post, path = "/admin/v1/price-lists", operation_id = "admin.price_lists_create", tag = "Products",
    security(("token" = ["inventory.edit"])),
    request_body(content = serde_json::Value, example = json!({"descripcion": "Lista Mayorista", "variacion": -15})),
    responses((status = 201, example = json!({"id": 2, "message": "Price list created"})), (status = 400), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryEdit>,
    body: Body,
) -> Result<Response, Problem> {
    if body.fields.opt_bool("is_base")? == Some(true) {
        // Every shop has its base list, and one only: its prices are those at the till.
        return Err(Problem::field("is_base", Rule::OneOf(&["false"])));
    }
    let create = CreatePriceList {
        descripcion: body.fields.text_up_to("descripcion", 200)?,
        variacion: variation(&body.fields)?.ok_or_else(|| Problem::field("variacion", Rule::Required))?,
    };
    session
        .write(&app, &body.bytes, Command::CreatePriceList(create), |events| {
            let Some(Event::PriceListCreated(list)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            answer(StatusCode::CREATED, &json!({"id": list.list_id.0, "message": "Price list created"}))
        })
        .await
}

/// Percent of either sign, with as many decimals as quantities have.
pub fn variation(fields: &Fields) -> Result<Option<Rate>, Problem> {
    Ok(fields.opt_quantity("variacion")?.map(|percent| Rate(percent.0)))
}
