//! Orders to the workshop.

use diario_domain::{CustomerId, Event, TenantId, WorkshopOrderId, event::Recorded};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::Timestamp;

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    sales::instant,
};

table! {
    /// Orders as they were given.
    WORKSHOP_ORDERS = insert workshop_orders(order_id) {
        text number, int customer_id, text folio, text notes, int opened_at
    }
}

table! {
    /// Those that are ready.
    READY_WORKSHOP_ORDERS = insert ready_workshop_orders(order_id) { int ready_at }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "workshop",
    tables: &[&WORKSHOP_ORDERS, &READY_WORKSHOP_ORDERS],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    let at = recorded.occurred_at.as_microsecond();
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::WorkshopOpened(order) => {
            let row = params![order.number.as_str(), order.customer_id.0, &order.folio, &order.notes, at];
            batch.put(&WORKSHOP_ORDERS, &[order.order_id.0], row);
        }
        Event::WorkshopReady(order) => batch.put(&READY_WORKSHOP_ORDERS, &[order.order_id.0], params![at]),
        _ => {}
    }
    Ok(())
}

/// An order, with whose it is.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of WorkshopOpened")]
pub struct WorkshopRow {
    pub order_id: WorkshopOrderId,
    pub number: String,
    pub customer_id: CustomerId,
    pub customer_name: Option<String>,
    pub dni: Option<String>,
    pub folio: Option<String>,
    pub notes: Option<String>,
    pub opened_at: Timestamp,
    pub ready_at: Option<Timestamp>,
}

/// What a list of orders is narrowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkshopFilter {
    /// Those that are ready, or those that are not.
    pub ready: Option<bool>,
    /// Of this patient.
    pub customer_id: Option<i64>,
}

const SELECT: &str = "SELECT o.order_id, o.number, o.customer_id, c.name, COALESCE(c.identity_number, c.rfc), o.folio, \
    o.notes, o.opened_at, r.ready_at ";

const FROM: &str = "FROM workshop_orders o \
    LEFT JOIN ready_workshop_orders r ON r.tenant_id = o.tenant_id AND r.order_id = o.order_id \
    LEFT JOIN customers c ON c.tenant_id = o.tenant_id AND c.customer_id = o.customer_id ";

const NARROWED: &str = "WHERE o.tenant_id = $1 \
    AND (CAST($2 AS BIGINT) IS NULL OR (CASE WHEN r.ready_at IS NULL THEN 0 ELSE 1 END) = $2) \
    AND (CAST($3 AS BIGINT) IS NULL OR o.customer_id = $3) ";

fn order(row: &Row) -> Result<WorkshopRow, StoreError> {
    Ok(WorkshopRow {
        order_id: WorkshopOrderId(row.int(0)?),
        number: row.text(1)?,
        customer_id: CustomerId(row.int(2)?),
        customer_name: row.opt_text(3)?,
        dni: row.opt_text(4)?,
        folio: row.opt_text(5)?,
        notes: row.opt_text(6)?,
        opened_at: instant(row, 7)?,
        ready_at: row.opt_int(8)?.map(|_| instant(row, 8)).transpose()?,
    })
}

/// A page of orders, newest first.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: WorkshopFilter,
    page: Page,
) -> Result<Paged<WorkshopRow>, StoreError> {
    let list = List {
        select: &format!("{SELECT}{FROM}"),
        counted: FROM,
        conditions: NARROWED,
        params: params![tenant.0, filter.ready.map(i64::from), filter.customer_id],
        keys: &["o.order_id"],
        order: Order::Descending,
    };
    list.page(db, page, order, |row| [row.order_id.0, 0]).await
}
