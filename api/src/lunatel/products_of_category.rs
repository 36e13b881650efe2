//! `GET` or `POST /v1/Product/getProductWithSubCategory`: the items of a category (contract 7.1, T-17, T-19).

use axum::{extract::State, response::Response};
use diario_projections::company_products::ProductFilter;

use super::{args::Args, product, session::Buyer};
use crate::{error::Problem, http::App};

/// What the company may order of a category.
#[utoipa::path(post, path = "/v1/Product/getProductWithSubCategory", operation_id = "lunatel.products_of_category", tag = "Products",
    request_body(content = serde_json::Value, example = json!({"count": 50, "page": 1, "getFavorite": false, "subCategoryId": 3,
        "updatedDate": []})),
    responses((status = 200, example = json!({"status": 0, "totalCount": 0, "productModel": [],
        "errorResponse": {"status": 0, "message": ""}})), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let category = args.fields(&["subCategoryId"]).int("subCategoryId")?;
    product::category_exists(&app, buyer.tenant, category).await?;
    let filter = ProductFilter { category: Some(category), ..ProductFilter::default() };
    product::list(&app, &buyer, &args.fields(&product::NAMES), filter).await
}
