//! Customers' statements: what changed their balance, in the order in which it did.

use diario_domain::{
    Cents, CustomerId, Event, SaleId, TenantId,
    event::Recorded,
    time::{date_of, day_number},
};
use diario_store::{Database, StoreError, models::Batch, params, table};
use jiff::civil::Date;

use crate::{Failure, Pace, Projection};

table! {
    /// Changes of balances: owed more is positive.
    CUSTOMER_STATEMENT = insert customer_statement(customer_id, position) {
        int day, text type, text reference, int amount
    }
}

table! {
    /// What changed what is owed on a credit sale: aging on any day, as of any position.
    RECEIVABLE_CHANGES = insert receivable_changes(customer_id, sale_id, position) { int day, int due_day, int amount }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "statements",
    tables: &[&CUSTOMER_STATEMENT, &RECEIVABLE_CHANGES],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    owed(recorded, batch);
    let mut put = |customer: Option<CustomerId>, date: Date, kind: &str, reference: &str, amount: Cents| {
        if let (Some(customer), false) = (customer, amount.is_zero()) {
            let row = params![day_number(date), kind, reference, amount.0];
            batch.put(&CUSTOMER_STATEMENT, &[customer.0, recorded.position], row);
        }
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::SaleCompleted(sale) => put(sale.customer_id, sale.date, "sale", &sale.folio, sale.on_credit),
        Event::SaleCancelled(sale) => {
            put(sale.customer_id, sale.date, "cancellation", &sale.folio, -sale.on_credit);
        }
        Event::GoodsReturned(back) => {
            put(back.customer_id, back.date, "return", &back.folio, -back.refund.receivable);
        }
        Event::PaymentReceived(payment) => {
            put(Some(payment.customer_id), payment.date, "payment", &payment.folio, -payment.amount);
        }
        _ => {}
    }
    Ok(())
}

fn owed(recorded: &Recorded, batch: &mut Batch) {
    let mut put =
        |customer: Option<CustomerId>, sale: Option<SaleId>, day: Date, due: Date, amount: Cents| {
            if let (Some(customer), Some(sale), false) = (customer, sale, amount.is_zero()) {
                let row = params![day_number(day), day_number(due), amount.0];
                batch.put(&RECEIVABLE_CHANGES, &[customer.0, sale.0, recorded.position], row);
            }
        };
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::SaleCompleted(sale) => {
            let due = sale.due.unwrap_or(sale.date);
            put(sale.customer_id, Some(sale.sale_id), sale.date, due, sale.on_credit);
        }
        Event::SaleCancelled(sale) => {
            put(sale.customer_id, Some(sale.sale_id), sale.date, Date::MIN, -sale.on_credit);
        }
        Event::GoodsReturned(back) => {
            let due = back.due.unwrap_or(Date::MIN);
            put(back.customer_id, back.sale_id, back.date, due, -back.refund.receivable);
        }
        Event::PaymentReceived(payment) => {
            for part in &payment.allocations {
                put(Some(payment.customer_id), Some(part.sale_id), payment.date, part.due, -part.amount);
            }
        }
        _ => {}
    }
}

/// A change of a customer's balance.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Local day.
    pub date: Date,
    /// `sale`, `payment`, `return` or `cancellation`.
    pub kind: String,
    /// The document's folio.
    pub reference: String,
    /// Owed more is positive.
    pub amount: Cents,
    /// What was owed afterwards.
    pub balance: Cents,
}

/// A customer's transactions of some local days, newest first; balances count everything before as well.
pub async fn of_customer(
    db: &Database,
    tenant: TenantId,
    customer: CustomerId,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<Vec<Transaction>, StoreError> {
    let sql = "SELECT day, type, reference, amount, balance FROM ( \
                 SELECT day, type, reference, amount, position, \
                   CAST(SUM(amount) OVER (ORDER BY position) AS BIGINT) AS balance \
                 FROM customer_statement WHERE tenant_id = $1 AND customer_id = $2) t \
               WHERE day >= $3 AND day <= $4 ORDER BY position DESC";
    let params =
        params![tenant.0, customer.0, from.map_or(i64::MIN, day_number), to.map_or(i64::MAX, day_number)];
    let rows = db.query(sql, params).await?;
    rows.iter()
        .map(|row| {
            Ok(Transaction {
                date: date_of(row.int(0)?),
                kind: row.text(1)?,
                reference: row.text(2)?,
                amount: Cents(row.int(3)?),
                balance: Cents(row.int(4)?),
            })
        })
        .collect()
}
