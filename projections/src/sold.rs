//! What was sold, by item, employee and hour: the sums behind reports and the dashboard.

use std::collections::HashSet;

use diario_domain::{
    BranchId, Cents, EmployeeId, Event, ItemId, Quantity, TenantId, event::Recorded, item::ItemKind,
    time::day_number,
};
use diario_store::{Database, StoreError, models::Batch, params, table};
use jiff::civil::Date;

use crate::{Failure, Pace, Projection};

table! {
    /// By day, branch and item: units and revenue without tax, net of what came back; and the sales it was in.
    ITEM_SALES = upsert item_sales(day, branch_id, item_id) { int units add, int revenue add, int sales_count add }
}

table! {
    /// By day, hour, branch and employee, tax included; a cancelled sale leaves the hour it was sold in.
    EMPLOYEE_SALES = upsert employee_sales(day, hour, branch_id, employee_id) { int sales_count add, int total add }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "sold", tables: &[&ITEM_SALES, &EMPLOYEE_SALES], apply, pace: Pace::Deferred };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::SaleCompleted(sale) => {
            let mut counted = HashSet::new();
            for line in &sale.lines {
                let sales = i64::from(counted.insert(line.item_id));
                item(batch, sale.date, sale.branch_id, line.item_id, line.quantity, line.net, sales);
            }
            let key = [day_number(sale.date), i64::from(sale.hour), sale.branch_id.0, sale.employee_id.0];
            batch.put(&EMPLOYEE_SALES, &key, params![1, sale.total.0]);
        }
        Event::SaleCancelled(sale) => {
            let Some(sold) = sale.sold else { return Ok(()) };
            let mut counted = HashSet::new();
            for line in &sale.lines {
                let sales = -i64::from(counted.insert(line.item_id));
                item(batch, sold.date, sale.branch_id, line.item_id, -line.quantity, -line.net, sales);
            }
            let key = [day_number(sold.date), i64::from(sold.hour), sale.branch_id.0, sold.employee_id.0];
            batch.put(&EMPLOYEE_SALES, &key, params![-1, -sale.total.0]);
        }
        Event::GoodsReturned(back) => {
            for line in &back.lines {
                item(batch, back.date, back.branch_id, line.item_id, -line.quantity, -line.net, 0);
            }
        }
        _ => {}
    }
    Ok(())
}

fn item(
    batch: &mut Batch,
    date: Date,
    branch: BranchId,
    item: ItemId,
    units: Quantity,
    revenue: Cents,
    sales: i64,
) {
    batch.put(&ITEM_SALES, &[day_number(date), branch.0, item.0], params![units.0, revenue.0, sales]);
}

/// What of an item was sold in some days.
#[derive(Clone, Debug)]
pub struct SoldItem {
    /// The item.
    pub item_id: ItemId,
    /// The shop's code for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its brand.
    pub brand: Option<String>,
    /// Units, net of returns.
    pub units: Quantity,
    /// Revenue without tax, net of returns.
    pub revenue: Cents,
}

/// In which order sold items are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Most units first.
    Units,
    /// Most revenue first.
    Revenue,
}

/// What was sold from a day to another, by item.
pub async fn items(
    db: &Database,
    tenant: TenantId,
    days: (Date, Date),
    branch: Option<BranchId>,
    by: By,
    limit: i64,
) -> Result<Vec<SoldItem>, StoreError> {
    let order = match by {
        By::Units => "4 DESC, 5 DESC",
        By::Revenue => "5 DESC, 4 DESC",
    };
    let sql = format!(
        "SELECT i.item_id, i.sku, i.name, CAST(SUM(s.units) AS BIGINT), CAST(SUM(s.revenue) AS BIGINT), i.brand \
         FROM item_sales s JOIN items i ON i.tenant_id = s.tenant_id AND i.item_id = s.item_id \
         WHERE s.tenant_id = $1 AND s.day >= $2 AND s.day <= $3 AND (CAST($4 AS BIGINT) IS NULL OR s.branch_id = $4) \
         GROUP BY i.item_id, i.sku, i.name, i.brand ORDER BY {order}, 1 LIMIT $5"
    );
    let params = params![tenant.0, day_number(days.0), day_number(days.1), branch.map(|id| id.0), limit];
    let rows = db.query(&sql, params).await?;
    rows.iter()
        .map(|row| {
            Ok(SoldItem {
                item_id: ItemId(row.int(0)?),
                sku: row.text(1)?,
                name: row.text(2)?,
                units: Quantity(row.int(3)?),
                revenue: Cents(row.int(4)?),
                brand: row.opt_text(5)?,
            })
        })
        .collect()
}

