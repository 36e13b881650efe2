//! Stock by item and branch, its cost and value; its movements are the log's own.

use std::collections::HashMap;

use diario_domain::{
    BranchId, Cents, EmployeeId, Event, ItemId, Quantity, TenantId, UnitPrice,
    event::Recorded,
    inventory::{Moved, movement_id, place_of},
    sale::Origin,
};
use diario_store::{Database, Log, Row, StoreError, Value, models::Batch, params, table};
use jiff::Timestamp;

use crate::{
    Failure, Pace, Page, Paged, Projection, branches,
    page::{List, Order},
    search,
};

table! {
    /// What lies in a branch, what it is worth, and the item's average cost when the row was written last.
    STOCK = upsert stock(item_id, branch_id) {
        int on_hand add, int stock_value add, int average_cost, int last_movement max
    }
}

table! {
    /// What is promised to layaways and orders in a branch, and what is on its way to it.
    STOCK_HELD = upsert stock_held(item_id, branch_id) { int reserved add, int in_transit add }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "stock", tables: &[&STOCK, &STOCK_HELD], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::ItemCreated(event) => set_cost(batch, event.item_id, event.details.branch_id, event.cost),
        Event::ItemUpdated(event) => {
            if let Some(cost) = event.cost {
                set_cost(batch, event.item_id, event.details.branch_id, cost);
            }
        }
        Event::SaleCompleted(sale) if sale.origin.as_ref().is_some_and(Origin::was_reserved) => {
            for line in sale.lines.iter().filter(|line| line.moved.is_some()) {
                hold(batch, line.item_id, sale.branch_id, -line.quantity, Quantity::ZERO);
            }
        }
        Event::LayawayCreated(layaway) => {
            for line in layaway.lines.iter().filter(|line| line.reserves) {
                hold(batch, line.line.item_id, layaway.branch_id, line.line.quantity, Quantity::ZERO);
            }
        }
        Event::LayawayCancelled(layaway) => {
            for (item, quantity) in &layaway.released {
                hold(batch, *item, layaway.branch_id, -*quantity, Quantity::ZERO);
            }
        }
        Event::OrderPlaced(order) => {
            for (item, quantity) in order.reserved() {
                hold(batch, item, order.branch_id, quantity, Quantity::ZERO);
            }
        }
        Event::OrderCancelled(order) => {
            for (item, quantity) in &order.released {
                hold(batch, *item, order.branch_id, -*quantity, Quantity::ZERO);
            }
        }
        Event::StockTransferred(transfer) if transfer.in_transit => {
            for line in &transfer.lines {
                hold(batch, line.item_id, transfer.to, Quantity::ZERO, line.quantity);
                // What is on its way is worth what it was and belongs to the receiver.
                value(batch, line.item_id, transfer.to, line.value(), &line.sent);
            }
        }
        Event::TransferReceived(received) => {
            for line in &received.lines {
                hold(batch, line.item_id, received.branch_id, Quantity::ZERO, -line.sent);
                value(batch, line.item_id, received.branch_id, -line.sent_value, &line.moved);
            }
        }
        _ => {}
    }
    for (line, step) in steps(&recorded.event) {
        let moved = step.moved;
        let id = movement_id(recorded.position, line);
        let row = params![step.quantity.0, moved.value.0, moved.average_cost.0, id];
        batch.put(&STOCK, &[step.item_id.0, step.branch_id.0], row);
    }
    Ok(())
}

/// A movement as its event tells it.
struct Step<'a> {
    item_id: ItemId,
    branch_id: BranchId,
    /// Signed: into the branch or out of it.
    quantity: Quantity,
    moved: &'a Moved,
    /// The line's own words.
    notes: Option<&'a str>,
}

