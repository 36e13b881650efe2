//! The shop's goods as a company sees them that may order: its own prices, its favourites, what changed since.

use diario_domain::{CustomerId, ItemId, Quantity, Rate, TenantId, UnitPrice};
use diario_store::{Database, Row, StoreError, Value, params};

use crate::{
    Page, Paged,
    page::{List, Order},
};

/// What stands for the product that an item is a variant of: its group; an item in none is its own. The three
/// queries of masters are made of these.
const MASTER_ID: &str = "COALESCE(v.group_id, i.item_id)";
const MASTER_NAME: &str = "COALESCE(g.name, i.name)";
const MASTER_JOIN: &str = "LEFT JOIN variants v ON v.tenant_id = i.tenant_id AND v.item_id = i.item_id \
    LEFT JOIN product_groups g ON g.tenant_id = i.tenant_id AND g.group_id = v.group_id ";

/// An item as a company sees it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
#[expect(clippy::struct_excessive_bools, reason = "each is a field of the answer")]
pub struct ProductRow {
    pub item_id: ItemId,
    pub name: String,
    pub brand: Option<String>,
    pub unit: String,
    pub image_url: Option<String>,
    pub catalog_part_id: Option<i64>,
    pub min_stock: Quantity,
    pub max_stock: Option<Quantity>,
    /// The price of who has no better one.
    pub list_price: UnitPrice,
    /// The company's price before the discount.
    pub price: UnitPrice,
    pub discount_pct: Rate,
    pub has_company_price: bool,
    pub tax_rate: Rate,
    /// The leaf; nothing where the item is in none.
    pub category_id: Option<i64>,
    pub category_name: Option<String>,
    /// What the leaf is a part of.
    pub parent_id: Option<i64>,
    pub parent_name: Option<String>,
    pub master_id: i64,
    pub master_name: String,
    pub is_favourite: bool,
    pub fractional: bool,
    pub fast_shipping: bool,
}

/// What a list of products is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ProductFilter {
    /// The company's favourites only.
    pub favourites: bool,
    /// These only.
    pub items: Option<Vec<i64>>,
    /// Of this product.
    pub master: Option<i64>,
    /// Of this category.
    pub category: Option<i64>,
    /// Changed at this time or later, in microseconds.
    pub changed_from: Option<i64>,
    /// Changed before.
    pub changed_before: Option<i64>,
}

fn select() -> String {
    let tier =
        "CASE c.price_tier WHEN 'taller' THEN p.price_2 WHEN 'mayoreo' THEN p.price_3 ELSE p.price_1 END";
    format!(
        "SELECT i.item_id, i.name, i.brand, i.unit, i.image_url, i.catalog_part_id, i.min_stock, i.max_stock, \
         p.price_1, COALESCE(own.price, CASE WHEN {tier} = 0 THEN p.price_1 ELSE {tier} END), \
         CASE WHEN own.price IS NULL THEN 0 ELSE own.discount_pct END, \
         CASE WHEN own.price IS NULL THEN 0 ELSE 1 END, p.tax_rate, \
         i.category_id, leaf.name, leaf.parent_id, root.name, {MASTER_ID}, {MASTER_NAME}, \
         COALESCE(f.is_favourite, 0), COALESCE(o.fractional, 0), COALESCE(o.fast_shipping, 0) {FROM} \
         JOIN item_prices p ON p.tenant_id = i.tenant_id AND p.item_id = i.item_id \
         JOIN customers c ON c.tenant_id = i.tenant_id AND c.customer_id = $2 \
         LEFT JOIN company_prices own ON own.tenant_id = i.tenant_id AND own.customer_id = $2 \
           AND own.item_id = i.item_id \
         LEFT JOIN categories leaf ON leaf.tenant_id = i.tenant_id AND leaf.category_id = i.category_id \
         LEFT JOIN categories root ON root.tenant_id = i.tenant_id AND root.category_id = leaf.parent_id \
         LEFT JOIN item_ordering o ON o.tenant_id = i.tenant_id AND o.item_id = i.item_id {MASTER_JOIN}"
    )
}

const FROM: &str = "FROM items i \
    JOIN item_changes u ON u.tenant_id = i.tenant_id AND u.item_id = i.item_id \
    LEFT JOIN favourites f ON f.tenant_id = i.tenant_id AND f.customer_id = $2 AND f.item_id = i.item_id";

fn product(row: &Row) -> Result<ProductRow, StoreError> {
    Ok(ProductRow {
        item_id: ItemId(row.int(0)?),
        name: row.text(1)?,
        brand: row.opt_text(2)?,
        unit: row.text(3)?,
        image_url: row.opt_text(4)?,
        catalog_part_id: row.opt_int(5)?,
        min_stock: Quantity(row.int(6)?),
        max_stock: row.opt_int(7)?.map(Quantity),
        list_price: UnitPrice(row.int(8)?),
        price: UnitPrice(row.int(9)?),
        discount_pct: Rate(row.int(10)?),
        has_company_price: row.int(11)? != 0,
        tax_rate: Rate(row.int(12)?),
        category_id: row.opt_int(13)?,
        category_name: row.opt_text(14)?,
        parent_id: row.opt_int(15)?,
        parent_name: row.opt_text(16)?,
        master_id: row.int(17)?,
        master_name: row.text(18)?,
        is_favourite: row.int(19)? != 0,
        fractional: row.int(20)? != 0,
        fast_shipping: row.int(21)? != 0,
    })
}

