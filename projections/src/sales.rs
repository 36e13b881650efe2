//! Sales as lists show them. A sale's detail is its own events, folded.

use diario_domain::{
    BranchId, Cents, CustomerId, EmployeeId, Event, RegisterId, SaleId, TenantId,
    book::tendered,
    event::Recorded,
    register::Totals,
    sale::{SaleCompleted, SaleStatus, Tender, TenderKind},
    time::{date_of, day_number},
};
use diario_store::{Database, Row, StoreError, Value, models::Batch, params, table};
use jiff::{Timestamp, civil::Date};

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
};

table! {
    /// Sales as they were completed.
    SALES = insert sales(sale_id) {
        text folio, int day, int occurred_at, int branch_id, int employee_id, int customer_id, int register_id,
        text sale_type, text payment_method, int items_count, int net, int tax, int total, int paid,
        int change_given, int on_credit,
    }
}

table! {
    /// What happened to a sale afterwards.
    SALE_CHANGES = upsert sale_changes(sale_id) { text status, int returned_total add }
}

table! {
    /// Each employee's last sale in each branch.
    LAST_SALES = upsert last_sales(branch_id, employee_id) { int sale_id }
}

table! {
    /// Sales by day and register; a cancelled sale leaves the day it was sold on.
    DAILY_SALES = upsert daily_sales(day, branch_id, register_id) {
        int sales_count add, int sales_cash add, int sales_card add, int sales_transfer add, int sales_credit add,
        int sales_store_credit add,
    }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "sales",
    tables: &[&SALES, &SALE_CHANGES, &LAST_SALES, &DAILY_SALES],
    apply,
    pace: Pace::Prompt,
};

/// The contract's word for how a sale was paid: several means are `mixto`.
#[must_use]
pub fn payment_method(sale: &SaleCompleted) -> &'static str {
    match sale.tenders.as_slice() {
        [] => "credito",
        [only] => only.kind.name(),
        [first, rest @ ..] if rest.iter().all(|tender| tender.kind == first.kind) => first.kind.name(),
        _ => "mixto",
    }
}

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::SaleCompleted(sale) => {
            let row = params![
                sale.folio.as_str(),
                day_number(sale.date),
                recorded.occurred_at.as_microsecond(),
                sale.branch_id.0,
                sale.employee_id.0,
                sale.customer_id.map(|id| id.0),
                sale.register_id.map(|id| id.0),
                sale.sale_type.name(),
                payment_method(sale),
                i64::try_from(sale.lines.len()).unwrap_or(i64::MAX),
                sale.net.0,
                sale.tax.0,
                sale.total.0,
                sale.paid.0,
                sale.change.0,
                sale.on_credit.0,
            ];
            batch.put(&SALES, &[sale.sale_id.0], row);
            batch.put(&LAST_SALES, &[sale.branch_id.0, sale.employee_id.0], params![sale.sale_id.0]);
            let day = (sale.date, sale.branch_id, sale.register_id);
            count(batch, day, &sale.tenders, sale.on_credit, 1);
        }
        Event::SaleCancelled(sale) => {
            batch.put(&SALE_CHANGES, &[sale.sale_id.0], params![SaleStatus::Cancelled.name(), 0]);
            if let Some(sold) = sale.sold {
                // The drawer that pays back need not be the one that sold.
                let day = (sold.date, sale.branch_id, sale.register_id.filter(|_| sale.same_session));
                count(batch, day, &sale.tenders, sale.on_credit, -1);
            }
        }
        Event::GoodsReturned(back) => {
            if let Some(sale_id) = back.sale_id {
                batch.put(&SALE_CHANGES, &[sale_id.0], params![back.sale_status.name(), back.total.0]);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Counts a sale in its day, or (−1) counts it no longer.
fn count(
    batch: &mut Batch,
    (date, branch, register): (Date, BranchId, Option<RegisterId>),
    tenders: &[Tender],
    on_credit: Cents,
    sign: i64,
) {
    let of = |kind: TenderKind| sign * tendered(tenders, kind).0;
    batch.put(
        &DAILY_SALES,
        &[day_number(date), branch.0, register.map_or(0, |id| id.0)],
        params![
            sign,
            of(TenderKind::Cash),
            of(TenderKind::Card),
            of(TenderKind::Transfer),
            sign * on_credit.0,
            of(TenderKind::StoreCredit) + of(TenderKind::Deposit),
        ],
    );
}

/// A sale as lists show it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct SaleRow {
    pub sale_id: SaleId,
    pub folio: String,
    pub date: Date,
    pub occurred_at: Timestamp,
    pub branch_id: BranchId,
    pub employee_id: EmployeeId,
    pub employee_name: Option<String>,
    pub customer_id: Option<CustomerId>,
    pub customer_name: Option<String>,
    pub register_id: Option<RegisterId>,
    pub sale_type: String,
    pub payment_method: String,
    pub items_count: i64,
    pub net: Cents,
    pub tax: Cents,
    pub total: Cents,
    pub paid: Cents,
    pub change: Cents,
    pub on_credit: Cents,
    pub status: String,
    pub returned_total: Cents,
}

/// What a list of sales is narrowed to.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the contract's parameters (5.5)")]
pub struct SaleFilter {
    pub date_from: Option<Date>,
    pub date_to: Option<Date>,
    pub employee_id: Option<i64>,
    pub customer_id: Option<i64>,
    pub register_id: Option<i64>,
    pub status: Option<String>,
    pub sale_id: Option<SaleId>,
}

const SELECT: &str = "SELECT s.sale_id, s.folio, s.day, s.occurred_at, s.branch_id, s.employee_id, e.name, \
    s.customer_id, c.name, s.register_id, s.sale_type, s.payment_method, s.items_count, s.net, s.tax, s.total, \
    s.paid, s.change_given, s.on_credit, COALESCE(x.status, 'completed'), COALESCE(x.returned_total, 0) ";

const FROM: &str = "FROM sales s \
    LEFT JOIN sale_changes x ON x.tenant_id = s.tenant_id AND x.sale_id = s.sale_id ";

const NAMES: &str = "LEFT JOIN employees e ON e.tenant_id = s.tenant_id AND e.employee_id = s.employee_id \
    LEFT JOIN customers c ON c.tenant_id = s.tenant_id AND c.customer_id = s.customer_id ";

/// The conditions that a filter has, and their parameters behind the tenant.
fn conditions(tenant: TenantId, filter: &SaleFilter) -> (String, Vec<Value>) {
    let mut sql = "WHERE s.tenant_id = $1".to_owned();
    let mut params = params![tenant.0];
    let mut and = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            params.push(value);
            sql.extend([" AND ", condition, " $", &params.len().to_string()]);
        }
    };
    and("s.day >=", filter.date_from.map(|date| Value::from(day_number(date))));
    and("s.day <=", filter.date_to.map(|date| Value::from(day_number(date))));
    and("s.employee_id =", filter.employee_id.map(Value::from));
    and("s.customer_id =", filter.customer_id.map(Value::from));
    and("s.register_id =", filter.register_id.map(Value::from));
    and("COALESCE(x.status, 'completed') =", filter.status.as_deref().map(Value::from));
    and("s.sale_id =", filter.sale_id.map(|id| Value::from(id.0)));
    (sql, params)
}

