//! Products: groups of variants, and items in no group under their own numbers; with their prices, price lists, and
//! the stock of their sizes store by store (contract 9.2).
//!
//! A product's prices and cost are those of its first variant, the one with the smallest number: a price that is
//! written to a product is written to each of its variants, so they differ only where a till changed one of them.

use diario_domain::{
    BranchId, Event, GroupId, ItemId, PriceListId, Quantity, Rate, TenantId, UnitPrice,
    event::Recorded,
    price_list::{BASE, BASE_NAME},
    product::GroupDetails,
};
use diario_store::{Database, Row, StoreError, Value, models::Batch, params, table};

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    search,
};

table! {
    /// Groups of variants.
    PRODUCT_GROUPS = upsert product_groups(group_id) {
        text code, text name, text description, int category_id, int provider_id, text provider, int is_active,
        text search,
    }
}

table! {
    /// The items that are in a group.
    VARIANTS = upsert variants(item_id) { int group_id, int size_id, text size }
}

table! {
    /// Lists that were created or changed.
    PRICE_LISTS = upsert price_lists(list_id) { text descripcion, int is_base, int variacion, int is_active }
}

table! {
    /// Second prices.
    ADDITIONAL_PRICES = upsert additional_prices(list_id, product_id) { int price }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "products",
    tables: &[&PRODUCT_GROUPS, &VARIANTS, &PRICE_LISTS, &ADDITIONAL_PRICES],
    apply,
    pace: Pace::Prompt,
};

/// The size of an item that is in no group: it has only the one.
pub const ONE_SIZE: (i64, &str) = (0, "Única");
/// Ids that are looked up in one query.
const IDS_AT_ONCE: usize = 500;

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::GroupCreated(event) => put_group(batch, event.group_id, &event.details),
        Event::GroupUpdated(event) => put_group(batch, event.group_id, &event.details),
        Event::ItemGrouped(event) => {
            let row = params![event.group_id.0, event.size_id, event.size.as_str()];
            batch.put(&VARIANTS, &[event.item_id.0], row);
        }
        Event::PriceListCreated(event) => {
            let variation = event.variacion.map(|rate| rate.0);
            let row = params![event.descripcion.as_str(), i64::from(event.is_base), variation, 1];
            batch.put(&PRICE_LISTS, &[event.list_id.0], row);
        }
        Event::PriceListUpdated(event) => {
            let variation = event.variacion.map(|rate| rate.0);
            let active = i64::from(event.is_active);
            let row = params![event.descripcion.as_str(), i64::from(event.is_base), variation, active];
            batch.put(&PRICE_LISTS, &[event.list_id.0], row);
        }
        Event::AdditionalPriceSet(event) => {
            let row = params![event.price.map(|price| price.0)];
            batch.put(&ADDITIONAL_PRICES, &[event.list_id.0, event.product_id.0], row);
        }
        _ => {}
    }
    Ok(())
}

fn put_group(batch: &mut Batch, id: GroupId, details: &GroupDetails) {
    let provider = details.provider.as_ref();
    let row = params![
        details.code.as_str(),
        details.name.as_str(),
        &details.description,
        details.category_id.map(|id| id.0),
        provider.map(|provider| provider.id),
        provider.map(|provider| provider.name.clone()),
        i64::from(details.active),
        search::fold(&format!("{}\n{}", details.name, details.code)),
    ];
    batch.put(&PRODUCT_GROUPS, &[id.0], row);
}

/// A product with its prices.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of GroupDetails and Prices")]
pub struct ProductRow {
    pub product_id: GroupId,
    pub code: String,
    pub name: String,
    pub description: Option<String>,
    pub category_id: Option<i64>,
    /// Nothing where the category was never given a name.
    pub category: Option<String>,
    pub provider_id: Option<i64>,
    pub provider: Option<String>,
    pub is_active: bool,
    /// Whether it is a group.
    pub is_group: bool,
    pub retailer_price: UnitPrice,
    pub wholesaler_price: UnitPrice,
    pub unit_cost: UnitPrice,
    /// The base list's second price.
    pub additional_price: Option<UnitPrice>,
}

