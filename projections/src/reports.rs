//! Reports on what lies in the branches: what it is worth, what sells, what does not move, what is missing.
//!
//! They read the tables of other read models and keep none of their own.

use diario_domain::{
    BranchId, Cents, ItemId, Quantity, Rate, TenantId, UnitPrice,
    inventory::MOVEMENTS_PER_EVENT,
    money::{extend, share},
    time::day_number,
};
use diario_store::{Database, StoreError, params};
use jiff::{Timestamp, civil::Date};

use crate::sales::instant;

/// An item's average cost: what its newest row says.
const AVERAGE_COST: &str = "COALESCE((SELECT c.average_cost FROM stock c \
    WHERE c.tenant_id = i.tenant_id AND c.item_id = i.item_id ORDER BY c.position DESC LIMIT 1), 0)";

/// Stock by item, in the branch `$2` or in all.
const BY_ITEM: &str = "(SELECT item_id, CAST(SUM(on_hand) AS BIGINT) AS on_hand, \
    CAST(SUM(stock_value) AS BIGINT) AS stock_value, MAX(last_movement) AS last_movement FROM stock \
    WHERE tenant_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR branch_id = $2) GROUP BY item_id)";

/// What an item's stock is worth.
#[derive(Clone, Debug)]
pub struct Worth {
    /// The item.
    pub item_id: ItemId,
    /// The shop's code for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// On hand.
    pub stock: Quantity,
    /// On its way between branches; not counted for a single branch.
    pub in_transit: Quantity,
    /// Average cost.
    pub cost: UnitPrice,
    /// Worth at cost.
    pub cost_value: Cents,
    /// Base price without tax.
    pub price: UnitPrice,
    /// Worth at that price.
    pub sale_value: Cents,
}

/// Every item that is worth anything, by id. Without a branch the worths at cost add up to the inventory account,
/// goods on their way included.
pub async fn valuation(
    db: &Database,
    tenant: TenantId,
    branch: Option<BranchId>,
) -> Result<Vec<Worth>, StoreError> {
    let sql = format!(
        "SELECT i.item_id, i.sku, i.name, s.on_hand, COALESCE(h.in_transit, 0), {AVERAGE_COST}, s.stock_value, \
         COALESCE(p.price_1, 0) FROM {BY_ITEM} s \
         JOIN items i ON i.tenant_id = $1 AND i.item_id = s.item_id \
         LEFT JOIN item_prices p ON p.tenant_id = i.tenant_id AND p.item_id = i.item_id \
         LEFT JOIN (SELECT item_id, CAST(SUM(in_transit) AS BIGINT) AS in_transit FROM stock_held \
         WHERE tenant_id = $1 AND CAST($2 AS BIGINT) IS NULL GROUP BY item_id) h ON h.item_id = i.item_id \
         WHERE s.on_hand <> 0 OR h.in_transit <> 0 OR (s.stock_value <> 0 AND CAST($2 AS BIGINT) IS NULL) \
         ORDER BY i.item_id"
    );
    let rows = db.query(&sql, params![tenant.0, branch.map(|id| id.0)]).await?;
    rows.iter()
        .map(|row| {
            let (stock, in_transit) = (Quantity(row.int(3)?), Quantity(row.int(4)?));
            let (cost, price) = (UnitPrice(row.int(5)?), UnitPrice(row.int(7)?));
            // Cost is the item's, not the branch's, so only the whole is in the books to the centavo.
            let booked = Cents(row.int(6)?);
            Ok(Worth {
                item_id: ItemId(row.int(0)?),
                sku: row.text(1)?,
                name: row.text(2)?,
                stock,
                in_transit,
                cost,
                cost_value: if branch.is_some() { extend(stock, cost) } else { booked },
                price,
                sale_value: extend(stock + in_transit, price),
            })
        })
        .collect()
}

