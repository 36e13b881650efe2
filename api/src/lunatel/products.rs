//! `GET` or `POST /v1/Product/getProduct`: what the company may order (contract 7.1).

use axum::{extract::State, response::Response};
use diario_projections::company_products::ProductFilter;

use super::{args::Args, product, session::Buyer};
use crate::{
    error::{Problem, Rule},
    http::{App, Fields},
};

/// The most products that are asked for by id.
const IDS_MAX: usize = 500;
const NAMES: [&str; 5] = ["count", "page", "getFavorite", "productIds", "updatedDate"];

/// Products with the company's own prices, by id: all, some by their ids, its favourites, or those that changed.
#[utoipa::path(post, path = "/v1/Product/getProduct", operation_id = "lunatel.products", tag = "Products",
    request_body(content = serde_json::Value, example = json!({"count": 50, "page": 1, "getFavorite": false, "productIds": "1,2",
        "updatedDate": ["gt:2023-06-06", "lt:2023-10-06"]})),
    responses((status = 200, example = json!({"status": 0, "totalCount": 1, "productModel": [{"productId": 1, "minStockQty": 0,
        "maxStockQty": 0, "price": 90.00, "discount": 5, "basketDiscount": 0, "tax": 20, "productName": "Kılıf", "brandName": "Lunatel",
        "categoryName": "Aksesuar", "subCategoryName": "Kılıf", "productMasterName": "Kılıf", "categoryId": 2, "subCategoryId": 3,
        "productMasterId": 1, "brandId": 1_000_000, "productImageLink": "", "productImageLiteLink": "", "categoryImageLink": "",
        "categorySubImageLink": "", "expressId": 0, "isFavorited": true, "fastShipping": false, "listPrice": 100.00,
        "isHasCompanyPrice": true, "unitName": "ADET", "isUnitConvert": false}], "errorResponse": {"status": 0, "message": ""}})),
        (status = 401), (status = 422)))]
pub async fn handle(State(app): State<App>, buyer: Buyer, args: Args) -> Result<Response, Problem> {
    let fields = args.fields(&NAMES);
    let filter = ProductFilter { items: ids(&fields)?, ..ProductFilter::default() };
    product::list(&app, &buyer, &fields, filter).await
}

/// `productIds`: numbers between commas. Nothing is all.
fn ids(fields: &Fields) -> Result<Option<Vec<i64>>, Problem> {
    let text = match fields.opt_int("productIds") {
        Ok(Some(one)) => return Ok(Some(vec![one])),
        _ => fields.opt_text_up_to("productIds", 20_000)?.unwrap_or_default(),
    };
    let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return Ok(None);
    }
    if parts.len() > IDS_MAX {
        return Err(fields.problem("productIds", Rule::AtMost(IDS_MAX)));
    }
    let ids: Option<Vec<i64>> = parts.iter().map(|part| part.parse().ok()).collect();
    ids.map(Some).ok_or_else(|| fields.problem("productIds", Rule::Form("1,2,3")))
}
