//! Stock by item and branch, its cost and value, and every movement.

use diario_domain::{
    BranchId, Cents, EmployeeId, Event, ItemId, Quantity, TenantId, UnitPrice,
    event::Recorded,
    inventory::{Moved, movement_id},
};
use diario_store::{Database, StoreError, log::recorded, models::Batch, params, table};
use jiff::Timestamp;

use crate::{Failure, Projection};

table! {
    /// What lies in a branch, what it is worth, and the item's average cost when the row was written last.
    STOCK = upsert stock(item_id, branch_id) {
        int on_hand add, int reserved add, int stock_value add, int average_cost, int last_movement max
    }
}

table! {
    /// Every movement, in order; `previous` chains those of one item.
    STOCK_MOVEMENTS = insert stock_movements(movement_id) {
        int item_id, int branch_id, int previous, int quantity, int on_hand, int value, int average_cost
    }
}

/// See the module.
pub const PROJECTION: Projection = Projection { name: "stock", tables: &[&STOCK, &STOCK_MOVEMENTS], apply };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    let at = recorded.position;
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::ItemCreated(event) => {
            set_cost(batch, event.item_id, event.details.branch_id, event.cost);
            if let Some(opening) = &event.opening {
                put(batch, at, 0, event.item_id, event.details.branch_id, opening.quantity, &opening.moved);
            }
        }
        Event::ItemUpdated(event) => {
            if let Some(cost) = event.cost {
                set_cost(batch, event.item_id, event.details.branch_id, cost);
            }
        }
        Event::PurchaseRecorded(event) => {
            for (number, line) in event.lines.iter().enumerate() {
                put(batch, at, number, line.item_id, event.branch_id, line.quantity, &line.moved);
            }
        }
        Event::StockAdjusted(event) => {
            for (number, line) in event.lines.iter().enumerate() {
                put(batch, at, number, line.item_id, event.branch_id, line.quantity, &line.moved);
            }
        }
        Event::SaleCompleted(event) => {
            for (number, line) in event.lines.iter().enumerate() {
                if let Some(moved) = &line.moved {
                    put(batch, at, number, line.item_id, event.branch_id, -line.quantity, moved);
                }
            }
        }
        Event::SaleCancelled(event) => {
            for (number, line) in event.lines.iter().enumerate() {
                if let Some(moved) = &line.moved {
                    put(batch, at, number, line.item_id, event.branch_id, line.quantity, moved);
                }
            }
        }
        Event::GoodsReturned(event) => {
            for (number, line) in event.lines.iter().enumerate() {
                if let Some(moved) = &line.moved {
                    put(batch, at, number, line.item_id, event.branch_id, line.quantity, moved);
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// A cost that was named while nothing lay there.
fn set_cost(batch: &mut Batch, item: ItemId, branch: BranchId, cost: UnitPrice) {
    batch.put(&STOCK, &[item.0, branch.0], params![0, 0, 0, cost.0, 0]);
}

fn put(
    batch: &mut Batch,
    position: i64,
    line: usize,
    item: ItemId,
    branch: BranchId,
    quantity: Quantity,
    moved: &Moved,
) {
    let id = movement_id(position, line);
    let row = params![quantity.0, 0, moved.value.0, moved.average_cost.0, id];
    batch.put(&STOCK, &[item.0, branch.0], row);
    let row = params![
        item.0,
        branch.0,
        moved.previous,
        quantity.0,
        moved.on_hand.0,
        moved.value.0,
        moved.average_cost.0,
    ];
    batch.put(&STOCK_MOVEMENTS, &[id], row);
}

/// An item's stock in one branch.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct BranchStock {
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub on_hand: Quantity,
    pub reserved: Quantity,
}

/// An item's stock, branch by branch.
pub async fn by_branch(
    db: &Database,
    tenant: TenantId,
    item: ItemId,
) -> Result<Vec<BranchStock>, StoreError> {
    let sql = "SELECT s.branch_id, b.name, s.on_hand, s.reserved FROM stock s \
               LEFT JOIN branches b ON b.tenant_id = s.tenant_id AND b.branch_id = s.branch_id \
               WHERE s.tenant_id = $1 AND s.item_id = $2 ORDER BY s.branch_id";
    let rows = db.query(sql, params![tenant.0, item.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(BranchStock {
                branch_id: BranchId(row.int(0)?),
                branch_name: row.opt_text(1)?,
                on_hand: Quantity(row.int(2)?),
                reserved: Quantity(row.int(3)?),
            })
        })
        .collect()
}

/// A movement with what its event says of it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct Movement {
    pub movement_id: i64,
    pub branch_id: BranchId,
    pub quantity: Quantity,
    /// On hand in the branch afterwards.
    pub on_hand: Quantity,
    pub value: Cents,
    pub average_cost: UnitPrice,
    pub kind: &'static str,
    pub reference: String,
    pub notes: Option<String>,
    pub employee_id: Option<EmployeeId>,
    pub occurred_at: Timestamp,
}

/// An item's newest movements, newest first: the chain is followed from its head.
pub async fn history(
    db: &Database,
    tenant: TenantId,
    item: ItemId,
    limit: i64,
) -> Result<Vec<Movement>, StoreError> {
    let sql = "WITH RECURSIVE chain (depth, movement_id) AS ( \
                 SELECT CAST(1 AS BIGINT), MAX(last_movement) FROM stock WHERE tenant_id = $1 AND item_id = $2 HAVING MAX(last_movement) > 0 \
                 UNION ALL \
                 SELECT chain.depth + 1, m.previous FROM chain \
                 JOIN stock_movements m ON m.tenant_id = $1 AND m.movement_id = chain.movement_id \
                 WHERE m.previous > 0 AND chain.depth < $3) \
               SELECT e.position, e.stream, e.version, e.event_type, e.schema_version, CAST(e.payload AS TEXT), \
                 CAST(e.metadata AS TEXT), e.occurred_at, e.recorded_at, \
                 m.movement_id, m.branch_id, m.quantity, m.on_hand, m.value, m.average_cost \
               FROM chain \
               JOIN stock_movements m ON m.tenant_id = $1 AND m.movement_id = chain.movement_id \
               JOIN events e ON e.tenant_id = $1 AND e.position = m.position \
               ORDER BY chain.depth";
    let rows = db.query(sql, params![tenant.0, item.0, limit]).await?;
    rows.iter()
        .map(|row| {
            let event = recorded(tenant, row)?;
            let movement_id = row.int(9)?;
            let (kind, reference, notes) = document(&event.event, movement_id);
            Ok(Movement {
                movement_id,
                branch_id: BranchId(row.int(10)?),
                quantity: Quantity(row.int(11)?),
                on_hand: Quantity(row.int(12)?),
                value: Cents(row.int(13)?),
                average_cost: UnitPrice(row.int(14)?),
                kind,
                reference,
                notes,
                employee_id: event.metadata.actor,
                occurred_at: event.occurred_at,
            })
        })
        .collect()
}

/// The kind of a movement, its document's folio, and the words that go with it.
fn document(event: &Event, movement: i64) -> (&'static str, String, Option<String>) {
    match event {
        Event::SaleCompleted(sale) => ("sale", sale.folio.clone(), sale.notes.clone()),
        Event::SaleCancelled(sale) => ("cancellation", sale.folio.clone(), Some(sale.reason.clone())),
        Event::GoodsReturned(back) => ("return", back.folio.clone(), Some(back.reason.clone())),
        Event::PurchaseRecorded(purchase) => {
            let reference = purchase.invoice_number.clone();
            let own = format!("C-{:04}", purchase.purchase_id.0);
            ("purchase", reference.unwrap_or(own), purchase.notes.clone())
        }
        Event::StockAdjusted(adjusted) => {
            let line = usize::try_from(movement % 10_000).unwrap_or(usize::MAX);
            let reason = adjusted.lines.get(line).map(|line| line.reason.clone());
            ("adjustment", format!("AJ-{:04}", adjusted.adjustment_id.0), reason)
        }
        Event::ItemCreated(item) => ("initial", item.details.sku.clone(), None),
        Event::TenantCreated(_)
        | Event::BranchOpened(_)
        | Event::EmployeeHired(_)
        | Event::ItemUpdated(_)
        | Event::PriceChanged(_)
        | Event::RegisterOpened(_)
        | Event::CashMoved(_)
        | Event::RegisterCut(_)
        | Event::CustomerRegistered(_)
        | Event::PaymentReceived(_) => ("other", String::new(), None),
    }
}

/// The value of all stock: what account 115 must show.
pub async fn total_value(db: &Database, tenant: TenantId) -> Result<Cents, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(stock_value), 0) AS BIGINT) FROM stock WHERE tenant_id = $1";
    db.query(sql, params![tenant.0]).await?.first().map_or(Ok(Cents::ZERO), |row| row.int(0).map(Cents))
}
