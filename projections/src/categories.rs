//! Categories of items, and the brands that items name.

use diario_domain::{Event, TenantId, event::Recorded};
use diario_store::{Database, StoreError, models::Batch, params, table};

use crate::{Failure, Pace, Projection, search};

table! {
    /// Categories that were given a name.
    CATEGORIES = upsert categories(category_id) { text name, int parent_id }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "categories", tables: &[&CATEGORIES], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    if let Event::CategoryCreated(event) = &recorded.event {
        let row = params![event.name.as_str(), event.parent_id.map(|id| id.0)];
        batch.put(&CATEGORIES, &[event.category_id.0], row);
    }
    Ok(())
}

/// A category with the number of items in it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct Category {
    pub category_id: i64,
    /// Nothing where items name a category that was never given a name.
    pub name: Option<String>,
    pub parent_id: Option<i64>,
    pub items: i64,
}

/// Every category that was created or that an item names, by id.
pub async fn list(db: &Database, tenant: TenantId) -> Result<Vec<Category>, StoreError> {
    let sql = "SELECT n.category_id, c.name, c.parent_id, CAST(SUM(n.items) AS BIGINT) FROM ( \
                 SELECT category_id, COUNT(*) AS items FROM items \
                 WHERE tenant_id = $1 AND category_id IS NOT NULL GROUP BY category_id \
                 UNION ALL SELECT category_id, 0 FROM categories WHERE tenant_id = $1) n \
               LEFT JOIN categories c ON c.tenant_id = $1 AND c.category_id = n.category_id \
               GROUP BY n.category_id, c.name, c.parent_id ORDER BY n.category_id";
    let rows = db.query(sql, params![tenant.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(Category {
                category_id: row.int(0)?,
                name: row.opt_text(1)?,
                parent_id: row.opt_int(2)?,
                items: row.int(3)?,
            })
        })
        .collect()
}

/// Every brand that items name, with the number of its items, as a dictionary orders them.
pub async fn brands(db: &Database, tenant: TenantId) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT brand, COUNT(*) FROM items WHERE tenant_id = $1 AND brand <> '' GROUP BY brand";
    let rows = db.query(sql, params![tenant.0]).await?;
    let mut found =
        rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<Vec<_>, StoreError>>()?;
    // The databases order text by rules of their own.
    found.sort_by_cached_key(|(name, _)| (search::fold(name), name.clone()));
    Ok(found)
}