/// Every movement of an event with its line's number.
#[expect(clippy::match_same_arms, reason = "what moves nothing and what moves only money are two lists")]
fn steps(event: &Event) -> Vec<(usize, Step<'_>)> {
    fn numbered<'a>(steps: impl Iterator<Item = Option<Step<'a>>>) -> Vec<(usize, Step<'a>)> {
        steps.enumerate().filter_map(|(line, step)| step.map(|step| (line, step))).collect()
    }
    let step =
        |item_id, branch_id, quantity, moved, notes| Step { item_id, branch_id, quantity, moved, notes };
    match event {
        Event::ItemCreated(event) => numbered(event.opening.iter().map(|opening| {
            Some(step(event.item_id, event.details.branch_id, opening.quantity, &opening.moved, None))
        })),
        Event::PurchaseRecorded(event) => numbered(
            event
                .lines
                .iter()
                .map(|line| Some(step(line.item_id, event.branch_id, line.quantity, &line.moved, None))),
        ),
        Event::StockAdjusted(event) => numbered(event.lines.iter().map(|line| {
            Some(step(line.item_id, event.branch_id, line.quantity, &line.moved, Some(line.reason.as_str())))
        })),
        Event::SaleCompleted(event) => numbered(event.lines.iter().map(|line| {
            line.moved.as_ref().map(|moved| step(line.item_id, event.branch_id, -line.quantity, moved, None))
        })),
        Event::SaleCancelled(event) => numbered(event.lines.iter().map(|line| {
            line.moved.as_ref().map(|moved| step(line.item_id, event.branch_id, line.quantity, moved, None))
        })),
        Event::GoodsReturned(event) => numbered(event.lines.iter().map(|line| {
            line.moved.as_ref().map(|moved| step(line.item_id, event.branch_id, line.quantity, moved, None))
        })),
        Event::StockTransferred(event) => {
            let mut found = Vec::with_capacity(event.lines.len() * 2);
            for (number, line) in event.lines.iter().enumerate() {
                found.push((number * 2, step(line.item_id, event.from, -line.quantity, &line.sent, None)));
                if let Some(arrived) = &line.arrived {
                    found.push((number * 2 + 1, step(line.item_id, event.to, line.quantity, arrived, None)));
                }
            }
            found
        }
        Event::TransferReceived(event) => numbered(
            event
                .lines
                .iter()
                .map(|line| Some(step(line.item_id, event.branch_id, line.received, &line.moved, None))),
        ),
        Event::CountApproved(event) => numbered(
            event
                .lines
                .iter()
                .map(|line| Some(step(line.item_id, event.branch_id, line.quantity, &line.moved, None))),
        ),
        diario_domain::neither_posted_nor_moved!() => Vec::new(),
        Event::RegisterOpened(_)
        | Event::CashMoved(_)
        | Event::RegisterCut(_)
        | Event::PaymentReceived(_)
        | Event::LayawayCreated(_)
        | Event::DepositReceived(_)
        | Event::LayawayCancelled(_)
        | Event::EntryPosted(_)
        | Event::PeriodClosed(_)
        | Event::SupplierPaid(_)
        | Event::CardsSettled(_) => Vec::new(),
    }
}

/// Promises or dispatches.
fn hold(batch: &mut Batch, item: ItemId, branch: BranchId, reserved: Quantity, in_transit: Quantity) {
    batch.put(&STOCK_HELD, &[item.0, branch.0], params![reserved.0, in_transit.0]);
}

/// Value that comes to a branch or leaves it without goods that lie there.
fn value(batch: &mut Batch, item: ItemId, branch: BranchId, value: Cents, moved: &Moved) {
    batch.put(&STOCK, &[item.0, branch.0], params![0, value.0, moved.average_cost.0, 0]);
}

/// A cost that was named while nothing lay there.
fn set_cost(batch: &mut Batch, item: ItemId, branch: BranchId, cost: UnitPrice) {
    batch.put(&STOCK, &[item.0, branch.0], params![0, 0, cost.0, 0]);
}

/// An item's stock in one branch.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct BranchStock {
    pub branch_id: BranchId,
    pub branch_name: Option<String>,
    pub on_hand: Quantity,
    pub reserved: Quantity,
    pub in_transit: Quantity,
}

impl BranchStock {
    /// On hand less reserved.
    #[must_use]
    pub fn available(&self) -> Quantity {
        self.on_hand - self.reserved
    }
}

/// An item's stock, branch by branch.
pub async fn by_branch(
    db: &Database,
    tenant: TenantId,
    item: ItemId,
) -> Result<Vec<BranchStock>, StoreError> {
    let sql = "SELECT b.branch_id, b.name, COALESCE(s.on_hand, 0), COALESCE(h.reserved, 0), \
               COALESCE(h.in_transit, 0) FROM branches b \
               LEFT JOIN stock s ON s.tenant_id = b.tenant_id AND s.branch_id = b.branch_id AND s.item_id = $2 \
               LEFT JOIN stock_held h ON h.tenant_id = b.tenant_id AND h.branch_id = b.branch_id AND h.item_id = $2 \
               WHERE b.tenant_id = $1 AND (s.item_id IS NOT NULL OR h.item_id IS NOT NULL) ORDER BY b.branch_id";
    let rows = db.query(sql, params![tenant.0, item.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(BranchStock {
                branch_id: BranchId(row.int(0)?),
                branch_name: row.opt_text(1)?,
                on_hand: Quantity(row.int(2)?),
                reserved: Quantity(row.int(3)?),
                in_transit: Quantity(row.int(4)?),
            })
        })
        .collect()
}

/// A stocked item with its stock by branch.
#[derive(Clone, Debug)]
pub struct ItemStock {
    /// The item.
    pub item_id: ItemId,
    /// The shop's code for it.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its stock.
    pub branches: Vec<BranchStock>,
}

