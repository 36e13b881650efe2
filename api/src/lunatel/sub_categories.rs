//! `GET` or `POST /v1/Category/getSubCategories`: the categories that products are in (contract 7.1, T-19).

use axum::{extract::State, response::Response};
use diario_projections::company_products;
use serde_json::json;

use super::{args::Args, product, render, session::Buyer};
use crate::{error::Problem, http::App};

/// Categories with the number of products in each; their id is the `subCategoryId` of a product.
#[utoipa::path(post, path = "/v1/Category/getSubCategories", operation_id = "lunatel.sub_categories", tag = "Products",
    responses((status = 200, example = json!({"status": 0, "categoryList": [{"categoryId": 3, "categoryName": "Kılıf",
        "productCount": 12}], "errorResponse": {"status": 0, "message": ""}})), (status = 401)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, _args: Args) -> Result<Response, Problem> {
    let list: Vec<_> = company_products::leaves(&app.db, buyer.tenant)
        .await?
        .into_iter()
        .map(|found| {
            json!({
                "categoryId": found.id,
                "categoryName": product::category_name(Some(found.id), found.name),
                "productCount": found.products,
            })
        })
        .collect();
    Ok(render::respond(json!({"categoryList": list})))
}
