//! `PUT /admin/v1/ordering`: the terms on which companies order change (T-25).

use axum::{extract::State, http::StatusCode, response::Response};
use diario_domain::{BranchId, Command, customer::PriceTier, ordering::OrderingSettings};
use diario_projections::ordering;

use super::ordering_get;
use crate::{
    error::Problem,
    http::{App, fields::Body, write::answer},
    nexus::session::{ConfigEdit, May},
};

const TIERS: &[&str] = &["mostrador", "taller", "mayoreo"];

/// Changes the terms; what is left out stays. Tier and credit are those of companies that sign up from now on.
#[utoipa::path(put, path = "/admin/v1/ordering", operation_id = "admin.ordering_set", tag = "Ordering",
    security(("token" = ["config.edit"])),
    request_body(content = serde_json::Value, example = json!({"auto_confirm": false, "credit_limit": 50000.00})),
    responses((status = 200, example = json!({"auto_confirm": false, "branch_id": 1, "price_tier": "mayoreo",
        "credit_limit": 50000.00, "credit_days": 30})), (status = 400), (status = 422)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigEdit>,
    body: Body,
) -> Result<Response, Problem> {
    let fields = &body.fields;
    let now = ordering::settings(&app.db, session.tenant).await?;
    let tier = fields.opt_word("price_tier", TIERS)?.and_then(PriceTier::of_name);
    let settings = OrderingSettings {
        auto_confirm: fields.opt_bool("auto_confirm")?.unwrap_or(now.auto_confirm),
        branch_id: fields.opt_id("branch_id")?.map_or(now.branch_id, BranchId),
        price_tier: tier.unwrap_or(now.price_tier),
        credit_limit: fields.opt_cents("credit_limit")?.unwrap_or(now.credit_limit),
        credit_days: fields.opt_int("credit_days")?.unwrap_or(now.credit_days),
    };
    session
        .write(&app, &body.bytes, Command::ChangeOrdering(settings), move |_| {
            answer(StatusCode::OK, &ordering_get::view(settings))
        })
        .await
}
