//! Layaways as lists show them. A layaway's lines and payments are its own events, folded.

use diario_domain::{
    BranchId, Cents, CustomerId, EmployeeId, Event, LayawayId, SaleId, TenantId,
    event::Recorded,
    layaway::LayawayStatus,
    time::{date_of, day_number},
};
use diario_store::{Database, Row, StoreError, Value, models::Batch, params, table};
use jiff::{Timestamp, civil::Date};

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    sales::instant,
};

table! {
    /// Layaways as they were created.
    LAYAWAYS = insert layaways(layaway_id) {
        text folio, int day, int due_day, int occurred_at, int branch_id, int employee_id, int customer_id,
        int items_count, int net, int tax, int total, text notes,
    }
}

table! {
    /// What was paid into them and where they stand.
    LAYAWAY_STATES = upsert layaway_states(layaway_id) { text status, int paid add, int sale_id }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "layaways", tables: &[&LAYAWAYS, &LAYAWAY_STATES], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::LayawayCreated(layaway) => {
            let row = params![
                layaway.folio.as_str(),
                day_number(layaway.date),
                day_number(layaway.due),
                recorded.occurred_at.as_microsecond(),
                layaway.branch_id.0,
                layaway.employee_id.0,
                layaway.customer_id.0,
                i64::try_from(layaway.lines.len()).unwrap_or(i64::MAX),
                layaway.sums.net.0,
                layaway.sums.tax.0,
                layaway.sums.total.0,
                &layaway.notes,
            ];
            batch.put(&LAYAWAYS, &[layaway.layaway_id.0], row);
            let paid = layaway.deposit.as_ref().map_or(Cents::ZERO, |deposit| deposit.amount);
            state(batch, layaway.layaway_id, LayawayStatus::Active, paid);
        }
        Event::DepositReceived(received) => {
            state(batch, received.layaway_id, LayawayStatus::Active, received.deposit.amount);
        }
        Event::LayawayCompleted(completed) => {
            state(batch, completed.layaway_id, LayawayStatus::Completed(completed.sale_id), Cents::ZERO);
        }
        Event::LayawayCancelled(cancelled) => {
            state(batch, cancelled.layaway_id, LayawayStatus::Cancelled, Cents::ZERO);
        }
        _ => {}
    }
    Ok(())
}

fn state(batch: &mut Batch, id: LayawayId, status: LayawayStatus, paid: Cents) {
    let sale = match status {
        LayawayStatus::Completed(sale) => Some(sale.0),
        LayawayStatus::Active | LayawayStatus::Cancelled => None,
    };
    batch.put(&LAYAWAY_STATES, &[id.0], params![status.name(), paid.0, sale]);
}

/// A layaway as lists show it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct LayawayRow {
    pub layaway_id: LayawayId,
    pub folio: String,
    pub date: Date,
    pub due: Date,
    pub occurred_at: Timestamp,
    pub branch_id: BranchId,
    pub employee_id: EmployeeId,
    pub customer_id: CustomerId,
    pub customer_name: Option<String>,
    pub items_count: i64,
    pub net: Cents,
    pub tax: Cents,
    pub total: Cents,
    pub notes: Option<String>,
    /// `active`, `completed` or `cancelled`.
    pub status: String,
    pub paid: Cents,
    pub sale_id: Option<SaleId>,
}

impl LayawayRow {
    /// What is still to be paid.
    #[must_use]
    pub fn balance(&self) -> Cents {
        self.total - self.paid
    }
}

/// What a list of layaways is narrowed to.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the contract's parameters (5.5)")]
pub struct LayawayFilter {
    pub status: Option<String>,
    pub customer_id: Option<i64>,
}

const SELECT: &str = "SELECT l.layaway_id, l.folio, l.day, l.due_day, l.occurred_at, l.branch_id, l.employee_id, \
    l.customer_id, c.name, l.items_count, l.net, l.tax, l.total, l.notes, s.status, s.paid, s.sale_id \
    FROM layaways l \
    JOIN layaway_states s ON s.tenant_id = l.tenant_id AND s.layaway_id = l.layaway_id \
    LEFT JOIN customers c ON c.tenant_id = l.tenant_id AND c.customer_id = l.customer_id ";

fn layaway(row: &Row) -> Result<LayawayRow, StoreError> {
    Ok(LayawayRow {
        layaway_id: LayawayId(row.int(0)?),
        folio: row.text(1)?,
        date: date_of(row.int(2)?),
        due: date_of(row.int(3)?),
        occurred_at: instant(row, 4)?,
        branch_id: BranchId(row.int(5)?),
        employee_id: EmployeeId(row.int(6)?),
        customer_id: CustomerId(row.int(7)?),
        customer_name: row.opt_text(8)?,
        items_count: row.int(9)?,
        net: Cents(row.int(10)?),
        tax: Cents(row.int(11)?),
        total: Cents(row.int(12)?),
        notes: row.opt_text(13)?,
        status: row.text(14)?,
        paid: Cents(row.int(15)?),
        sale_id: row.opt_int(16)?.map(SaleId),
    })
}

/// A page of layaways, newest first.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &LayawayFilter,
    page: Page,
) -> Result<Paged<LayawayRow>, StoreError> {
    let params: Vec<Value> = params![tenant.0, filter.status.clone(), filter.customer_id];
    let list = List {
        select: SELECT,
        counted: "FROM layaways l \
                  JOIN layaway_states s ON s.tenant_id = l.tenant_id AND s.layaway_id = l.layaway_id",
        conditions: "WHERE l.tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR s.status = $2) \
                     AND (CAST($3 AS BIGINT) IS NULL OR l.customer_id = $3)",
        params,
        keys: &["l.layaway_id"],
        order: Order::Descending,
    };
    list.page(db, page, layaway, |row| [row.layaway_id.0, 0]).await
}

/// One layaway.
pub async fn find(db: &Database, tenant: TenantId, id: LayawayId) -> Result<Option<LayawayRow>, StoreError> {
    let sql = format!("{SELECT}WHERE l.tenant_id = $1 AND l.layaway_id = $2");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(layaway).transpose()
}
