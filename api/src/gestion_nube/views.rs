//! Shapes that several answers share.

use std::collections::HashMap;

use diario_domain::{BranchId, GroupId, ItemId, Quantity, TenantId};
use diario_projections::products::{self, PriceListRow, ProductFilter, ProductRow, StoreStock, VariantRow};
use diario_store::StoreError;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{
    error::Problem,
    http::{
        App, Params,
        json::{cost, price, quantity, rate},
    },
    nexus::messages,
};

/// Stores that an item's stock rows can be told apart by.
const STORES: i64 = 100_000;

/// The number of a size's stock in a store: the item's and the store's, one behind the other. It never changes and no
/// two are the same while a shop has fewer than 100,000 stores.
pub fn inventory_id(item: ItemId, store: BranchId) -> i64 {
    item.0 * STORES + store.0
}

/// An instant as this surface shows it (contract 2.7).
pub fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// The filters of a list of products (contract 4.7).
pub fn filter(params: &Params) -> Result<ProductFilter, Problem> {
    let read = || {
        Ok(ProductFilter {
            text: params.opt_text("q").map(ToOwned::to_owned),
            code: params.opt_text("code").map(|code| code.trim().to_owned()),
            category_id: params.opt_int("category_id")?,
            provider_id: params.opt_int("provider_id")?,
            active: params.opt_bool("active")?,
            ..ProductFilter::default()
        })
    };
    read().map_err(Problem::in_query)
}

/// What is told of a product besides itself.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// The stock of all its sizes.
    pub stock: bool,
    /// Its sizes, with their stock.
    pub variants: bool,
}

impl Wanted {
    /// The flags of a query (G-17).
    pub fn of(params: &Params) -> Result<Self, Problem> {
        let flag =
            |name: &str| params.opt_bool(name).map(|given| given.unwrap_or(false)).map_err(Problem::in_query);
        Ok(Self { stock: flag("include_stock")?, variants: flag("include_variants")? })
    }
}

/// A size with its stock, store by store.
pub struct Size {
    pub variant: VariantRow,
    pub stores: Vec<StoreStock>,
}

impl Size {
    /// What may be promised of it in all stores.
    pub fn available(&self) -> Quantity {
        self.stores.iter().map(StoreStock::available).sum()
    }
}

/// What may be promised of all sizes.
pub fn stock_total(sizes: &[Size]) -> Quantity {
    sizes.iter().map(Size::available).sum()
}

/// The sizes of some products.
pub async fn sizes(
    app: &App,
    tenant: TenantId,
    ids: &[GroupId],
) -> Result<HashMap<GroupId, Vec<Size>>, StoreError> {
    let variants = products::variants(&app.db, tenant, ids).await?;
    let items: Vec<_> = variants.iter().map(|variant| variant.item_id).collect();
    let mut stock: HashMap<ItemId, Vec<StoreStock>> = HashMap::new();
    for row in products::by_store(&app.db, tenant, &items).await? {
        stock.entry(row.item_id).or_default().push(row);
    }
    let mut found: HashMap<GroupId, Vec<Size>> = HashMap::new();
    for variant in variants {
        let stores = stock.remove(&variant.item_id).unwrap_or_default();
        found.entry(variant.product_id).or_default().push(Size { variant, stores });
    }
    Ok(found)
}

/// A product's category: one that was never given a name is told by its number.
pub fn category(row: &ProductRow) -> Option<String> {
    row.category.clone().or_else(|| row.category_id.map(messages::nameless_category))
}

/// A product (contract 4.7).
pub fn product(row: &ProductRow, wanted: Wanted, sizes: &[Size]) -> Value {
    let mut map = Map::new();
    let base = json!({
        "id": row.product_id.0,
        "code": row.code,
        "name": row.name,
        "description": row.description,
        "retailer_price": price(row.retailer_price),
        "wholesaler_price": price(row.wholesaler_price),
        "unit_cost": cost(row.unit_cost),
        "category": category(row),
        "provider": row.provider,
        "category_id": row.category_id,
        "provider_id": row.provider_id,
        "active": row.is_active,
    });
    if let Value::Object(base) = base {
        map = base;
    }
    if wanted.stock {
        map.insert("stock_total".to_owned(), json!(quantity(stock_total(sizes))));
    }
    if wanted.variants {
        let variants: Vec<_> = sizes.iter().map(variant).collect();
        map.insert("variantes".to_owned(), variants.into());
    }
    Value::Object(map)
}

fn variant(size: &Size) -> Value {
    let stores: Vec<_> = size
        .stores
        .iter()
        .map(|row| {
            json!({
                "store_id": row.store_id.0,
                "store_name": row.store_name,
                "stock_disponible": quantity(row.available()),
            })
        })
        .collect();
    json!({
        "size_id": size.variant.size_id,
        "size": size.variant.size,
        "barcode": size.variant.barcode,
        "sku": size.variant.sku,
        "stock_por_tienda": stores,
    })
}

/// The numbers of a product after its prices were written (contract 4.7).
pub fn prices(row: &ProductRow) -> Value {
    json!({
        "id": row.product_id.0,
        "code": row.code,
        "name": row.name,
        "retailer_price": price(row.retailer_price),
        "wholesaler_price": price(row.wholesaler_price),
        "unit_cost": cost(row.unit_cost),
    })
}

/// A price list (contract 4.5).
pub fn price_list(row: &PriceListRow, currency: &str) -> Value {
    json!({
        "id": row.list_id.0,
        "descripcion": row.descripcion,
        "is_base": row.is_base,
        "variacion": row.variacion.map(rate),
        "moneda": currency,
    })
}