/// How an item's stock stands to its bounds.
#[derive(Clone, Debug)]
pub struct Level {
    /// The item.
    pub item_id: ItemId,
    /// The shop's code for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The name of the branch that was asked for.
    pub branch_name: Option<String>,
    /// On hand.
    pub stock: Quantity,
    /// Should not fall below.
    pub min_stock: Quantity,
    /// Should not rise above.
    pub max_stock: Option<Quantity>,
}

/// Active goods of which there is nothing, too little or too much, by id: in a branch that has or had them, or in
/// all branches together.
pub async fn out_of_bounds(
    db: &Database,
    tenant: TenantId,
    branch: Option<BranchId>,
) -> Result<Vec<Level>, StoreError> {
    let sql = format!(
        "SELECT i.item_id, i.sku, i.name, b.name, COALESCE(s.on_hand, 0), i.min_stock, i.max_stock FROM items i \
         LEFT JOIN {BY_ITEM} s ON s.item_id = i.item_id \
         LEFT JOIN branches b ON b.tenant_id = i.tenant_id AND b.branch_id = $2 \
         WHERE i.tenant_id = $1 AND i.kind = 'stocked' AND i.is_active = 1 \
         AND (CAST($2 AS BIGINT) IS NULL OR i.branch_id = $2 OR COALESCE(s.last_movement, 0) > 0) \
         AND (COALESCE(s.on_hand, 0) <= 0 OR COALESCE(s.on_hand, 0) <= i.min_stock \
         OR COALESCE(s.on_hand, 0) > i.max_stock) ORDER BY i.item_id"
    );
    let rows = db.query(&sql, params![tenant.0, branch.map(|id| id.0)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Level {
                item_id: ItemId(row.int(0)?),
                sku: row.text(1)?,
                name: row.text(2)?,
                branch_name: row.opt_text(3)?,
                stock: Quantity(row.int(4)?),
                min_stock: Quantity(row.int(5)?),
                max_stock: row.opt_int(6)?.map(Quantity),
            })
        })
        .collect()
}

/// Goods that lie still.
#[derive(Clone, Debug)]
pub struct Still {
    /// The item.
    pub item_id: ItemId,
    /// The shop's code for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// On hand.
    pub stock: Quantity,
    /// Worth at average cost.
    pub cost_value: Cents,
    /// When it moved last.
    pub last_movement: Option<Timestamp>,
}

/// Active goods on hand that have not moved since an instant, longest first.
pub async fn unmoved_since(
    db: &Database,
    tenant: TenantId,
    branch: Option<BranchId>,
    since: Timestamp,
) -> Result<Vec<Still>, StoreError> {
    let sql = format!(
        "SELECT i.item_id, i.sku, i.name, s.on_hand, {AVERAGE_COST}, e.occurred_at FROM {BY_ITEM} s \
         JOIN items i ON i.tenant_id = $1 AND i.item_id = s.item_id \
         LEFT JOIN events e ON e.tenant_id = $1 AND e.position = s.last_movement / {MOVEMENTS_PER_EVENT} \
         WHERE i.kind = 'stocked' AND i.is_active = 1 AND s.on_hand > 0 \
         AND (e.occurred_at IS NULL OR e.occurred_at < $3) ORDER BY COALESCE(e.occurred_at, 0), i.item_id"
    );
    let params = params![tenant.0, branch.map(|id| id.0), since.as_microsecond()];
    let rows = db.query(&sql, params).await?;
    rows.iter()
        .map(|row| {
            let stock = Quantity(row.int(3)?);
            Ok(Still {
                item_id: ItemId(row.int(0)?),
                sku: row.text(1)?,
                name: row.text(2)?,
                stock,
                cost_value: extend(stock, UnitPrice(row.int(4)?)),
                last_movement: row.opt_int(5)?.map(|_| instant(row, 5)).transpose()?,
            })
        })
        .collect()
}

/// What an item brought in, and what part of the whole that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// The item.
    pub item_id: ItemId,
    /// The shop's code for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Units, net of returns.
    pub units: Quantity,
    /// Revenue without tax, net of returns.
    pub revenue: Cents,
    /// Its part of all revenue, to four decimals.
    pub share: Rate,
    /// The part of it and of all items before it, to four decimals.
    pub cumulative: Rate,
    /// `A`, `B` or `C`.
    pub class: &'static str,
}

