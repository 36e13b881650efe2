//! `GET /admin/v1/customers/{customer_id}/prices`: what a company pays of its own (Lunatel).

use axum::{Json, extract::State};
use diario_domain::{CustomerId, ItemId, ordering::CompanyTerms};
use diario_projections::{customers, ordering};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{
        App,
        json::{price, rate},
    },
    nexus::session::{ConfigView, Id, May},
};

/// A company's own prices, by item; for every other item it pays its tier's.
#[utoipa::path(get, path = "/admin/v1/customers/{customer_id}/prices", operation_id = "admin.company_prices_list",
    tag = "Ordering",
    security(("token" = ["config.view"])),
    params(("customer_id" = i64, Path)),
    responses((status = 200, example = json!({"data": [{"item_id": 1, "price": 90.00, "discount_pct": 5}]})), (status = 404)))]
pub async fn handle(
    State(app): State<App>,
    session: May<ConfigView>,
    Id(customer): Id,
) -> Result<Json<Value>, Problem> {
    let customer = CustomerId(customer);
    customers::find(&app.db, session.tenant, customer)
        .await?
        .ok_or(Problem::NotFound { what: "customer" })?;
    let prices = ordering::company_prices(&app.db, session.tenant, customer).await?;
    let data: Vec<_> = prices.into_iter().map(|(item, terms)| view(item, terms)).collect();
    Ok(Json(json!({"data": data})))
}

/// A company's price as it is shown.
pub fn view(item: ItemId, terms: CompanyTerms) -> Value {
    json!({"item_id": item.0, "price": price(terms.price), "discount_pct": rate(terms.discount_pct)})
}
