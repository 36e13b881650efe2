//! Customers, what they owe and what they paid.

use diario_domain::{
    Cents, CustomerId, Event, SaleId, TenantId,
    book::tendered,
    customer::{CustomerDetails, Person},
    event::Recorded,
    layaway::Deposit,
    sale::TenderKind,
    time::{date_of, day_number},
};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::{Timestamp, civil::Date};

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    sales::instant,
    search,
};

table! {
    /// Customers' data.
    CUSTOMERS = upsert customers(customer_id) {
        text name, text rfc, text razon_social, text regimen_fiscal, text codigo_postal, text uso_cfdi, text email,
        text phone, text address, text price_tier, int credit_limit, int credit_days, int branch_id, int is_active,
        int created_at, text search, text given_names, text surnames, text identity_number, text tax_office,
        int updated_at, text legal_search,
    }
}

table! {
    /// What they owe and what is owed to them.
    CUSTOMER_BALANCES = upsert customer_balances(customer_id) { int balance add, int store_credit add }
}

table! {
    /// Credit sales and what of them is open.
    RECEIVABLES = upsert receivables(customer_id, sale_id) { int due_day, int open_amount add, int open_tax add }
}

table! {
    /// Payments on account.
    CUSTOMER_PAYMENTS = insert customer_payments(payment_id) {
        text folio, int customer_id, int day, int occurred_at, int amount, text method, text reference, text notes,
        int balance,
    }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "customers",
    tables: &[&CUSTOMERS, &CUSTOMER_BALANCES, &RECEIVABLES, &CUSTOMER_PAYMENTS],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::CustomerRegistered(event) => {
            put(batch, event.customer_id, &event.details, true, recorded.occurred_at, recorded.occurred_at);
            batch.put(&CUSTOMER_BALANCES, &[event.customer_id.0], params![0, 0]);
        }
        Event::CustomerUpdated(event) => {
            let at = recorded.occurred_at;
            put(batch, event.customer_id, &event.details, event.is_active, event.registered_at, at);
        }
        Event::SaleCompleted(sale) => {
            let store_credit = tendered(&sale.tenders, TenderKind::StoreCredit);
            if let (Some(customer), true) = (sale.customer_id, store_credit.is_positive()) {
                owe(batch, customer, Cents::ZERO, -store_credit);
            }
            if let (Some(customer), Some(due)) = (sale.customer_id, sale.due) {
                owe(batch, customer, sale.on_credit, Cents::ZERO);
                open(batch, customer, sale.sale_id, due, sale.on_credit, sale.tax_on_credit);
            }
        }
        Event::SaleCancelled(sale) => {
            let store_credit = tendered(&sale.tenders, TenderKind::StoreCredit);
            if let (Some(customer), true) = (sale.customer_id, store_credit.is_positive()) {
                owe(batch, customer, Cents::ZERO, store_credit);
            }
            if let (Some(customer), true) = (sale.customer_id, sale.on_credit.is_positive()) {
                owe(batch, customer, -sale.on_credit, Cents::ZERO);
                open(batch, customer, sale.sale_id, sale.date, -sale.on_credit, -sale.tax_on_credit);
            }
        }
        Event::GoodsReturned(back) => {
            if let Some(customer) = back.customer_id {
                owe(batch, customer, -back.refund.receivable, back.refund.store_credit);
                if let (Some(sale_id), Some(due)) = (back.sale_id, back.due) {
                    open(batch, customer, sale_id, due, -back.refund.receivable, -back.refund.receivable_tax);
                }
            }
        }
        Event::PaymentReceived(payment) => {
            owe(batch, payment.customer_id, -payment.amount, Cents::ZERO);
            for part in &payment.allocations {
                open(batch, payment.customer_id, part.sale_id, part.due, -part.amount, -part.tax);
            }
            let row = params![
                payment.folio.as_str(),
                payment.customer_id.0,
                day_number(payment.date),
                recorded.occurred_at.as_microsecond(),
                payment.amount.0,
                payment.method.name(),
                &payment.reference,
                &payment.notes,
                payment.balance.0,
            ];
            batch.put(&CUSTOMER_PAYMENTS, &[payment.payment_id.0], row);
        }
        Event::LayawayCreated(layaway) => {
            if let Some(deposit) = &layaway.deposit {
                deposited(batch, layaway.customer_id, deposit);
            }
        }
        Event::DepositReceived(received) => deposited(batch, received.customer_id, &received.deposit),
        Event::LayawayCancelled(cancelled) if cancelled.method == TenderKind::StoreCredit => {
            owe(batch, cancelled.customer_id, Cents::ZERO, cancelled.refunded);
        }
        _ => {}
    }
    Ok(())
}

