//! `GET /admin/v1/product-groups`: products that come in sizes, with their variants.

use axum::{Json, extract::State};
use diario_domain::GroupId;
use diario_projections::products::{self, ProductFilter, VariantRow};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{cost, price},
    },
    nexus::{
        session::{InventoryView, May},
        views,
    },
};

/// Groups, by id.
#[utoipa::path(get, path = "/admin/v1/product-groups", operation_id = "admin.product_groups_list", tag = "Products",
    security(("token" = ["inventory.view"])),
    params(("q" = Option<String>, Query), ("page" = Option<i64>, Query), ("per_page" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, example = json!({"data": [{"id": 120, "code": "REM-001", "name": "Remera Oversize", "description": "Algodon 24/1",
        "category_id": 3, "category": "Remeras", "provider_id": 1, "provider": "Textiles SRL", "active": true, "retailer_price": 16999.00,
        "wholesaler_price": 11999.00, "unit_cost": 5400.00,
        "variants": [{"item_id": 121, "size_id": 4, "size": "M", "sku": "REM-001-M", "barcode": "7790000000012"}]}],
        "pagination": {"page": 1, "per_page": 50, "total": 1, "total_pages": 1, "next_cursor": null}}))))]
pub async fn handle(
    State(app): State<App>,
    session: May<InventoryView>,
    params: Params,
) -> Result<Json<Value>, Problem> {
    let asked = params.page(50, 200)?;
    let filter = ProductFilter {
        text: params.opt_text("q").map(ToOwned::to_owned),
        groups: true,
        ..ProductFilter::default()
    };
    let found = products::list(&app.db, session.tenant, &filter, asked.page).await?;
    let ids: Vec<GroupId> = found.rows.iter().map(|row| row.product_id).collect();
    let variants = products::variants(&app.db, session.tenant, &ids).await?;
    Ok(Json(views::list(&asked, &found, |row| {
        let own: Vec<_> =
            variants.iter().filter(|variant| variant.product_id == row.product_id).map(variant).collect();
        json!({
            "id": row.product_id.0,
            "code": row.code,
            "name": row.name,
            "description": row.description,
            "category_id": row.category_id,
            "category": row.category,
            "provider_id": row.provider_id,
            "provider": row.provider,
            "active": row.is_active,
            "retailer_price": price(row.retailer_price),
            "wholesaler_price": price(row.wholesaler_price),
            "unit_cost": cost(row.unit_cost),
            "variants": own,
        })
    })))
}

fn variant(row: &VariantRow) -> Value {
    json!({
        "item_id": row.item_id.0,
        "size_id": row.size_id,
        "size": row.size,
        "sku": row.sku,
        "barcode": row.barcode,
    })
}