/// What a list of products is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter {
    /// In name or code.
    pub text: Option<String>,
    /// Of this code.
    pub code: Option<String>,
    /// Of this category.
    pub category_id: Option<i64>,
    /// Of this supplier.
    pub provider_id: Option<i64>,
    /// In use or not.
    pub active: Option<bool>,
    /// Only those that have a price in the base list.
    pub priced: bool,
    /// Only groups.
    pub groups: bool,
}

/// The rows that products are: a text, because the two halves are narrowed in two ways.
macro_rules! products {
    ($groups:literal, $items:literal) => {
        concat!(
            "FROM ( \
             SELECT g.group_id AS id, g.code, g.name, g.description, g.category_id, g.provider_id, g.provider, \
                    g.is_active, g.search, 1 AS is_group, \
                    (SELECT MIN(v.item_id) FROM variants v WHERE v.tenant_id = g.tenant_id AND v.group_id = g.group_id) AS first_item \
             FROM product_groups g WHERE g.tenant_id = $1 ",
            $groups,
            "UNION ALL \
             SELECT i.item_id, i.sku, i.name, i.description, i.category_id, CAST(NULL AS BIGINT), CAST(NULL AS TEXT), \
                    i.is_active, i.search, 0, i.item_id \
             FROM items i WHERE i.tenant_id = $1 ",
            $items,
            "AND NOT EXISTS (SELECT 1 FROM variants v WHERE v.tenant_id = i.tenant_id AND v.item_id = i.item_id)) p \
             LEFT JOIN item_prices r ON r.tenant_id = $1 AND r.item_id = p.first_item "
        )
    };
}

/// Groups, and items in no group. A group's prices are those of its first item.
const PRODUCTS: &str = products!("", "");

/// The same, narrowed to one number in both halves: so neither is read from end to end.
const ONE_PRODUCT: &str = products!("AND g.group_id = $2 ", "AND i.item_id = $2 ");

const PRODUCT: &str = "SELECT p.id, p.code, p.name, p.description, p.category_id, c.name, p.provider_id, p.provider, \
    p.is_active, CAST(p.is_group AS BIGINT), COALESCE(r.price_1, 0), COALESCE(r.price_3, 0), \
    COALESCE((SELECT s.average_cost FROM stock s WHERE s.tenant_id = $1 AND s.item_id = p.first_item \
              ORDER BY s.position DESC LIMIT 1), 0), a.price ";

const PRODUCT_JOINS: &str = "LEFT JOIN categories c ON c.tenant_id = $1 AND c.category_id = p.category_id \
    LEFT JOIN additional_prices a ON a.tenant_id = $1 AND a.list_id = 1 AND a.product_id = p.id ";

const PRODUCT_NARROWED: &str = "WHERE (CAST($2 AS TEXT) IS NULL OR p.search LIKE $2 ESCAPE '\\') \
    AND (CAST($3 AS TEXT) IS NULL OR UPPER(p.code) = UPPER($3)) \
    AND (CAST($4 AS BIGINT) IS NULL OR p.category_id = $4) \
    AND (CAST($5 AS BIGINT) IS NULL OR p.provider_id = $5) \
    AND (CAST($6 AS BIGINT) IS NULL OR p.is_active = $6) \
    AND (CAST($7 AS BIGINT) = 0 OR r.price_1 > 0) \
    AND (CAST($8 AS BIGINT) = 0 OR p.is_group = 1) ";

fn product_params(tenant: TenantId, filter: &ProductFilter) -> Vec<Value> {
    params![
        tenant.0,
        filter.text.as_deref().map(search::pattern),
        filter.code.as_deref().map(search::exact),
        filter.category_id,
        filter.provider_id,
        filter.active.map(i64::from),
        i64::from(filter.priced),
        i64::from(filter.groups),
    ]
}

