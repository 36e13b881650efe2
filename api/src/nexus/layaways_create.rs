//! `POST /pos/api/layaways` (contract 5.5, N-16): the goods are promised at once and leave when all is paid.

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{
    Cents, Command, CustomerId, Event, RegisterId,
    layaway::{CreateLayaway, DepositWanted, LayawayStatus},
    sale::TenderKind,
};
use serde_json::json;

use super::{
    selling,
    session::{May, PosSell},
};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields, fields::Body, json::money, write::answer},
};

/// Sets goods aside.
#[utoipa::path(post, path = "/pos/api/layaways", operation_id = "nexus.layaways_create", tag = "Layaways",
    security(("token" = ["pos.sell"])),
    request_body(content = serde_json::Value, example = json!({
        "items": [{"inventory_id": 1, "quantity": 1, "unit_price": 5000.00, "discount_pct": 0, "tax_rate": 0.16}],
        "customer_id": 5, "down_payment": 2000.00, "payment_method": "efectivo", "register_id": 1,
        "notes": "Apartado motor de arranque", "due_date": "2026-04-30"})),
    responses(
        (status = 201, example = json!({"layaway_id": 1, "folio": "A-0001", "total": 5800.00, "paid": 2000.00, "balance": 3800.00,
            "status": "active", "payment_id": 1})),
        (status = 400, description = "A field is wrong, too little is available, or more than the total is paid"),
    ))]
pub async fn handle(State(app): State<App>, session: May<PosSell>, body: Body) -> Result<Response, Problem> {
    let command = Command::CreateLayaway(layaway(&body.fields)?);
    session
        .write(&app, &body.bytes, command, |events| {
            let Some(Event::LayawayCreated(layaway)) = events.first().map(|recorded| &recorded.event) else {
                return answer(StatusCode::CREATED, &());
            };
            let paid = layaway.deposit.as_ref().map_or(Cents::ZERO, |deposit| deposit.amount);
            let created = json!({
                "layaway_id": layaway.layaway_id.0,
                "folio": layaway.folio,
                "total": money(layaway.sums.total),
                "paid": money(paid),
                "balance": money(layaway.sums.total - paid),
                "status": LayawayStatus::Active.name(),
                "payment_id": layaway.deposit.as_ref().map(|deposit| deposit.deposit_id.0),
            });
            answer(StatusCode::CREATED, &created)
        })
        .await
}

fn layaway(fields: &Fields) -> Result<CreateLayaway, Problem> {
    let amount = fields.cents("down_payment")?;
    let method = fields.opt_word("payment_method", selling::TENDERS)?.and_then(TenderKind::of_name);
    let register_id = fields.opt_id("register_id")?.map(RegisterId);
    let reference = fields.opt_text_up_to("reference", 200)?;
    let deposit = match method {
        Some(method) => Some(DepositWanted { amount, method, register_id, reference }),
        None if amount.is_zero() => None,
        None => return Err(Problem::field("payment_method", Rule::Required)),
    };
    Ok(CreateLayaway {
        lines: selling::lines(fields)?,
        customer_id: CustomerId(fields.id("customer_id")?),
        deposit,
        due: fields.opt_date("due_date")?,
        notes: selling::notes(fields)?,
    })
}