/// Items that are active or were sold from a day to another, most revenue first, in classes: A are those that bring
/// in the first 80 % of revenue, B those up to 95 %, C the rest.
pub async fn abc(
    db: &Database,
    tenant: TenantId,
    branch: Option<BranchId>,
    days: (Date, Date),
) -> Result<Vec<Classified>, StoreError> {
    let sql = "SELECT i.item_id, i.sku, i.name, COALESCE(s.units, 0), COALESCE(s.revenue, 0) FROM items i \
               LEFT JOIN (SELECT item_id, CAST(SUM(units) AS BIGINT) AS units, CAST(SUM(revenue) AS BIGINT) AS revenue \
               FROM item_sales WHERE tenant_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR branch_id = $2) \
               AND day >= $3 AND day <= $4 GROUP BY item_id) s ON s.item_id = i.item_id \
               WHERE i.tenant_id = $1 AND (i.is_active = 1 OR s.item_id IS NOT NULL) ORDER BY 5 DESC, 1";
    let params = params![tenant.0, branch.map(|id| id.0), day_number(days.0), day_number(days.1)];
    let rows = db.query(sql, params).await?;
    let mut items = rows
        .iter()
        .map(|row| {
            Ok(Classified {
                item_id: ItemId(row.int(0)?),
                sku: row.text(1)?,
                name: row.text(2)?,
                units: Quantity(row.int(3)?),
                revenue: Cents(row.int(4)?),
                share: Rate::ZERO,
                cumulative: Rate::ZERO,
                class: "C",
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    classify(&mut items);
    Ok(items)
}

/// Ten thousandths, as a fraction of 1 with four decimals.
fn fraction(part: Cents, whole: Cents) -> Rate {
    Rate(share(Cents(10_000), part.0, whole.0).0 * 100)
}

/// Gives items that are in order of revenue their shares and classes: A to 80 % of revenue, B to 95 %, C the rest.
/// What brought in nothing, or of which more came back than was sold, has no share.
fn classify(items: &mut [Classified]) {
    let whole: Cents = items.iter().map(|item| item.revenue).filter(|revenue| revenue.is_positive()).sum();
    let mut upto = Cents::ZERO;
    for (place, item) in items.iter_mut().enumerate() {
        if item.revenue.is_positive() {
            upto += item.revenue;
            let within = |percent: i64| i128::from(upto.0) * 100 <= i128::from(whole.0) * i128::from(percent);
            // Whoever sells most is A, even alone.
            item.class = if place == 0 || within(80) {
                "A"
            } else if within(95) {
                "B"
            } else {
                "C"
            };
            item.share = fraction(item.revenue, whole);
        }
        item.cumulative = fraction(upto, whole);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_the_cumulative_share() {
        let mut items: Vec<_> = [70_000, 10_000, 10_000, 5_000, 5_000, 0, -300]
            .into_iter()
            .enumerate()
            .map(|(id, revenue)| Classified {
                item_id: ItemId(i64::try_from(id).unwrap()),
                sku: String::new(),
                name: String::new(),
                units: Quantity::ZERO,
                revenue: Cents(revenue),
                share: Rate::ZERO,
                cumulative: Rate::ZERO,
                class: "C",
            })
            .collect();
        classify(&mut items);
        let classes: Vec<_> = items.iter().map(|item| item.class).collect();
        assert_eq!(classes, ["A", "A", "B", "B", "C", "C", "C"]);
        let cumulative: Vec<_> = items.iter().map(|item| item.cumulative.0).collect();
        assert_eq!(cumulative, [700_000, 800_000, 900_000, 950_000, 1_000_000, 1_000_000, 1_000_000]);
        assert_eq!((items[0].share, items[6].share), (Rate(700_000), Rate::ZERO));
    }
}