fn product(row: &Row) -> Result<ProductRow, StoreError> {
    Ok(ProductRow {
        product_id: GroupId(row.int(0)?),
        code: row.text(1)?,
        name: row.text(2)?,
        description: row.opt_text(3)?,
        category_id: row.opt_int(4)?,
        category: row.opt_text(5)?,
        provider_id: row.opt_int(6)?,
        provider: row.opt_text(7)?,
        is_active: row.int(8)? != 0,
        is_group: row.int(9)? != 0,
        retailer_price: UnitPrice(row.int(10)?),
        wholesaler_price: UnitPrice(row.int(11)?),
        unit_cost: UnitPrice(row.int(12)?),
        additional_price: row.opt_int(13)?.map(UnitPrice),
    })
}

/// A page of products, by id.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &ProductFilter,
    page: Page,
) -> Result<Paged<ProductRow>, StoreError> {
    let list = List {
        select: &format!("{PRODUCT}{PRODUCTS}{PRODUCT_JOINS}"),
        counted: PRODUCTS,
        conditions: PRODUCT_NARROWED,
        params: product_params(tenant, filter),
        keys: &["p.id"],
        order: Order::Ascending,
    };
    list.page(db, page, product, |row| [row.product_id.0, 0]).await
}

/// One product.
pub async fn find(db: &Database, tenant: TenantId, id: GroupId) -> Result<Option<ProductRow>, StoreError> {
    let sql = format!("{PRODUCT}{ONE_PRODUCT}{PRODUCT_JOINS}");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(product).transpose()
}

/// A variant of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of ItemGrouped and ItemDetails")]
pub struct VariantRow {
    pub product_id: GroupId,
    pub item_id: ItemId,
    pub size_id: i64,
    pub size: String,
    pub barcode: String,
    pub sku: String,
}

/// `$from, $from+1, …`: places for so many parameters.
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// The variants of some products, by product and item.
pub async fn variants(
    db: &Database,
    tenant: TenantId,
    products: &[GroupId],
) -> Result<Vec<VariantRow>, StoreError> {
    let mut found = Vec::new();
    for some in products.chunks(IDS_AT_ONCE) {
        let among = places(2, some.len());
        let sql = format!(
            "SELECT v.group_id, v.item_id, v.size_id, v.size, i.barcode, i.sku FROM variants v \
             JOIN items i ON i.tenant_id = v.tenant_id AND i.item_id = v.item_id \
             WHERE v.tenant_id = $1 AND v.group_id IN ({among}) \
             UNION ALL \
             SELECT i.item_id, i.item_id, 0, '{one}', i.barcode, i.sku FROM items i \
             WHERE i.tenant_id = $1 AND i.item_id IN ({among}) AND NOT EXISTS \
               (SELECT 1 FROM variants v WHERE v.tenant_id = i.tenant_id AND v.item_id = i.item_id)",
            one = ONE_SIZE.1
        );
        let mut params = params![tenant.0];
        params.extend(some.iter().map(|id| Value::from(id.0)));
        for row in db.query(&sql, params).await? {
            found.push(VariantRow {
                product_id: GroupId(row.int(0)?),
                item_id: ItemId(row.int(1)?),
                size_id: row.int(2)?,
                size: row.text(3)?,
                barcode: row.text(4)?,
                sku: row.text(5)?,
            });
        }
    }
    found.sort_by_key(|variant| (variant.product_id, variant.item_id));
    Ok(found)
}

/// Stock of one size in one store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct StockRow {
    pub product_id: GroupId,
    pub product_code: String,
    pub product_name: String,
    pub item_id: ItemId,
    pub size_id: i64,
    pub size: String,
    pub barcode: String,
    pub sku: String,
    pub store_id: BranchId,
    pub store_name: String,
    pub on_hand: Quantity,
    pub reserved: Quantity,
    pub in_transit: Quantity,
}