/// The parts of which most units were sold from a day to another, each with its stock in all branches. A service is no
/// part.
pub async fn top_parts(
    db: &Database,
    tenant: TenantId,
    days: (Date, Date),
    limit: i64,
) -> Result<Vec<(SoldItem, Quantity)>, StoreError> {
    let sql = "SELECT i.item_id, i.sku, i.name, i.brand, t.units, t.revenue, COALESCE(k.on_hand, 0) FROM ( \
                 SELECT item_id, CAST(SUM(units) AS BIGINT) AS units, CAST(SUM(revenue) AS BIGINT) AS revenue \
                 FROM item_sales WHERE tenant_id = $1 AND day >= $2 AND day <= $3 \
                 GROUP BY item_id HAVING SUM(units) > 0) t \
               JOIN items i ON i.tenant_id = $1 AND i.item_id = t.item_id AND i.kind = $4 \
               LEFT JOIN ( \
                 SELECT item_id, CAST(SUM(on_hand) AS BIGINT) AS on_hand FROM stock WHERE tenant_id = $1 \
                 GROUP BY item_id) k ON k.item_id = t.item_id \
               ORDER BY t.units DESC, t.revenue DESC, i.item_id LIMIT $5";
    let params = params![tenant.0, day_number(days.0), day_number(days.1), ItemKind::Stocked.name(), limit];
    let rows = db.query(sql, params).await?;
    rows.iter()
        .map(|row| {
            let part = SoldItem {
                item_id: ItemId(row.int(0)?),
                sku: row.text(1)?,
                name: row.text(2)?,
                brand: row.opt_text(3)?,
                units: Quantity(row.int(4)?),
                revenue: Cents(row.int(5)?),
            };
            Ok((part, Quantity(row.int(6)?)))
        })
        .collect()
}

/// What a branch sold of a group of parts.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say what the fields are")]
pub struct Demand {
    pub branch_id: BranchId,
    pub branch_name: String,
    /// Nothing for parts of no group.
    pub group_id: Option<i64>,
    /// Nothing where the group was never given a name.
    pub group_name: Option<String>,
    /// Whether the group is one of the vehicle catalogue; else it is a category of the shop's own.
    pub in_catalog: bool,
    pub units: Quantity,
    /// Without tax.
    pub revenue: Cents,
    /// Sales, an item counting once for each that it was in.
    pub sales: i64,
}

