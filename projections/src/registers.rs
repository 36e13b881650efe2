//! Register sessions, what went through them, and their Z cuts.

use diario_domain::{
    BranchId, Cents, EmployeeId, Event, RegisterId, TenantId,
    book::tendered,
    event::Recorded,
    layaway::Deposit,
    register::{Direction, Totals},
    sale::TenderKind,
    time::{date_of, day_number},
};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::{Timestamp, civil::Date};

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    sales::instant,
};

table! {
    /// Sessions as they were opened.
    REGISTERS = insert registers(register_id) {
        int register_number, int branch_id, int employee_id, int opened_at, int opening
    }
}

table! {
    /// What went through a session.
    REGISTER_TOTALS = upsert register_totals(register_id) {
        int sales_cash add, int sales_card add, int sales_transfer add, int sales_credit add,
        int sales_store_credit add,
        int movements_in add, int movements_out add, int sales_count add,
    }
}

table! {
    /// Cash brought in and taken out by hand.
    REGISTER_MOVEMENTS = insert register_movements(register_id, position) {
        text type, int amount, text reason, int occurred_at
    }
}

table! {
    /// Z cuts.
    REGISTER_CUTS = insert register_cuts(register_id) {
        int day, int closed_at, int expected, int counted, int difference
    }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "registers",
    tables: &[&REGISTERS, &REGISTER_TOTALS, &REGISTER_MOVEMENTS, &REGISTER_CUTS],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::RegisterOpened(event) => {
            let row = params![
                event.register_number,
                event.branch_id.0,
                event.employee_id.0,
                recorded.occurred_at.as_microsecond(),
                event.opening.0,
            ];
            batch.put(&REGISTERS, &[event.register_id.0], row);
            add(batch, event.register_id, &Totals::default());
        }
        Event::CashMoved(event) => {
            let (word, totals) = match event.direction {
                Direction::In => ("in", Totals { movements_in: event.amount, ..Totals::default() }),
                Direction::Out => ("out", Totals { movements_out: event.amount, ..Totals::default() }),
            };
            add(batch, event.register_id, &totals);
            let row =
                params![word, event.amount.0, event.reason.as_str(), recorded.occurred_at.as_microsecond()];
            batch.put(&REGISTER_MOVEMENTS, &[event.register_id.0, recorded.position], row);
        }
        Event::SaleCompleted(sale) => {
            if let Some(register) = sale.register_id {
                let mut totals = Totals::default();
                totals.count_sale(&sale.tenders, sale.on_credit, 1);
                add(batch, register, &totals);
            }
        }
        Event::SaleCancelled(sale) => {
            if let Some(register) = sale.register_id {
                let mut totals = Totals::default();
                if sale.same_session {
                    totals.count_sale(&sale.tenders, sale.on_credit, -1);
                } else {
                    totals.movements_out = tendered(&sale.tenders, TenderKind::Cash);
                }
                add(batch, register, &totals);
            }
        }
        Event::GoodsReturned(back) => {
            if let Some(register) = back.register_id {
                add(batch, register, &Totals { movements_out: back.refund.cash, ..Totals::default() });
            }
        }
        Event::PaymentReceived(payment) => {
            if let Some(register) = payment.register_id {
                add(batch, register, &Totals { movements_in: payment.amount, ..Totals::default() });
            }
        }
        Event::LayawayCreated(layaway) => {
            if let Some(deposit) = &layaway.deposit {
                deposited(batch, deposit);
            }
        }
        Event::DepositReceived(received) => deposited(batch, &received.deposit),
        Event::PurchaseRecorded(purchase) => {
            if let Some(register) = purchase.register_id {
                add(batch, register, &Totals { movements_out: purchase.total, ..Totals::default() });
            }
        }
        Event::SupplierPaid(paid) => {
            if let Some(register) = paid.register_id {
                add(batch, register, &Totals { movements_out: paid.amount, ..Totals::default() });
            }
        }
        Event::LayawayCancelled(cancelled) => {
            if let Some(register) = cancelled.register_id {
                add(batch, register, &Totals { movements_out: cancelled.refunded, ..Totals::default() });
            }
        }
        Event::RegisterCut(cut) => {
            let row = params![
                day_number(cut.date),
                recorded.occurred_at.as_microsecond(),
                cut.expected.0,
                cut.counted.0,
                cut.difference.0,
            ];
            batch.put(&REGISTER_CUTS, &[cut.register_id.0], row);
        }
        _ => {}
    }
    Ok(())
}

/// Cash that was paid into a layaway.
fn deposited(batch: &mut Batch, deposit: &Deposit) {
    if let Some(register) = deposit.register_id {
        add(batch, register, &Totals { movements_in: deposit.amount, ..Totals::default() });
    }
}

fn add(batch: &mut Batch, register: RegisterId, totals: &Totals) {
    let row = params![
        totals.sales_cash.0,
        totals.sales_card.0,
        totals.sales_transfer.0,
        totals.sales_credit.0,
        totals.sales_store_credit.0,
        totals.movements_in.0,
        totals.movements_out.0,
        totals.sales_count,
    ];
    batch.put(&REGISTER_TOTALS, &[register.0], row);
}