impl StockRow {
    /// What may still be promised: on hand less reserved.
    #[must_use]
    pub fn available(&self) -> Quantity {
        self.on_hand - self.reserved
    }
}

/// What a list of stock is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct StockFilter {
    /// Of this product.
    pub product_id: Option<GroupId>,
    /// Of this size.
    pub size_id: Option<i64>,
    /// In this store.
    pub store_id: Option<BranchId>,
    /// Of the product with this code.
    pub code: Option<String>,
    /// In the product's name or code.
    pub text: Option<String>,
}

/// Stores where an item ever lay, or where some of it is promised or on its way.
const STOCK_FROM: &str = "FROM ( \
    SELECT s.item_id, s.branch_id FROM stock s WHERE s.tenant_id = $1 \
    UNION SELECT h.item_id, h.branch_id FROM stock_held h WHERE h.tenant_id = $1) r \
    JOIN items i ON i.tenant_id = $1 AND i.item_id = r.item_id AND i.kind = 'stocked' \
    JOIN branches b ON b.tenant_id = $1 AND b.branch_id = r.branch_id \
    LEFT JOIN variants v ON v.tenant_id = $1 AND v.item_id = r.item_id \
    LEFT JOIN product_groups g ON g.tenant_id = $1 AND g.group_id = v.group_id ";

const STOCK_NARROWED: &str = "WHERE (CAST($2 AS BIGINT) IS NULL OR COALESCE(g.group_id, i.item_id) = $2) \
    AND (CAST($3 AS BIGINT) IS NULL OR COALESCE(v.size_id, 0) = $3) \
    AND (CAST($4 AS BIGINT) IS NULL OR r.branch_id = $4) \
    AND (CAST($5 AS TEXT) IS NULL OR UPPER(COALESCE(g.code, i.sku)) = UPPER($5)) \
    AND (CAST($6 AS TEXT) IS NULL OR COALESCE(g.search, i.search) LIKE $6 ESCAPE '\\') ";

/// A page of stock by size and store, by item and store.
pub async fn stock(
    db: &Database,
    tenant: TenantId,
    filter: &StockFilter,
    page: Page,
) -> Result<Paged<StockRow>, StoreError> {
    let select = format!(
        "SELECT COALESCE(g.group_id, i.item_id), COALESCE(g.code, i.sku), COALESCE(g.name, i.name), r.item_id, \
         COALESCE(v.size_id, 0), COALESCE(v.size, '{one}'), i.barcode, i.sku, r.branch_id, b.name, \
         COALESCE(s.on_hand, 0), COALESCE(h.reserved, 0), COALESCE(h.in_transit, 0) {STOCK_FROM} \
         LEFT JOIN stock s ON s.tenant_id = $1 AND s.item_id = r.item_id AND s.branch_id = r.branch_id \
         LEFT JOIN stock_held h ON h.tenant_id = $1 AND h.item_id = r.item_id AND h.branch_id = r.branch_id ",
        one = ONE_SIZE.1
    );
    let list = List {
        select: &select,
        counted: STOCK_FROM,
        conditions: STOCK_NARROWED,
        params: params![
            tenant.0,
            filter.product_id.map(|id| id.0),
            filter.size_id,
            filter.store_id.map(|id| id.0),
            filter.code.as_deref().map(search::exact),
            filter.text.as_deref().map(search::pattern),
        ],
        keys: &["r.item_id", "r.branch_id"],
        order: Order::Ascending,
    };
    list.page(db, page, stock_row, |row| [row.item_id.0, row.store_id.0]).await
}

fn stock_row(row: &Row) -> Result<StockRow, StoreError> {
    Ok(StockRow {
        product_id: GroupId(row.int(0)?),
        product_code: row.text(1)?,
        product_name: row.text(2)?,
        item_id: ItemId(row.int(3)?),
        size_id: row.int(4)?,
        size: row.text(5)?,
        barcode: row.text(6)?,
        sku: row.text(7)?,
        store_id: BranchId(row.int(8)?),
        store_name: row.text(9)?,
        on_hand: Quantity(row.int(10)?),
        reserved: Quantity(row.int(11)?),
        in_transit: Quantity(row.int(12)?),
    })
}

