//! Transfers of stock as lists show them. A transfer's detail is its own events, folded.

use diario_domain::{
    BranchId, EmployeeId, Event, TenantId, TransferId,
    event::Recorded,
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
    /// Transfers as they were sent.
    TRANSFERS = insert transfers(transfer_id) {
        int day, int occurred_at, int from_branch_id, int to_branch_id, int in_transit, int employee_id,
        int items_count, text notes,
    }
}

table! {
    /// When those that were on their way arrived.
    TRANSFER_RECEIPTS = insert transfer_receipts(transfer_id) { int received_at }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "transfers", tables: &[&TRANSFERS, &TRANSFER_RECEIPTS], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::StockTransferred(transfer) => {
            let row = params![
                day_number(transfer.date),
                recorded.occurred_at.as_microsecond(),
                transfer.from.0,
                transfer.to.0,
                i64::from(transfer.in_transit),
                transfer.employee_id.0,
                i64::try_from(transfer.lines.len()).unwrap_or(i64::MAX),
                &transfer.notes,
            ];
            batch.put(&TRANSFERS, &[transfer.transfer_id.0], row);
        }
        Event::TransferReceived(received) => {
            let row = params![recorded.occurred_at.as_microsecond()];
            batch.put(&TRANSFER_RECEIPTS, &[received.transfer_id.0], row);
        }
        _ => {}
    }
    Ok(())
}

/// A transfer as lists show it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct TransferRow {
    pub transfer_id: TransferId,
    pub date: Date,
    pub occurred_at: Timestamp,
    pub from: BranchId,
    pub to: BranchId,
    pub status: String,
    pub employee_id: EmployeeId,
    pub items_count: i64,
    pub notes: Option<String>,
    pub received_at: Option<Timestamp>,
}

/// What a list of transfers is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct TransferFilter {
    /// `completed`, `in_transit` or `received`.
    pub status: Option<String>,
    /// From this branch or to it.
    pub branch_id: Option<i64>,
}

const STATUS: &str = "CASE WHEN t.in_transit = 0 THEN 'completed' WHEN r.transfer_id IS NULL THEN 'in_transit' ELSE 'received' END";

const FROM: &str = "FROM transfers t \
    LEFT JOIN transfer_receipts r ON r.tenant_id = t.tenant_id AND r.transfer_id = t.transfer_id ";

fn transfer(row: &Row) -> Result<TransferRow, StoreError> {
    Ok(TransferRow {
        transfer_id: TransferId(row.int(0)?),
        date: date_of(row.int(1)?),
        occurred_at: instant(row, 2)?,
        from: BranchId(row.int(3)?),
        to: BranchId(row.int(4)?),
        status: row.text(5)?,
        employee_id: EmployeeId(row.int(6)?),
        items_count: row.int(7)?,
        notes: row.opt_text(8)?,
        received_at: row.opt_int(9)?.map(|_| instant(row, 9)).transpose()?,
    })
}

fn select() -> String {
    format!(
        "SELECT t.transfer_id, t.day, t.occurred_at, t.from_branch_id, t.to_branch_id, {STATUS}, t.employee_id, \
         t.items_count, t.notes, r.received_at {FROM}"
    )
}

/// A page of transfers, newest first.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &TransferFilter,
    page: Page,
) -> Result<Paged<TransferRow>, StoreError> {
    let conditions = format!(
        "WHERE t.tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR {STATUS} = $2) \
         AND (CAST($3 AS BIGINT) IS NULL OR t.from_branch_id = $3 OR t.to_branch_id = $3)"
    );
    let params: Vec<Value> = params![tenant.0, filter.status.clone(), filter.branch_id];
    let list = List {
        select: &select(),
        counted: FROM,
        conditions: &conditions,
        params,
        keys: &["t.transfer_id"],
        order: Order::Descending,
    };
    list.page(db, page, transfer, |row| [row.transfer_id.0, 0]).await
}

/// One transfer.
pub async fn find(
    db: &Database,
    tenant: TenantId,
    id: TransferId,
) -> Result<Option<TransferRow>, StoreError> {
    let sql = format!("{}WHERE t.tenant_id = $1 AND t.transfer_id = $2", select());
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(transfer).transpose()
}
