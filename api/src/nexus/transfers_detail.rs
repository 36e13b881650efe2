//! `GET /pos/api/inventory/transfers/:transfer_id` (extension): the transfer with its lines, from its own events.

use axum::{Json, extract::State};
use cqrs_es::Aggregate as _;
use diario_domain::{Quantity, TransferId, transfer::Transfer};
use diario_projections::transfers;
use serde_json::{Value, json};

use super::{
    session::{Id, InventoryView, May},
    transfers_list,
};
use crate::{
    error::Problem,
    http::{App, json::quantity},
};

/// A transfer.
#[utoipa::path(get, path = "/pos/api/inventory/transfers/{transfer_id}", operation_id = "nexus.transfers_detail", tag = "Inventory",
    security(("token" = ["inventory.view"])),
    params(("transfer_id" = i64, Path)),
    responses((status = 200, description = "The transfer with `items`; what is on its way is neither `received` nor a `shortage`"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    Id(id): Id,
) -> Result<Json<Value>, Problem> {
    let id = TransferId(id);
    let row =
        transfers::find(&app.db, session.tenant, id).await?.ok_or(Problem::NotFound { what: "transfer" })?;
    let mut document = Transfer::default();
    for recorded in app.log.stream(session.tenant, &format!("{}-{id}", Transfer::TYPE)).await? {
        document.apply(recorded.event);
    }
    let lines = document.sent.map(|sent| sent.lines).unwrap_or_default();
    let receipt = document.received;
    let items: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let arrived = receipt.as_ref().and_then(|receipt| receipt.lines.get(number));
            let (received, shortage) = match arrived {
                Some(arrived) => (arrived.received, line.quantity - arrived.received),
                None if line.arrived.is_some() => (line.quantity, Quantity::ZERO),
                None => (Quantity::ZERO, Quantity::ZERO),
            };
            json!({
                "inventory_id": line.item_id.0,
                "part_number": line.sku,
                "name": line.name,
                "quantity": quantity(line.quantity),
                "received": quantity(received),
                "shortage": quantity(shortage),
            })
        })
        .collect();
    let (reason, notes) = receipt.map(|receipt| (receipt.reason, receipt.notes)).unwrap_or_default();
    let mut body = transfers_list::view(&row, &session.shop);
    body.insert("items".to_owned(), items.into());
    body.insert("reason".to_owned(), reason.into());
    body.insert("received_notes".to_owned(), notes.into());
    Ok(Json(Value::Object(body)))
}