fn sale(row: &Row) -> Result<SaleRow, StoreError> {
    Ok(SaleRow {
        sale_id: SaleId(row.int(0)?),
        folio: row.text(1)?,
        date: date_of(row.int(2)?),
        occurred_at: instant(row, 3)?,
        branch_id: BranchId(row.int(4)?),
        employee_id: EmployeeId(row.int(5)?),
        employee_name: row.opt_text(6)?,
        customer_id: row.opt_int(7)?.map(CustomerId),
        customer_name: row.opt_text(8)?,
        register_id: row.opt_int(9)?.map(RegisterId),
        sale_type: row.text(10)?,
        payment_method: row.text(11)?,
        items_count: row.int(12)?,
        net: Cents(row.int(13)?),
        tax: Cents(row.int(14)?),
        total: Cents(row.int(15)?),
        paid: Cents(row.int(16)?),
        change: Cents(row.int(17)?),
        on_credit: Cents(row.int(18)?),
        status: row.text(19)?,
        returned_total: Cents(row.int(20)?),
    })
}

/// An instant from its stored microseconds.
pub(crate) fn instant(row: &Row, column: usize) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(row.int(column)?)
        .map_err(|_| StoreError::Column { column, expected: "an instant" })
}

/// A page of sales, newest first.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    filter: &SaleFilter,
    page: Page,
) -> Result<Paged<SaleRow>, StoreError> {
    let (conditions, params) = conditions(tenant, filter);
    let list = List {
        select: &format!("{SELECT}{FROM}{NAMES}"),
        counted: FROM,
        conditions: &conditions,
        params,
        keys: &["s.sale_id"],
        order: Order::Descending,
    };
    list.page(db, page, sale, |row| [row.sale_id.0, 0]).await
}

/// One sale.
pub async fn find(db: &Database, tenant: TenantId, id: SaleId) -> Result<Option<SaleRow>, StoreError> {
    let filter = SaleFilter { sale_id: Some(id), ..SaleFilter::default() };
    let (conditions, params) = conditions(tenant, &filter);
    db.query(&format!("{SELECT}{FROM}{NAMES}{conditions}"), params).await?.first().map(sale).transpose()
}

/// The employee's last sale in a branch.
pub async fn last(
    db: &Database,
    tenant: TenantId,
    branch: BranchId,
    employee: EmployeeId,
) -> Result<Option<SaleId>, StoreError> {
    let sql = "SELECT sale_id FROM last_sales WHERE tenant_id = $1 AND branch_id = $2 AND employee_id = $3";
    let rows = db.query(sql, params![tenant.0, branch.0, employee.0]).await?;
    rows.first().map(|row| row.int(0).map(SaleId)).transpose()
}

/// What was sold on a local day, in all branches.
pub async fn day(db: &Database, tenant: TenantId, day: Date) -> Result<Totals, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(sales_count), 0) AS BIGINT), CAST(COALESCE(SUM(sales_cash), 0) AS BIGINT), \
               CAST(COALESCE(SUM(sales_card), 0) AS BIGINT), CAST(COALESCE(SUM(sales_transfer), 0) AS BIGINT), \
               CAST(COALESCE(SUM(sales_credit), 0) AS BIGINT), CAST(COALESCE(SUM(sales_store_credit), 0) AS BIGINT) \
               FROM daily_sales WHERE tenant_id = $1 AND day = $2";
    let rows = db.query(sql, params![tenant.0, day_number(day)]).await?;
    let Some(row) = rows.first() else { return Ok(Totals::default()) };
    Ok(Totals {
        sales_count: row.int(0)?,
        sales_cash: Cents(row.int(1)?),
        sales_card: Cents(row.int(2)?),
        sales_transfer: Cents(row.int(3)?),
        sales_credit: Cents(row.int(4)?),
        sales_store_credit: Cents(row.int(5)?),
        ..Totals::default()
    })
}
