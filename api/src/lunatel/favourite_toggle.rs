//! `POST /v1/Product/favoriteToggle`: a product becomes a favourite, or is one no longer (contract 7.1).

use axum::{extract::State, response::Response};
use diario_domain::{Command, Event, ItemId};
use serde_json::json;

use super::{args::Args, session::Buyer};
use crate::{error::Problem, http::App};

/// Turns the company's liking of a product round.
#[utoipa::path(post, path = "/v1/Product/favoriteToggle", operation_id = "lunatel.favourite_toggle", tag = "Products",
    request_body(content = serde_json::Value, example = json!({"productId": 1})),
    responses((status = 200, example = json!({"status": 0, "message": "Favorilere eklendi", "isFavorited": true,
        "errorResponse": {"status": 0, "message": ""}})), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let item = args.fields(&["productId"]).int("productId")?;
    let command = Command::ToggleFavourite(buyer.customer, ItemId(item));
    let language = buyer.language;
    buyer
        .order(&app, &args.bytes, command, move |events| {
            let added = matches!(
                events.first().map(|recorded| &recorded.event),
                Some(Event::FavouriteToggled(toggled)) if toggled.is_favourite
            );
            let message = if added {
                language.pick("Favorilere eklendi", "Added to your favourites", "Añadido a favoritos")
            } else {
                language.pick(
                    "Favorilerden çıkarıldı",
                    "Removed from your favourites",
                    "Quitado de favoritos",
                )
            };
            json!({"message": message, "isFavorited": added})
        })
        .await
}