impl ItemStock {
    /// The sum over its branches.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&BranchStock) -> Quantity) -> Quantity {
        self.branches.iter().map(of).sum()
    }
}

/// What a list of stock is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct StockFilter {
    /// Only this item.
    pub item_id: Option<ItemId>,
    /// Only this branch, and the items that it has, had or awaits.
    pub branch_id: Option<BranchId>,
    /// In name, code or barcode.
    pub text: Option<String>,
}

/// A page of stocked items with their stock in the branches that have, had or await them, by id.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &StockFilter,
    page: Page,
) -> Result<Paged<ItemStock>, StoreError> {
    let list = List {
        select: "SELECT i.item_id, i.sku, i.name FROM items i",
        counted: "FROM items i",
        conditions: "WHERE i.tenant_id = $1 AND i.kind = 'stocked' \
            AND (CAST($2 AS BIGINT) IS NULL OR i.item_id = $2) \
            AND (CAST($3 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM stock s \
            WHERE s.tenant_id = i.tenant_id AND s.item_id = i.item_id AND s.branch_id = $3) \
            OR EXISTS (SELECT 1 FROM stock_held h \
            WHERE h.tenant_id = i.tenant_id AND h.item_id = i.item_id AND h.branch_id = $3)) \
            AND (CAST($4 AS TEXT) IS NULL OR i.search LIKE $4 ESCAPE '\\')",
        params: params![
            tenant.0,
            filter.item_id.map(|id| id.0),
            filter.branch_id.map(|id| id.0),
            filter.text.as_deref().map(search::pattern),
        ],
        keys: &["i.item_id"],
        order: Order::Ascending,
    };
    let mut found = list.page(db, page, item_stock, |row| [row.item_id.0, 0]).await?;
    let ids: Vec<_> = found.rows.iter().map(|row| row.item_id).collect();
    let mut branches = branches_of(db, tenant, filter.branch_id, Some(&ids)).await?;
    for row in &mut found.rows {
        row.branches = branches.remove(&row.item_id).unwrap_or_default();
    }
    Ok(found)
}

/// Stock side by side in every branch of the shop, of one item or of all active goods, by id.
pub async fn compare(
    db: &Database,
    tenant: TenantId,
    item: Option<ItemId>,
) -> Result<Vec<ItemStock>, StoreError> {
    let sql = "SELECT i.item_id, i.sku, i.name FROM items i WHERE i.tenant_id = $1 \
               AND (i.item_id = $2 OR (CAST($2 AS BIGINT) IS NULL AND i.kind = 'stocked' AND i.is_active = 1)) \
               ORDER BY i.item_id";
    let rows = db.query(sql, params![tenant.0, item.map(|id| id.0)]).await?;
    let mut found = rows.iter().map(item_stock).collect::<Result<Vec<_>, _>>()?;
    let all = branches::list(db, tenant).await?;
    let mut held = branches_of(db, tenant, None, item.as_ref().map(std::slice::from_ref)).await?;
    for row in &mut found {
        let held = held.remove(&row.item_id).unwrap_or_default();
        let of_branch = |branch: &branches::Branch| {
            held.iter().find(|held| held.branch_id == branch.branch_id).cloned().unwrap_or(BranchStock {
                branch_id: branch.branch_id,
                branch_name: Some(branch.name.clone()),
                on_hand: Quantity::ZERO,
                reserved: Quantity::ZERO,
                in_transit: Quantity::ZERO,
            })
        };
        row.branches = all.iter().map(of_branch).collect();
    }
    Ok(found)
}

fn item_stock(row: &Row) -> Result<ItemStock, StoreError> {
    Ok(ItemStock {
        item_id: ItemId(row.int(0)?),
        sku: row.text(1)?,
        name: row.text(2)?,
        branches: Vec::new(),
    })
}

