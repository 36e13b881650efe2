//! `GET` or `POST /v1/Product/getProductWithProductMaster`: the items of a product (contract 7.1, T-17).

use axum::{extract::State, response::Response};
use diario_projections::company_products::{self, ProductFilter};

use super::{args::Args, product, session::Buyer};
use crate::{error::Problem, http::App};

/// What the company may order of a product.
#[utoipa::path(post, path = "/v1/Product/getProductWithProductMaster", operation_id = "lunatel.products_of_master", tag = "Products",
    request_body(content = serde_json::Value, example = json!({"count": 50, "page": 1, "getFavorite": false, "productMasterId": 9,
        "updatedDate": []})),
    responses((status = 200, example = json!({"status": 0, "totalCount": 0, "productModel": [],
        "errorResponse": {"status": 0, "message": ""}})), (status = 401), (status = 404), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let master = args.fields(&["productMasterId"]).int("productMasterId")?;
    if !company_products::knows_master(&app.db, buyer.tenant, master).await? {
        return Err(Problem::NotFound { what: "product" });
    }
    let filter = ProductFilter { master: Some(master), ..ProductFilter::default() };
    product::list(&app, &buyer, &args.fields(&product::NAMES), filter).await
}