/// A page of what a company may order, by id.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    customer: CustomerId,
    filter: &ProductFilter,
    page: Page,
) -> Result<Paged<ProductRow>, StoreError> {
    let mut conditions = format!(
        "WHERE i.tenant_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL AND i.is_active = 1 \
         AND (CAST($3 AS BIGINT) = 0 OR f.is_favourite = 1) \
         AND (CAST($4 AS BIGINT) IS NULL OR {MASTER_ID} = $4) \
         AND (CAST($5 AS BIGINT) IS NULL OR i.category_id = $5) \
         AND (CAST($6 AS BIGINT) IS NULL OR u.updated_at >= $6) \
         AND (CAST($7 AS BIGINT) IS NULL OR u.updated_at < $7)"
    );
    let mut params: Vec<Value> = params![
        tenant.0,
        customer.0,
        i64::from(filter.favourites),
        filter.master,
        filter.category,
        filter.changed_from,
        filter.changed_before,
    ];
    if let Some(items) = &filter.items {
        let mut places = Vec::with_capacity(items.len());
        for item in items {
            params.push((*item).into());
            places.push(format!("${}", params.len()));
        }
        // A list of none is nothing.
        let places = if places.is_empty() { "NULL".to_owned() } else { places.join(", ") };
        conditions = format!("{conditions} AND i.item_id IN ({places})");
    }
    let list = List {
        select: &select(),
        counted: &format!("{FROM} {MASTER_JOIN}"),
        conditions: &conditions,
        params,
        keys: &["i.item_id"],
        order: Order::Ascending,
    };
    list.page(db, page, product, |row| [row.item_id.0, 0]).await
}

/// A category or a product: its id, its name where it was given one, and how many items that may be ordered are in it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the three are said above")]
pub struct Counted {
    pub id: i64,
    pub name: Option<String>,
    pub products: i64,
}

fn counted(row: &Row) -> Result<Counted, StoreError> {
    Ok(Counted { id: row.int(0)?, name: row.opt_text(1)?, products: row.int(2)? })
}

/// The categories that items are in, and those that no other is a part of, by id.
pub async fn leaves(db: &Database, tenant: TenantId) -> Result<Vec<Counted>, StoreError> {
    let sql = "SELECT n.category_id, c.name, CAST(SUM(n.items) AS BIGINT) FROM ( \
                 SELECT category_id, COUNT(*) AS items FROM items \
                 WHERE tenant_id = $1 AND category_id IS NOT NULL AND is_active = 1 GROUP BY category_id \
                 UNION ALL SELECT category_id, 0 FROM categories WHERE tenant_id = $1) n \
               LEFT JOIN categories c ON c.tenant_id = $1 AND c.category_id = n.category_id \
               GROUP BY n.category_id, c.name \
               HAVING SUM(n.items) > 0 OR NOT EXISTS (SELECT 1 FROM categories part \
                 WHERE part.tenant_id = $1 AND part.parent_id = n.category_id) \
               ORDER BY n.category_id";
    db.query(sql, params![tenant.0]).await?.iter().map(counted).collect()
}

/// The products of a category, or all, by id.
pub async fn masters(
    db: &Database,
    tenant: TenantId,
    category: Option<i64>,
) -> Result<Vec<Counted>, StoreError> {
    let sql = format!(
        "SELECT {MASTER_ID}, MIN({MASTER_NAME}), COUNT(*) FROM items i {MASTER_JOIN} \
         WHERE i.tenant_id = $1 AND i.is_active = 1 AND (CAST($2 AS BIGINT) IS NULL OR i.category_id = $2) \
         GROUP BY {MASTER_ID} ORDER BY {MASTER_ID}"
    );
    db.query(&sql, params![tenant.0, category]).await?.iter().map(counted).collect()
}

/// Whether the shop has a category, by name or by an item in it.
pub async fn knows_category(db: &Database, tenant: TenantId, id: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM categories WHERE tenant_id = $1 AND category_id = $2) \
               OR EXISTS (SELECT 1 FROM items WHERE tenant_id = $1 AND category_id = $2)";
    Ok(!db.query(sql, params![tenant.0, id]).await?.is_empty())
}

/// Whether the shop has a product, be its items on sale or not.
pub async fn knows_master(db: &Database, tenant: TenantId, id: i64) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM items i {MASTER_JOIN} WHERE i.tenant_id = $1 AND {MASTER_ID} = $2)"
    );
    Ok(!db.query(&sql, params![tenant.0, id]).await?.is_empty())
}
