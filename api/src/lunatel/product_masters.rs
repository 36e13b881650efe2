//! `GET` or `POST /v1/ProductMaster/getProductMasters`: products of which items are variants (contract 7.1, 9.2).

use axum::{extract::State, response::Response};
use diario_projections::company_products;
use serde_json::json;

use super::{args::Args, product, render, session::Buyer};
use crate::{error::Problem, http::App};

/// The products of a category, or of all where none is named.
#[utoipa::path(post, path = "/v1/ProductMaster/getProductMasters", operation_id = "lunatel.product_masters", tag = "Products",
    request_body(content = serde_json::Value, example = json!({"categorySubId": 3})),
    responses((status = 200, example = json!({"status": 0, "productMasterList": [{"productMasterId": 9,
        "productMasterName": "Silikon Kılıf", "productCount": 4}], "errorResponse": {"status": 0, "message": ""}})),
        (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let category = args.fields(&["categorySubId"]).opt_int("categorySubId")?.filter(|id| *id != 0);
    if let Some(category) = category {
        product::category_exists(&app, buyer.tenant, category).await?;
    }
    let list: Vec<_> = company_products::masters(&app.db, buyer.tenant, category)
        .await?
        .into_iter()
        .map(|found| {
            json!({
                "productMasterId": found.id,
                "productMasterName": found.name.unwrap_or_default(),
                "productCount": found.products,
            })
        })
        .collect();
    Ok(render::respond(json!({"productMasterList": list})))
}
