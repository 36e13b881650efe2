//! `POST /pos/api/layaways/:layaway_id/payment` (contract 5.5, N-17): the goods leave by `complete`, not by this.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{Command, Event, LayawayId, RegisterId, layaway::DepositWanted, sale::TenderKind};
use serde_json::json;

use super::{
    selling,
    session::{Id, May, PosSell},
};
use crate::{
    error::Problem,
    http::{App, fields::Body, json::money, write::answer},
};

/// Takes a payment into a layaway.
#[utoipa::path(post, path = "/pos/api/layaways/{layaway_id}/payment", operation_id = "nexus.layaways_payment", tag = "Layaways",
    security(("token" = ["pos.sell"])),
    params(("layaway_id" = i64, Path)),
    request_body(content = serde_json::Value, example = json!({"amount": 1500.00, "payment_method": "efectivo", "register_id": 1})),
    responses((status = 201, example = json!({"payment_id": 2, "paid": 3500.00, "balance": 2300.00})),
        (status = 400, description = "More than is to be paid, or the layaway is not active"), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<PosSell>,
    Id(id): Id,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let payment = DepositWanted {
        amount: fields.cents("amount")?,
        method: TenderKind::of_name(fields.word("payment_method", selling::TENDERS)?)
            .unwrap_or(TenderKind::Cash),
        register_id: fields.opt_id("register_id")?.map(RegisterId),
        reference: fields.opt_text_up_to("reference", 200)?,
    };
    session
        .write(&app, &body.bytes, Command::PayLayaway(LayawayId(id), payment), |events| {
            let Some(Event::DepositReceived(received)) = events.first().map(|recorded| &recorded.event)
            else {
                return answer(StatusCode::CREATED, &());
            };
            let taken = json!({
                "payment_id": received.deposit.deposit_id.0,
                "paid": money(received.paid),
                "balance": money(received.balance),
            });
            answer(StatusCode::CREATED, &taken)
        })
        .await
}
