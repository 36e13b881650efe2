//! Products as all three of their lists show them (contract 7.1, T-15 … T-22).

use axum::response::Response;
use diario_domain::{Rate, TenantId};
use diario_projections::company_products::{self, ProductFilter, ProductRow};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{render, session::Buyer};
use crate::{
    error::{Problem, Rule},
    http::{
        App, Fields,
        json::{price, quantity, rate},
        state::Shop,
    },
};

/// What a category is called that was never given a name.
pub fn category_name(id: Option<i64>, name: Option<String>) -> String {
    match (id, name) {
        (_, Some(name)) => name,
        (Some(id), None) => format!("Kategori {id}"),
        (None, None) => String::new(),
    }
}

/// A category of the shop, or 404.
pub async fn category_exists(app: &App, tenant: TenantId, id: i64) -> Result<(), Problem> {
    if company_products::knows_category(&app.db, tenant, id).await? {
        Ok(())
    } else {
        Err(Problem::NotFound { what: "category" })
    }
}

/// Fields that every list of products takes.
pub const NAMES: [&str; 4] = ["count", "page", "getFavorite", "updatedDate"];

/// A page of products; `filter` says what of, and the request's own fields narrow it.
pub async fn list(
    app: &App,
    buyer: &Buyer,
    fields: &Fields,
    mut filter: ProductFilter,
) -> Result<Response, Problem> {
    let paging = buyer.page(fields)?;
    filter.favourites = fields.opt_bool("getFavorite")?.unwrap_or(false);
    changed(fields, &buyer.shop, &mut filter)?;
    let found = company_products::list(&app.db, buyer.tenant, buyer.customer, &filter, paging.page).await?;
    let total = found.total.unwrap_or_default();
    let list: Vec<_> = found.rows.iter().map(view).collect();
    Ok(render::respond(json!({
        "totalCount": total,
        "productModel": list,
        "page": paging.number,
        "pageCount": paging.pages(total),
    })))
}

/// `updatedDate`: conditions of the form `gt:2023-06-06`, all of which must hold. A day is the shop's own; a time may
/// stand in its place.
fn changed(fields: &Fields, shop: &Shop, filter: &mut ProductFilter) -> Result<(), Problem> {
    let wrong = || fields.problem("updatedDate", Rule::Form("eq|lt|gt|lteq|gteq:YYYY-MM-DD"));
    let conditions = match fields.opt_texts("updatedDate") {
        Ok(conditions) => conditions.unwrap_or_default(),
        // One condition, or several between commas, may come as text.
        Err(_) => vec![fields.opt_text("updatedDate")?.unwrap_or_default()],
    };
    let conditions = conditions.iter().flat_map(|text| text.split(',')).map(str::trim);
    for condition in conditions.filter(|condition| !condition.is_empty()) {
        let (operator, date) = condition.split_once(':').ok_or_else(wrong)?;
        let (first, behind) = span(date.trim(), shop).ok_or_else(wrong)?;
        let (from, before) = match operator.trim().to_ascii_lowercase().as_str() {
            "eq" => (Some(first), Some(behind)),
            "lt" => (None, Some(first)),
            "lteq" => (None, Some(behind)),
            "gt" => (Some(behind), None),
            "gteq" => (Some(first), None),
            _ => return Err(wrong()),
        };
        if let Some(from) = from {
            filter.changed_from = Some(filter.changed_from.map_or(from, |known| known.max(from)));
        }
        if let Some(before) = before {
            filter.changed_before = Some(filter.changed_before.map_or(before, |known| known.min(before)));
        }
    }
    Ok(())
}

/// The first microsecond of a day or a time, and the first behind it.
fn span(text: &str, shop: &Shop) -> Option<(i64, i64)> {
    let local =
        |at: jiff::civil::DateTime| at.to_zoned(shop.zone.clone()).ok().map(|zoned| zoned.timestamp());
    if let Ok(at) = text.parse::<Timestamp>() {
        let micros = at.as_microsecond();
        return Some((micros, micros + 1));
    }
    if text.len() <= 10 {
        let day: Date = text.parse().ok()?;
        let next = day.checked_add(1.day()).ok()?;
        return Some((shop.day_starts(day).as_microsecond(), shop.day_starts(next).as_microsecond()));
    }
    let at = local(text.parse().ok()?)?.as_microsecond();
    Some((at, at + 1))
}

/// The 27 fields of a product.
fn view(row: &ProductRow) -> Value {
    let image = row.image_url.clone().unwrap_or_default();
    // A leaf that is a part of nothing is its own category.
    let parent = row.parent_id.or(row.category_id);
    let leaf_name = category_name(row.category_id, row.category_name.clone());
    let parent_name = match row.parent_id {
        Some(id) => category_name(Some(id), row.parent_name.clone()),
        None => leaf_name.clone(),
    };
    json!({
        "productId": row.item_id.0,
        "minStockQty": quantity(row.min_stock),
        "maxStockQty": quantity(row.max_stock.unwrap_or_default()),
        "price": price(row.price),
        "discount": rate(row.discount_pct),
        "basketDiscount": 0,
        "tax": rate(Rate(row.tax_rate.0.saturating_mul(100))),
        "productName": row.name,
        "brandName": row.brand.clone().unwrap_or_default(),
        "categoryName": parent_name,
        "subCategoryName": leaf_name,
        "productMasterName": row.master_name,
        "categoryId": parent.unwrap_or(0),
        "subCategoryId": row.category_id.unwrap_or(0),
        "productMasterId": row.master_id,
        "brandId": brand_id(row.brand.as_deref().unwrap_or_default()),
        "productImageLink": image,
        "productImageLiteLink": image,
        "categoryImageLink": "",
        "categorySubImageLink": "",
        "expressId": row.catalog_part_id.unwrap_or(0),
        "isFavorited": row.is_favourite,
        "fastShipping": row.fast_shipping,
        "listPrice": price(row.list_price),
        "isHasCompanyPrice": row.has_company_price,
        "unitName": row.unit,
        "isUnitConvert": row.fractional,
    })
}

/// Items name their brands and have no numbers for them: a brand's number is made of its name, the same in every shop
/// and for ever, and fits 31 bits.
fn brand_id(brand: &str) -> i64 {
    if brand.trim().is_empty() {
        return 0;
    }
    let hash = Sha256::digest(brand.trim().to_lowercase().as_bytes());
    i64::from(u32::from_be_bytes([hash[0] & 0x7f, hash[1], hash[2], hash[3]]))
}