fn put(
    batch: &mut Batch,
    id: CustomerId,
    details: &CustomerDetails,
    is_active: bool,
    registered_at: Timestamp,
    updated_at: Timestamp,
) {
    let person = &details.person;
    let full_name = full_name(person);
    let searched = [&details.rfc, &details.phone, &details.razon_social, &person.identity_number]
        .into_iter()
        .flatten()
        .chain([&details.name, &full_name])
        .map(|text| search::fold(text))
        .collect::<Vec<_>>()
        .join("\n");
    let legal_name = legal_name(details.razon_social.as_deref(), person, &details.name);
    let legal_search = search::fold(&[details.rfc.as_deref().unwrap_or_default(), &legal_name].join("\n"));
    let row = params![
        details.name.as_str(),
        &details.rfc,
        &details.razon_social,
        &details.regimen_fiscal,
        &details.codigo_postal,
        &details.uso_cfdi,
        &details.email,
        &details.phone,
        &details.address,
        details.price_tier.name(),
        details.credit_limit.0,
        details.credit_days,
        details.branch_id.map(|id| id.0),
        i64::from(is_active),
        registered_at.as_microsecond(),
        searched,
        &person.given_names,
        &person.surnames,
        &person.identity_number,
        &person.tax_office,
        updated_at.as_microsecond(),
        legal_search,
    ];
    batch.put(&CUSTOMERS, &[id.0], row);
}