/// A Z cut's figures.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct Cut {
    pub date: Date,
    pub closed_at: Timestamp,
    pub expected: Cents,
    pub counted: Cents,
    pub difference: Cents,
}

/// A session with its totals.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the tables'")]
pub struct Session {
    pub register_id: RegisterId,
    pub register_number: i64,
    pub branch_id: BranchId,
    pub employee_id: EmployeeId,
    pub employee_name: Option<String>,
    pub opened_at: Timestamp,
    pub totals: Totals,
    pub cut: Option<Cut>,
}

const SELECT: &str = "SELECT r.register_id, r.register_number, r.branch_id, r.employee_id, e.name, r.opened_at, \
    r.opening, t.sales_cash, t.sales_card, t.sales_transfer, t.sales_credit, t.movements_in, t.movements_out, \
    t.sales_count, t.sales_store_credit, z.day, z.closed_at, z.expected, z.counted, z.difference \
    FROM registers r \
    JOIN register_totals t ON t.tenant_id = r.tenant_id AND t.register_id = r.register_id \
    LEFT JOIN register_cuts z ON z.tenant_id = r.tenant_id AND z.register_id = r.register_id \
    LEFT JOIN employees e ON e.tenant_id = r.tenant_id AND e.employee_id = r.employee_id ";

fn session(row: &Row) -> Result<Session, StoreError> {
    let totals = Totals {
        opening: Cents(row.int(6)?),
        sales_cash: Cents(row.int(7)?),
        sales_card: Cents(row.int(8)?),
        sales_transfer: Cents(row.int(9)?),
        sales_credit: Cents(row.int(10)?),
        movements_in: Cents(row.int(11)?),
        movements_out: Cents(row.int(12)?),
        sales_count: row.int(13)?,
        sales_store_credit: Cents(row.int(14)?),
    };
    let cut = match row.opt_int(15)? {
        Some(day) => Some(Cut {
            date: date_of(day),
            closed_at: instant(row, 16)?,
            expected: Cents(row.int(17)?),
            counted: Cents(row.int(18)?),
            difference: Cents(row.int(19)?),
        }),
        None => None,
    };
    Ok(Session {
        register_id: RegisterId(row.int(0)?),
        register_number: row.int(1)?,
        branch_id: BranchId(row.int(2)?),
        employee_id: EmployeeId(row.int(3)?),
        employee_name: row.opt_text(4)?,
        opened_at: instant(row, 5)?,
        totals,
        cut,
    })
}

/// One session.
pub async fn find(db: &Database, tenant: TenantId, id: RegisterId) -> Result<Option<Session>, StoreError> {
    let sql = format!("{SELECT}WHERE r.tenant_id = $1 AND r.register_id = $2");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(session).transpose()
}

/// The employee's open session.
pub async fn open_of(
    db: &Database,
    tenant: TenantId,
    employee: EmployeeId,
) -> Result<Option<Session>, StoreError> {
    let sql = format!(
        "{SELECT}WHERE r.tenant_id = $1 AND r.employee_id = $2 AND z.register_id IS NULL ORDER BY r.register_id DESC LIMIT 1"
    );
    db.query(&sql, params![tenant.0, employee.0]).await?.first().map(session).transpose()
}

/// Z cuts of some local days, newest first.
pub async fn history(
    db: &Database,
    tenant: TenantId,
    from: Option<Date>,
    to: Option<Date>,
    page: Page,
) -> Result<Paged<Session>, StoreError> {
    let list = List {
        select: SELECT,
        counted: "FROM register_cuts z",
        conditions: "WHERE z.tenant_id = $1 AND z.day >= $2 AND z.day <= $3",
        params: params![tenant.0, from.map_or(i64::MIN, day_number), to.map_or(i64::MAX, day_number)],
        keys: &["z.closed_at", "z.register_id"],
        order: Order::Descending,
    };
    let key = |session: &Session| {
        let closed_at = session.cut.as_ref().map_or(0, |cut| cut.closed_at.as_microsecond());
        [closed_at, session.register_id.0]
    };
    list.page(db, page, session, key).await
}

/// Sessions that were opened on a local day or cut on it or sold on it.
pub async fn of_day(
    db: &Database,
    tenant: TenantId,
    day: Date,
    starts: Timestamp,
    ends: Timestamp,
) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "{SELECT}WHERE r.tenant_id = $1 AND (r.opened_at >= $2 AND r.opened_at < $3 OR z.day = $4 \
         OR r.register_id IN (SELECT d.register_id FROM daily_sales d WHERE d.tenant_id = $1 AND d.day = $4)) \
         ORDER BY r.register_id"
    );
    let params = params![tenant.0, starts.as_microsecond(), ends.as_microsecond(), day_number(day)];
    db.query(&sql, params).await?.iter().map(session).collect()
}