/// Stock of an item in one store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct StoreStock {
    pub item_id: ItemId,
    pub store_id: BranchId,
    pub store_name: String,
    pub on_hand: Quantity,
    pub reserved: Quantity,
    pub in_transit: Quantity,
}

impl StoreStock {
    /// What may still be promised: on hand less reserved.
    #[must_use]
    pub fn available(&self) -> Quantity {
        self.on_hand - self.reserved
    }
}

/// The stock of some items in every store where they ever lay, by item and store.
pub async fn by_store(
    db: &Database,
    tenant: TenantId,
    items: &[ItemId],
) -> Result<Vec<StoreStock>, StoreError> {
    let mut found = Vec::new();
    for some in items.chunks(IDS_AT_ONCE) {
        let among = places(2, some.len());
        let sql = format!(
            "SELECT r.item_id, r.branch_id, b.name, COALESCE(s.on_hand, 0), COALESCE(h.reserved, 0), \
             COALESCE(h.in_transit, 0) FROM ( \
               SELECT s.item_id, s.branch_id FROM stock s WHERE s.tenant_id = $1 AND s.item_id IN ({among}) \
               UNION SELECT h.item_id, h.branch_id FROM stock_held h WHERE h.tenant_id = $1 AND h.item_id IN ({among})) r \
             JOIN items i ON i.tenant_id = $1 AND i.item_id = r.item_id AND i.kind = 'stocked' \
             JOIN branches b ON b.tenant_id = $1 AND b.branch_id = r.branch_id \
             LEFT JOIN stock s ON s.tenant_id = $1 AND s.item_id = r.item_id AND s.branch_id = r.branch_id \
             LEFT JOIN stock_held h ON h.tenant_id = $1 AND h.item_id = r.item_id AND h.branch_id = r.branch_id \
             ORDER BY r.item_id, r.branch_id"
        );
        let mut params = params![tenant.0];
        params.extend(some.iter().map(|id| Value::from(id.0)));
        for row in db.query(&sql, params).await? {
            found.push(StoreStock {
                item_id: ItemId(row.int(0)?),
                store_id: BranchId(row.int(1)?),
                store_name: row.text(2)?,
                on_hand: Quantity(row.int(3)?),
                reserved: Quantity(row.int(4)?),
                in_transit: Quantity(row.int(5)?),
            });
        }
    }
    Ok(found)
}

/// A price list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of PriceListUpdated")]
pub struct PriceListRow {
    pub list_id: PriceListId,
    pub descripcion: String,
    pub is_base: bool,
    pub variacion: Option<Rate>,
    pub is_active: bool,
}

/// Every price list, by id; the base list is there from the beginning.
pub async fn price_lists(db: &Database, tenant: TenantId) -> Result<Vec<PriceListRow>, StoreError> {
    let sql = "SELECT list_id, descripcion, is_base, variacion, is_active FROM price_lists \
               WHERE tenant_id = $1 ORDER BY list_id";
    let mut lists = db
        .query(sql, params![tenant.0])
        .await?
        .iter()
        .map(|row| {
            Ok(PriceListRow {
                list_id: PriceListId(row.int(0)?),
                descripcion: row.text(1)?,
                is_base: row.int(2)? != 0,
                variacion: row.opt_int(3)?.map(Rate),
                is_active: row.int(4)? != 0,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    if lists.first().is_none_or(|list| list.list_id != BASE) {
        let base = PriceListRow {
            list_id: BASE,
            descripcion: BASE_NAME.to_owned(),
            is_base: true,
            variacion: None,
            is_active: true,
        };
        lists.insert(0, base);
    }
    Ok(lists)
}
