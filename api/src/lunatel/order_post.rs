//! `POST /v1/Order/postOrder`: a company orders (contract 7.1, T-21 … T-25, T-32).

use axum::{extract::State, response::Response};
use diario_domain::{AddressId, Command, Event, ItemId, order::PlaceOrder};
use diario_projections::ordering;
use serde_json::json;

use super::{args::Args, session::Buyer};
use crate::{error::Problem, http::App};

const NAMES: &[&str] = &["note", "deliveryAddressId", "ipAddress", "orderItems"];

/// Orders: the goods leave the stock, and what they cost is owed. Where the shop confirms orders itself, they are set
/// aside until it does.
#[utoipa::path(post, path = "/v1/Order/postOrder", operation_id = "lunatel.order_post", tag = "Orders",
    request_body(content = serde_json::Value, example = json!({"note": "Kapıya bırakın", "deliveryAddressId": 1,
        "ipAddress": "192.0.2.1", "orderItems": [{"productId": 1, "quantity": 2}]})),
    responses((status = 200, example = json!({"message": "Siparişiniz alındı", "orderNo": 1, "status": 0,
        "errorResponse": {"status": 0, "message": ""}})), (status = 400), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    // The address may be gone since the first time that this key was sent.
    if let Some(first) = buyer.replay(&app, &args.bytes).await? {
        return Ok(first);
    }
    let fields = args.fields_with_list(NAMES, "orderItems", &["productId", "quantity"]);
    let address = AddressId(fields.int("deliveryAddressId")?);
    let ip_address = fields.text_up_to("ipAddress", 100)?;
    let note = fields.opt_text("note")?.filter(|note| !note.trim().is_empty());
    let lines = fields
        .list("orderItems")?
        .iter()
        .map(|line| Ok((ItemId(line.int("productId")?), line.quantity("quantity")?)))
        .collect::<Result<Vec<_>, Problem>>()?;
    let found = ordering::addresses(&app.db, buyer.tenant, buyer.customer, Some(address)).await?;
    let Some((address_id, details)) = found.into_iter().next() else {
        return Err(Problem::NotFound { what: "address" });
    };
    let command = Command::PlaceOrder(Box::new(PlaceOrder {
        customer_id: buyer.customer,
        address_id,
        address: details,
        lines,
        note,
        ip_address,
    }));
    let language = buyer.language;
    buyer
        .order(&app, &args.bytes, command, move |events| {
            let number = events.iter().find_map(|recorded| {
                // The sale is beside it.
                let Event::OrderPlaced(placed) = &recorded.event else { return None };
                Some(placed.order_id.0)
            });
            let message =
                language.pick("Siparişiniz alındı", "Your order is placed", "Su pedido está registrado");
            json!({"message": message, "orderNo": number})
        })
        .await
}
