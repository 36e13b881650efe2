//! Items with their prices, and the lists of them with their stock.

use diario_domain::{
    BranchId, Event, ItemId, Quantity, Rate, TenantId, UnitPrice,
    event::Recorded,
    item::{ItemDetails, Prices},
};
use diario_store::{Database, Row, StoreError, Value, models::Batch, params, table};

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    search,
};

table! {
    /// Items but for prices and stock.
    ITEMS = upsert items(item_id) {
        text sku, text barcode, text name, text description, text kind, int branch_id, int category_id,
        text brand, text unit, int min_stock, int max_stock, text location, text image_url,
        int catalog_part_id, int is_active, text search,
    }
}

table! {
    /// Net prices by tier.
    ITEM_PRICES = upsert item_prices(item_id) { int price_1, int price_2, int price_3, int tax_rate }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "items", tables: &[&ITEMS, &ITEM_PRICES], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::ItemCreated(event) => {
            put_details(batch, event.item_id, &event.details);
            put_prices(batch, event.item_id, &event.prices);
        }
        Event::ItemUpdated(event) => put_details(batch, event.item_id, &event.details),
        Event::PriceChanged(event) => put_prices(batch, event.item_id, &event.prices),
        _ => {}
    }
    Ok(())
}

fn put_details(batch: &mut Batch, id: ItemId, details: &ItemDetails) {
    let searched = search::fold(&format!("{}\n{}\n{}", details.name, details.sku, details.barcode));
    let row = params![
        details.sku.as_str(),
        details.barcode.as_str(),
        details.name.as_str(),
        &details.description,
        details.kind.name(),
        details.branch_id.0,
        details.category_id,
        &details.brand,
        details.unit.as_str(),
        details.min_stock.0,
        details.max_stock.map(|quantity| quantity.0),
        &details.location,
        &details.image_url,
        details.catalog_part_id,
        i64::from(details.is_active),
        searched,
    ];
    batch.put(&ITEMS, &[id.0], row);
}

fn put_prices(batch: &mut Batch, id: ItemId, prices: &Prices) {
    let row = params![prices.price_1.0, prices.price_2.0, prices.price_3.0, prices.tax_rate.0];
    batch.put(&ITEM_PRICES, &[id.0], row);
}

/// An item as lists show it (contract 5.3, N-7): its stock in one branch and in all.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of ItemDetails and Prices")]
pub struct ItemRow {
    pub item_id: ItemId,
    pub sku: String,
    pub barcode: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: String,
    /// The branch that `stock` is of: the one asked for, else the item's own.
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub category_id: Option<i64>,
    pub brand: Option<String>,
    pub unit: String,
    pub cost: UnitPrice,
    pub price_1: UnitPrice,
    pub price_2: UnitPrice,
    pub price_3: UnitPrice,
    pub tax_rate: Rate,
    pub min_stock: Quantity,
    pub max_stock: Option<Quantity>,
    pub location: Option<String>,
    pub image_url: Option<String>,
    pub catalog_part_id: Option<i64>,
    pub is_active: bool,
    /// On hand in the branch.
    pub stock: Quantity,
    /// On hand in all branches.
    pub stock_total: Quantity,
}

/// What a list of items is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ItemFilter {
    /// In name, code or barcode.
    pub text: Option<String>,
    /// Shows the stock of this branch.
    pub branch_id: Option<BranchId>,
    /// Of this category.
    pub category_id: Option<i64>,
    /// At or under their minimum in that branch.
    pub low_stock: bool,
    /// Only this one.
    pub item_id: Option<ItemId>,
}

const SELECT: &str = "SELECT i.item_id, i.sku, i.barcode, i.name, i.description, i.kind, \
    COALESCE($2, i.branch_id), b.name, i.category_id, i.brand, i.unit, COALESCE((SELECT c.average_cost FROM stock c WHERE c.tenant_id = i.tenant_id AND c.item_id = i.item_id ORDER BY c.position DESC LIMIT 1), 0), \
    p.price_1, p.price_2, p.price_3, p.tax_rate, i.min_stock, i.max_stock, i.location, i.image_url, \
    i.catalog_part_id, i.is_active, COALESCE(s.on_hand, 0), \
    COALESCE((SELECT CAST(SUM(a.on_hand) AS BIGINT) FROM stock a WHERE a.tenant_id = i.tenant_id AND a.item_id = i.item_id), 0) ";

const FROM: &str = "FROM items i \
    JOIN item_prices p ON p.tenant_id = i.tenant_id AND p.item_id = i.item_id \
    LEFT JOIN branches b ON b.tenant_id = i.tenant_id AND b.branch_id = COALESCE($2, i.branch_id) \
    LEFT JOIN stock s ON s.tenant_id = i.tenant_id AND s.item_id = i.item_id AND s.branch_id = COALESCE($2, i.branch_id) ";

