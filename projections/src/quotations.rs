//! Quotations as lists show them. That one has expired is seen from the day on which it is asked.

use diario_domain::{
    BranchId, Cents, CustomerId, EmployeeId, Event, QuotationId, SaleId, TenantId,
    event::Recorded,
    quotation::QuotationStatus,
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
    /// Quotations as they were made.
    QUOTATIONS = insert quotations(quotation_id) {
        text folio, int day, int valid_until, int occurred_at, int branch_id, int employee_id, int customer_id,
        int items_count, int net, int tax, int total, text notes,
    }
}

table! {
    /// What became of those that stand no longer.
    QUOTATION_ENDS = insert quotation_ends(quotation_id) { text status, int sale_id }
}

/// See the module.
pub const PROJECTION: Projection =
    Projection { name: "quotations", tables: &[&QUOTATIONS, &QUOTATION_ENDS], apply, pace: Pace::Prompt };

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::QuotationCreated(quotation) => {
            let row = params![
                quotation.folio.as_str(),
                day_number(quotation.date),
                day_number(quotation.valid_until),
                recorded.occurred_at.as_microsecond(),
                quotation.branch_id.0,
                quotation.employee_id.0,
                quotation.customer_id.map(|id| id.0),
                i64::try_from(quotation.lines.len()).unwrap_or(i64::MAX),
                quotation.sums.net.0,
                quotation.sums.tax.0,
                quotation.sums.total.0,
                &quotation.notes,
            ];
            batch.put(&QUOTATIONS, &[quotation.quotation_id.0], row);
        }
        Event::QuotationConverted(converted) => {
            let status = QuotationStatus::Converted(converted.sale_id).name();
            batch.put(&QUOTATION_ENDS, &[converted.quotation_id.0], params![status, converted.sale_id.0]);
        }
        Event::QuotationCancelled(cancelled) => {
            let row = params![QuotationStatus::Cancelled.name(), None::<i64>];
            batch.put(&QUOTATION_ENDS, &[cancelled.quotation_id.0], row);
        }
        _ => {}
    }
    Ok(())
}

/// A quotation as lists show it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct QuotationRow {
    pub quotation_id: QuotationId,
    pub folio: String,
    pub date: Date,
    pub valid_until: Date,
    pub occurred_at: Timestamp,
    pub branch_id: BranchId,
    pub employee_id: EmployeeId,
    pub customer_id: Option<CustomerId>,
    pub customer_name: Option<String>,
    pub items_count: i64,
    pub net: Cents,
    pub tax: Cents,
    pub total: Cents,
    pub notes: Option<String>,
    /// `active`, `converted`, `expired` or `cancelled`.
    pub status: String,
    pub sale_id: Option<SaleId>,
}

/// What a list of quotations is narrowed to.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the contract's parameters (5.5)")]
pub struct QuotationFilter {
    pub status: Option<String>,
    pub customer_id: Option<i64>,
}

/// `$2` is today (N-18).
const STATUS: &str = "COALESCE(x.status, CASE WHEN q.valid_until < $2 THEN 'expired' ELSE 'active' END)";

const FROM: &str = "FROM quotations q \
    LEFT JOIN quotation_ends x ON x.tenant_id = q.tenant_id AND x.quotation_id = q.quotation_id ";

fn select() -> String {
    format!(
        "SELECT q.quotation_id, q.folio, q.day, q.valid_until, q.occurred_at, q.branch_id, q.employee_id, \
         q.customer_id, c.name, q.items_count, q.net, q.tax, q.total, q.notes, {STATUS}, x.sale_id {FROM}\
         LEFT JOIN customers c ON c.tenant_id = q.tenant_id AND c.customer_id = q.customer_id "
    )
}

fn quotation(row: &Row) -> Result<QuotationRow, StoreError> {
    Ok(QuotationRow {
        quotation_id: QuotationId(row.int(0)?),
        folio: row.text(1)?,
        date: date_of(row.int(2)?),
        valid_until: date_of(row.int(3)?),
        occurred_at: instant(row, 4)?,
        branch_id: BranchId(row.int(5)?),
        employee_id: EmployeeId(row.int(6)?),
        customer_id: row.opt_int(7)?.map(CustomerId),
        customer_name: row.opt_text(8)?,
        items_count: row.int(9)?,
        net: Cents(row.int(10)?),
        tax: Cents(row.int(11)?),
        total: Cents(row.int(12)?),
        notes: row.opt_text(13)?,
        status: row.text(14)?,
        sale_id: row.opt_int(15)?.map(SaleId),
    })
}

/// A page of quotations, newest first.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &QuotationFilter,
    today: Date,
    page: Page,
) -> Result<Paged<QuotationRow>, StoreError> {
    let conditions = format!(
        "WHERE q.tenant_id = $1 AND (CAST($3 AS TEXT) IS NULL OR {STATUS} = $3) \
         AND (CAST($4 AS BIGINT) IS NULL OR q.customer_id = $4) AND CAST($2 AS BIGINT) IS NOT NULL"
    );
    let params: Vec<Value> = params![tenant.0, day_number(today), filter.status.clone(), filter.customer_id];
    let list = List {
        select: &select(),
        counted: FROM,
        conditions: &conditions,
        params,
        keys: &["q.quotation_id"],
        order: Order::Descending,
    };
    list.page(db, page, quotation, |row| [row.quotation_id.0, 0]).await
}

/// One quotation.
pub async fn find(
    db: &Database,
    tenant: TenantId,
    id: QuotationId,
    today: Date,
) -> Result<Option<QuotationRow>, StoreError> {
    let sql = format!("{}WHERE q.tenant_id = $1 AND q.quotation_id = $3", select());
    let params = params![tenant.0, day_number(today), id.0];
    db.query(&sql, params).await?.first().map(quotation).transpose()
}