/// What each branch sold of each group of parts from a day to another, by branch and most units first. The group is that
/// of the catalogue's part which the item is, else the item's category.
pub async fn demand(
    db: &Database,
    tenant: TenantId,
    days: (Date, Date),
    group: Option<i64>,
    branch: Option<BranchId>,
) -> Result<Vec<Demand>, StoreError> {
    let sql = "SELECT t.branch_id, b.name, t.group_id, t.group_name, t.in_catalog, CAST(SUM(t.units) AS BIGINT), \
                 CAST(SUM(t.revenue) AS BIGINT), CAST(SUM(t.sales_count) AS BIGINT) FROM ( \
                 SELECT s.branch_id, s.units, s.revenue, s.sales_count, \
                   COALESCE(g.group_id, i.category_id) AS group_id, \
                   CASE WHEN g.group_id IS NULL THEN c.name ELSE g.name END AS group_name, \
                   CAST(CASE WHEN g.group_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS in_catalog \
                 FROM item_sales s \
                 JOIN items i ON i.tenant_id = s.tenant_id AND i.item_id = s.item_id AND i.kind = $6 \
                 LEFT JOIN categories c ON c.tenant_id = i.tenant_id AND c.category_id = i.category_id \
                 LEFT JOIN catalog_parts p ON p.part_id = i.catalog_part_id \
                 LEFT JOIN catalog_groups g ON g.group_id = p.group_id \
                 WHERE s.tenant_id = $1 AND s.day >= $2 AND s.day <= $3) t \
               JOIN branches b ON b.tenant_id = $1 AND b.branch_id = t.branch_id \
               WHERE (CAST($4 AS BIGINT) IS NULL OR t.group_id = $4) \
                 AND (CAST($5 AS BIGINT) IS NULL OR t.branch_id = $5) \
               GROUP BY t.branch_id, b.name, t.group_id, t.group_name, t.in_catalog \
               HAVING SUM(t.units) <> 0 OR SUM(t.sales_count) <> 0 \
               ORDER BY t.branch_id, 6 DESC, 7 DESC, t.in_catalog DESC, COALESCE(t.group_id, 0)";
    let params = params![
        tenant.0,
        day_number(days.0),
        day_number(days.1),
        group,
        branch.map(|id| id.0),
        ItemKind::Stocked.name()
    ];
    let rows = db.query(sql, params).await?;
    rows.iter()
        .map(|row| {
            Ok(Demand {
                branch_id: BranchId(row.int(0)?),
                branch_name: row.text(1)?,
                group_id: row.opt_int(2)?,
                group_name: row.opt_text(3)?,
                in_catalog: row.int(4)? != 0,
                units: Quantity(row.int(5)?),
                revenue: Cents(row.int(6)?),
                sales: row.int(7)?,
            })
        })
        .collect()
}

/// Sales and their total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Sales less cancelled ones.
    pub sales: i64,
    /// Tax included.
    pub total: Cents,
}

/// What was sold from a day to another.
pub async fn total(db: &Database, tenant: TenantId, from: Date, to: Date) -> Result<Count, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(sales_count), 0) AS BIGINT), CAST(COALESCE(SUM(total), 0) AS BIGINT) \
               FROM employee_sales WHERE tenant_id = $1 AND day >= $2 AND day <= $3";
    let rows = db.query(sql, params![tenant.0, day_number(from), day_number(to)]).await?;
    let Some(row) = rows.first() else { return Ok(Count::default()) };
    Ok(Count { sales: row.int(0)?, total: Cents(row.int(1)?) })
}

/// What was sold in each hour of a day in which anything was.
pub async fn by_hour(db: &Database, tenant: TenantId, day: Date) -> Result<Vec<(i64, Count)>, StoreError> {
    let sql = "SELECT hour, CAST(SUM(sales_count) AS BIGINT), CAST(SUM(total) AS BIGINT) FROM employee_sales \
               WHERE tenant_id = $1 AND day = $2 GROUP BY hour ORDER BY hour";
    let rows = db.query(sql, params![tenant.0, day_number(day)]).await?;
    rows.iter()
        .map(|row| Ok((row.int(0)?, Count { sales: row.int(1)?, total: Cents(row.int(2)?) })))
        .collect()
}

/// What each employee who sold anything sold on a day, most first.
pub async fn by_employee(
    db: &Database,
    tenant: TenantId,
    day: Date,
) -> Result<Vec<(EmployeeId, Option<String>, Count)>, StoreError> {
    let sql = "SELECT s.employee_id, e.name, CAST(SUM(s.sales_count) AS BIGINT), CAST(SUM(s.total) AS BIGINT) \
               FROM employee_sales s \
               LEFT JOIN employees e ON e.tenant_id = s.tenant_id AND e.employee_id = s.employee_id \
               WHERE s.tenant_id = $1 AND s.day = $2 GROUP BY s.employee_id, e.name ORDER BY 4 DESC, 1";
    let rows = db.query(sql, params![tenant.0, day_number(day)]).await?;
    rows.iter()
        .map(|row| {
            let count = Count { sales: row.int(2)?, total: Cents(row.int(3)?) };
            Ok((EmployeeId(row.int(0)?), row.opt_text(1)?, count))
        })
        .collect()
}