const NARROWED: &str = "WHERE i.tenant_id = $1 \
    AND (CAST($3 AS TEXT) IS NULL OR i.search LIKE $3 ESCAPE '\\') \
    AND (CAST($4 AS BIGINT) IS NULL OR i.category_id = $4) \
    AND (CAST($5 AS BIGINT) = 0 OR (i.kind = 'stocked' AND COALESCE(s.on_hand, 0) <= i.min_stock)) \
    AND (CAST($6 AS BIGINT) IS NULL OR i.item_id = $6) ";

/// The same without what only the shown columns need, for counting.
const COUNT_FROM: &str = "FROM items i \
    LEFT JOIN stock s ON s.tenant_id = i.tenant_id AND s.item_id = i.item_id AND s.branch_id = COALESCE($2, i.branch_id) ";

fn filter_params(tenant: TenantId, filter: &ItemFilter) -> Vec<Value> {
    params![
        tenant.0,
        filter.branch_id.map(|id| id.0),
        filter.text.as_deref().map(search::pattern),
        filter.category_id,
        i64::from(filter.low_stock),
        filter.item_id.map(|id| id.0),
    ]
}

fn item(row: &Row) -> Result<ItemRow, StoreError> {
    Ok(ItemRow {
        item_id: ItemId(row.int(0)?),
        sku: row.text(1)?,
        barcode: row.text(2)?,
        name: row.text(3)?,
        description: row.opt_text(4)?,
        kind: row.text(5)?,
        branch_id: BranchId(row.int(6)?),
        branch_name: row.opt_text(7)?,
        category_id: row.opt_int(8)?,
        brand: row.opt_text(9)?,
        unit: row.text(10)?,
        cost: UnitPrice(row.int(11)?),
        price_1: UnitPrice(row.int(12)?),
        price_2: UnitPrice(row.int(13)?),
        price_3: UnitPrice(row.int(14)?),
        tax_rate: Rate(row.int(15)?),
        min_stock: Quantity(row.int(16)?),
        max_stock: row.opt_int(17)?.map(Quantity),
        location: row.opt_text(18)?,
        image_url: row.opt_text(19)?,
        catalog_part_id: row.opt_int(20)?,
        is_active: row.int(21)? != 0,
        stock: Quantity(row.int(22)?),
        stock_total: Quantity(row.int(23)?),
    })
}

/// A page of items, by id.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &ItemFilter,
    page: Page,
) -> Result<Paged<ItemRow>, StoreError> {
    let list = List {
        select: &format!("{SELECT}{FROM}"),
        counted: COUNT_FROM,
        conditions: NARROWED,
        params: filter_params(tenant, filter),
        keys: &["i.item_id"],
        order: Order::Ascending,
    };
    list.page(db, page, item, |row| [row.item_id.0, 0]).await
}

/// An item as a price list with stock shows it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of ItemRow")]
pub struct SellableRow {
    pub item_id: ItemId,
    pub sku: String,
    pub barcode: String,
    pub name: String,
    pub brand: Option<String>,
    pub category: Option<String>,
    pub price: UnitPrice,
    /// On hand in all branches.
    pub stock: Quantity,
}

/// A page of the items that are sold from stock and of which at least so much lies there, by id.
pub async fn sellable(
    db: &Database,
    tenant: TenantId,
    least: Quantity,
    page: Page,
) -> Result<Paged<SellableRow>, StoreError> {
    let from = "FROM items i LEFT JOIN (SELECT item_id, CAST(SUM(on_hand) AS BIGINT) AS on_hand FROM stock \
                WHERE tenant_id = $1 GROUP BY item_id) s ON s.item_id = i.item_id ";
    let select = format!(
        "SELECT i.item_id, i.sku, i.barcode, i.name, i.brand, c.name, p.price_1, COALESCE(s.on_hand, 0) {from}\
         JOIN item_prices p ON p.tenant_id = i.tenant_id AND p.item_id = i.item_id \
         LEFT JOIN categories c ON c.tenant_id = i.tenant_id AND c.category_id = i.category_id "
    );
    let list = List {
        select: &select,
        counted: from,
        conditions: "WHERE i.tenant_id = $1 AND i.is_active = 1 AND i.kind = 'stocked' \
                     AND COALESCE(s.on_hand, 0) >= $2 ",
        params: params![tenant.0, least.0],
        keys: &["i.item_id"],
        order: Order::Ascending,
    };
    let read = |row: &Row| {
        Ok(SellableRow {
            item_id: ItemId(row.int(0)?),
            sku: row.text(1)?,
            barcode: row.text(2)?,
            name: row.text(3)?,
            brand: row.opt_text(4)?,
            category: row.opt_text(5)?,
            price: UnitPrice(row.int(6)?),
            stock: Quantity(row.int(7)?),
        })
    };
    list.page(db, page, read, |row| [row.item_id.0, 0]).await
}

/// One item.
pub async fn find(
    db: &Database,
    tenant: TenantId,
    id: ItemId,
    branch_id: Option<BranchId>,
) -> Result<Option<ItemRow>, StoreError> {
    let filter = ItemFilter { item_id: Some(id), branch_id, ..ItemFilter::default() };
    let rows = db.query(&format!("{SELECT}{FROM}{NARROWED}"), filter_params(tenant, &filter)).await?;
    rows.first().map(item).transpose()
}