/// Stock by item and branch: of one branch or all, of these items or all.
async fn branches_of(
    db: &Database,
    tenant: TenantId,
    branch: Option<BranchId>,
    items: Option<&[ItemId]>,
) -> Result<HashMap<ItemId, Vec<BranchStock>>, StoreError> {
    let mut params = params![tenant.0, branch.map(|id| id.0)];
    let mut narrowed = String::new();
    if let Some(items) = items {
        if items.is_empty() {
            return Ok(HashMap::new());
        }
        let places: Vec<_> = (3..items.len() + 3).map(|place| format!("${place}")).collect();
        narrowed = format!("AND item_id IN ({})", places.join(", "));
        params.extend(items.iter().map(|id| Value::from(id.0)));
    }
    let sql = format!(
        "SELECT n.item_id, n.branch_id, b.name, CAST(SUM(n.on_hand) AS BIGINT), CAST(SUM(n.reserved) AS BIGINT), \
         CAST(SUM(n.in_transit) AS BIGINT) FROM ( \
           SELECT item_id, branch_id, on_hand, 0 AS reserved, 0 AS in_transit FROM stock \
           WHERE tenant_id = $1 {narrowed} \
           UNION ALL SELECT item_id, branch_id, 0, reserved, in_transit FROM stock_held \
           WHERE tenant_id = $1 {narrowed}) n \
         LEFT JOIN branches b ON b.tenant_id = $1 AND b.branch_id = n.branch_id \
         WHERE CAST($2 AS BIGINT) IS NULL OR n.branch_id = $2 \
         GROUP BY n.item_id, n.branch_id, b.name ORDER BY n.item_id, n.branch_id"
    );
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in db.query(&sql, params).await? {
        let stock = BranchStock {
            branch_id: BranchId(row.int(1)?),
            branch_name: row.opt_text(2)?,
            on_hand: Quantity(row.int(3)?),
            reserved: Quantity(row.int(4)?),
            in_transit: Quantity(row.int(5)?),
        };
        found.entry(ItemId(row.int(0)?)).or_default().push(stock);
    }
    Ok(found)
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

/// An item's newest movements, newest first. Each movement names the one before it, so the chain is followed
/// through the log itself: as many lookups by position as movements are asked for, and no copy that every sale
/// would have to write.
pub async fn history(
    log: &Log,
    tenant: TenantId,
    item: ItemId,
    limit: i64,
) -> Result<Vec<Movement>, StoreError> {
    let sql = "SELECT COALESCE(MAX(last_movement), 0) FROM stock WHERE tenant_id = $1 AND item_id = $2";
    let rows = log.database().query(sql, params![tenant.0, item.0]).await?;
    let mut next = rows.first().map_or(Ok(0), |row| row.int(0))?;
    let mut found: Vec<Movement> = Vec::new();
    while next > 0 && i64::try_from(found.len()).is_ok_and(|count| count < limit) {
        let (position, line) = place_of(next);
        let events = log.read(tenant, position - 1, 1).await?;
        let Some(event) = events.first().filter(|event| event.position == position) else { break };
        let steps = steps(&event.event);
        let Some((_, step)) = steps.iter().find(|(number, _)| *number == line) else { break };
        let (kind, reference, notes) = document(&event.event);
        found.push(Movement {
            movement_id: next,
            branch_id: step.branch_id,
            quantity: step.quantity,
            on_hand: step.moved.on_hand,
            value: step.moved.value,
            average_cost: step.moved.average_cost,
            kind,
            reference,
            notes: step.notes.map(ToOwned::to_owned).or(notes),
            employee_id: event.metadata.actor,
            occurred_at: event.occurred_at,
        });
        next = step.moved.previous;
    }
    Ok(found)
}

/// The kind of a movement, its document's folio, and the words that go with it.
fn document(event: &Event) -> (&'static str, String, Option<String>) {
    #[expect(clippy::wildcard_enum_match_arm, reason = "no movement comes of another, see `steps`")]
    match event {
        Event::SaleCompleted(sale) => ("sale", sale.folio.clone(), sale.notes.clone()),
        Event::SaleCancelled(sale) => ("cancellation", sale.folio.clone(), Some(sale.reason.clone())),
        Event::GoodsReturned(back) => ("return", back.folio.clone(), Some(back.reason.clone())),
        Event::PurchaseRecorded(purchase) => {
            let reference = purchase.invoice_number.clone();
            let own = format!("C-{:04}", purchase.purchase_id.0);
            ("purchase", reference.unwrap_or(own), purchase.notes.clone())
        }
        Event::StockAdjusted(adjusted) => ("adjustment", format!("AJ-{:04}", adjusted.adjustment_id.0), None),
        Event::ItemCreated(item) => ("initial", item.details.sku.clone(), None),
        Event::StockTransferred(transfer) => {
            ("transfer", format!("T-{:04}", transfer.transfer_id.0), transfer.notes.clone())
        }
        Event::TransferReceived(received) => {
            let notes = received.reason.clone().or_else(|| received.notes.clone());
            ("transfer", format!("T-{:04}", received.transfer_id.0), notes)
        }
        Event::CountApproved(count) => ("count", format!("TF-{:04}", count.count_id.0), None),
        _ => ("other", String::new(), None),
    }
}

/// The value of all stock: what account 115 must show.
pub async fn total_value(db: &Database, tenant: TenantId) -> Result<Cents, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(stock_value), 0) AS BIGINT) FROM stock WHERE tenant_id = $1";
    db.query(sql, params![tenant.0]).await?.first().map_or(Ok(Cents::ZERO), |row| row.int(0).map(Cents))
}