fn full_name(person: &Person) -> String {
    person.given_names.iter().chain(&person.surnames).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The name that stands on invoices: the registered one, else the person's, else the one that the shop uses (Y-12).
#[must_use]
pub fn legal_name(registered: Option<&str>, person: &Person, name: &str) -> String {
    let full_name = full_name(person);
    match registered {
        Some(legal) => legal.to_owned(),
        None if full_name.is_empty() => name.to_owned(),
        None => full_name,
    }
}

/// Store credit that was paid into a layaway.
fn deposited(batch: &mut Batch, customer: CustomerId, deposit: &Deposit) {
    if deposit.method == TenderKind::StoreCredit {
        owe(batch, customer, Cents::ZERO, -deposit.amount);
    }
}

fn owe(batch: &mut Batch, customer: CustomerId, balance: Cents, store_credit: Cents) {
    batch.put(&CUSTOMER_BALANCES, &[customer.0], params![balance.0, store_credit.0]);
}

fn open(batch: &mut Batch, customer: CustomerId, sale: SaleId, due: Date, amount: Cents, tax: Cents) {
    batch.put(&RECEIVABLES, &[customer.0, sale.0], params![day_number(due), amount.0, tax.0]);
}

/// A customer with their balances.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of CustomerDetails")]
pub struct CustomerRow {
    pub customer_id: CustomerId,
    pub name: String,
    pub rfc: Option<String>,
    pub razon_social: Option<String>,
    pub regimen_fiscal: Option<String>,
    pub codigo_postal: Option<String>,
    pub uso_cfdi: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub price_tier: String,
    pub credit_limit: Cents,
    pub credit_days: i64,
    pub branch_id: Option<i64>,
    pub is_active: bool,
    pub created_at: Timestamp,
    pub balance: Cents,
    pub store_credit: Cents,
    pub person: Person,
    pub updated_at: Timestamp,
}

const SELECT: &str = "SELECT c.customer_id, c.name, c.rfc, c.razon_social, c.regimen_fiscal, c.codigo_postal, \
    c.uso_cfdi, c.email, c.phone, c.address, c.price_tier, c.credit_limit, c.credit_days, c.branch_id, c.is_active, \
    c.created_at, b.balance, b.store_credit, c.given_names, c.surnames, c.identity_number, c.tax_office, c.updated_at ";

const FROM: &str = "FROM customers c \
    JOIN customer_balances b ON b.tenant_id = c.tenant_id AND b.customer_id = c.customer_id ";

const NARROWED: &str = "WHERE c.tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR c.search LIKE $2 ESCAPE '\\') \
    AND (CAST($3 AS BIGINT) IS NULL OR c.branch_id = $3) ";

fn customer(row: &Row) -> Result<CustomerRow, StoreError> {
    Ok(CustomerRow {
        customer_id: CustomerId(row.int(0)?),
        name: row.text(1)?,
        rfc: row.opt_text(2)?,
        razon_social: row.opt_text(3)?,
        regimen_fiscal: row.opt_text(4)?,
        codigo_postal: row.opt_text(5)?,
        uso_cfdi: row.opt_text(6)?,
        email: row.opt_text(7)?,
        phone: row.opt_text(8)?,
        address: row.opt_text(9)?,
        price_tier: row.text(10)?,
        credit_limit: Cents(row.int(11)?),
        credit_days: row.int(12)?,
        branch_id: row.opt_int(13)?,
        is_active: row.int(14)? != 0,
        created_at: instant(row, 15)?,
        balance: Cents(row.int(16)?),
        store_credit: Cents(row.int(17)?),
        person: Person {
            given_names: row.opt_text(18)?,
            surnames: row.opt_text(19)?,
            identity_number: row.opt_text(20)?,
            tax_office: row.opt_text(21)?,
        },
        updated_at: instant(row, 22)?,
    })
}

/// A page of customers, by id.
pub async fn list(
    db: &Database,
    tenant: TenantId,
    text: Option<&str>,
    branch: Option<i64>,
    page: Page,
) -> Result<Paged<CustomerRow>, StoreError> {
    let list = List {
        select: &format!("{SELECT}{FROM}"),
        counted: FROM,
        conditions: NARROWED,
        params: params![tenant.0, text.map(search::pattern), branch],
        keys: &["c.customer_id"],
        order: Order::Ascending,
    };
    list.page(db, page, customer, |row| [row.customer_id.0, 0]).await
}

/// A page of customers as invoices know them, in the order in which they were registered: found by tax id and legal
/// name. `nameless` is the tax id that stands for those who have none, so that it finds them too.
pub async fn legal_list(
    db: &Database,
    tenant: TenantId,
    text: Option<&str>,
    nameless: &str,
    page: Page,
) -> Result<Paged<CustomerRow>, StoreError> {
    let stands_for = text.is_some_and(|text| search::fold(nameless).contains(&search::fold(text.trim())));
    let list = List {
        select: &format!("{SELECT}{FROM}"),
        counted: FROM,
        conditions: "WHERE c.tenant_id = $1 AND (CAST($2 AS TEXT) IS NULL OR c.legal_search LIKE $2 ESCAPE '\\' \
                     OR (CAST($3 AS BIGINT) = 1 AND c.rfc IS NULL)) ",
        params: params![tenant.0, text.map(search::pattern), i64::from(stands_for)],
        keys: &["c.created_at", "c.customer_id"],
        order: Order::Ascending,
    };
    list.page(db, page, customer, |row| [row.created_at.as_microsecond(), row.customer_id.0]).await
}

/// The highest number that a customer has.
pub async fn last_number(db: &Database, tenant: TenantId) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(MAX(customer_id), 0) AS BIGINT) FROM customers WHERE tenant_id = $1";
    db.query(sql, params![tenant.0]).await?.first().map_or(Ok(0), |row| row.int(0))
}

/// One customer.
pub async fn find(
    db: &Database,
    tenant: TenantId,
    id: CustomerId,
) -> Result<Option<CustomerRow>, StoreError> {
    let sql = format!("{SELECT}{FROM}WHERE c.tenant_id = $1 AND c.customer_id = $2");
    db.query(&sql, params![tenant.0, id.0]).await?.first().map(customer).transpose()
}

/// An open credit sale.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct OpenSale {
    pub sale_id: SaleId,
    pub due: Date,
    pub open_amount: Cents,
    pub open_tax: Cents,
}

/// What of a customer's credit sales is open, oldest due first.
pub async fn open_sales(
    db: &Database,
    tenant: TenantId,
    id: CustomerId,
) -> Result<Vec<OpenSale>, StoreError> {
    let sql = "SELECT sale_id, due_day, open_amount, open_tax FROM receivables \
               WHERE tenant_id = $1 AND customer_id = $2 AND open_amount <> 0 ORDER BY due_day, sale_id";
    let rows = db.query(sql, params![tenant.0, id.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(OpenSale {
                sale_id: SaleId(row.int(0)?),
                due: date_of(row.int(1)?),
                open_amount: Cents(row.int(2)?),
                open_tax: Cents(row.int(3)?),
            })
        })
        .collect()
}
