//! What companies order by themselves: their addresses, favourites, prices and orders, and the shop's terms.

use diario_domain::{
    AddressId, BranchId, Cents, CustomerId, Event, ItemId, OrderId, Quantity, Rate, SaleId, TenantId,
    UnitPrice,
    address::AddressDetails,
    customer::PriceTier,
    event::Recorded,
    order::{OrderPlaced, OrderStatus},
    ordering::{CompanyTerms, ItemOrdering, OrderingSettings},
    time::day_number,
};
use diario_store::{Database, Row, StoreError, models::Batch, params, table};
use jiff::Timestamp;

use crate::{
    Failure, Pace, Page, Paged, Projection,
    page::{List, Order},
    sales::instant,
};

table! {
    /// Addresses as they are.
    ADDRESSES = upsert addresses(customer_id, address_id) {
        text title, text line, int city_id, text city, int town_id, text town, int neighbourhood_id,
        text neighbourhood, text zip, text contact, text phone, text email, text tax_number, text tax_office,
        text company_title, text invoice_address, int is_different_invoice_address,
    }
}

table! {
    /// Those that left the list.
    DELETED_ADDRESSES = insert deleted_addresses(customer_id, address_id) {}
}

table! {
    /// What customers like, or liked.
    FAVOURITES = upsert favourites(customer_id, item_id) { int is_favourite }
}

table! {
    /// Companies' own prices.
    COMPANY_PRICES = upsert company_prices(customer_id, item_id) { int price, int discount_pct }
}

table! {
    /// How items are ordered, where that was said.
    ITEM_ORDERING = upsert item_ordering(item_id) { int order_min, int order_max, int fractional, int fast_shipping }
}

table! {
    /// When what companies see of an item changed last.
    ITEM_CHANGES = upsert item_changes(item_id) { int updated_at }
}

table! {
    /// The shop's terms; the last are in force.
    ORDERING_SETTINGS = insert ordering_settings(position) {
        int auto_confirm, int branch_id, text price_tier, int credit_limit, int credit_days
    }
}

table! {
    /// Orders as they were placed.
    ORDERS = insert orders(customer_id, order_id) {
        text folio, int day, int occurred_at, int branch_id, int net, int tax, int total, text note,
        text address_title, text address_line, text invoice_address, text billing_line, text company_title, text phone,
    }
}

table! {
    /// Their lines.
    ORDER_LINES = insert order_lines(order_id, line) {
        int item_id, text name, int quantity, int unit_price, int discount_pct, int net
    }
}

table! {
    /// What became of them.
    ORDER_ENDS = insert order_ends(order_id) { text status, int sale_id }
}

/// See the module.
pub const PROJECTION: Projection = Projection {
    name: "ordering",
    tables: &[
        &ADDRESSES,
        &DELETED_ADDRESSES,
        &FAVOURITES,
        &COMPANY_PRICES,
        &ITEM_ORDERING,
        &ITEM_CHANGES,
        &ORDERING_SETTINGS,
        &ORDERS,
        &ORDER_LINES,
        &ORDER_ENDS,
    ],
    apply,
    pace: Pace::Prompt,
};

fn apply(recorded: &Recorded, batch: &mut Batch) -> Result<(), Failure> {
    let changed = |batch: &mut Batch, item: ItemId| {
        batch.put(&ITEM_CHANGES, &[item.0], params![recorded.occurred_at.as_microsecond()]);
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "a read model names the events it reads")]
    match &recorded.event {
        Event::AddressCreated(event) => address(batch, event.customer_id, event.address_id, &event.details),
        Event::AddressEdited(event) => address(batch, event.customer_id, event.address_id, &event.details),
        Event::AddressDeleted(event) => {
            batch.put(&DELETED_ADDRESSES, &[event.customer_id.0, event.address_id.0], params![]);
        }
        Event::FavouriteToggled(event) => {
            let row = params![i64::from(event.is_favourite)];
            batch.put(&FAVOURITES, &[event.customer_id.0, event.item_id.0], row);
        }
        Event::CompanyPriceSet(event) => {
            let discount = event.terms.map(|terms| terms.discount_pct).unwrap_or_default();
            let row = params![event.terms.map(|terms| terms.price.0), discount.0];
            batch.put(&COMPANY_PRICES, &[event.customer_id.0, event.item_id.0], row);
        }
        Event::ItemOrderingSet(event) => {
            let ItemOrdering { order_min, order_max, fractional, fast_shipping } = event.ordering;
            let row = params![
                order_min.map(|least| least.0),
                order_max.map(|most| most.0),
                i64::from(fractional),
                i64::from(fast_shipping),
            ];
            batch.put(&ITEM_ORDERING, &[event.item_id.0], row);
            changed(batch, event.item_id);
        }
        Event::ItemCreated(event) => changed(batch, event.item_id),
        Event::ItemUpdated(event) => changed(batch, event.item_id),
        Event::PriceChanged(event) => changed(batch, event.item_id),
        Event::OrderingChanged(event) => {
            let settings = event.settings;
            let row = params![
                i64::from(settings.auto_confirm),
                settings.branch_id.0,
                settings.price_tier.name(),
                settings.credit_limit.0,
                settings.credit_days,
            ];
            batch.put(&ORDERING_SETTINGS, &[recorded.position], row);
        }
        Event::OrderPlaced(order) => placed(batch, recorded.occurred_at, order),
        Event::OrderConfirmed(event) => {
            let status = OrderStatus::Confirmed(event.sale_id).name();
            batch.put(&ORDER_ENDS, &[event.order_id.0], params![status, event.sale_id.0]);
        }
        Event::OrderCancelled(event) => {
            let row = params![OrderStatus::Cancelled.name(), None::<i64>];
            batch.put(&ORDER_ENDS, &[event.order_id.0], row);
        }
        _ => {}
    }
    Ok(())
}

fn address(batch: &mut Batch, customer: CustomerId, id: AddressId, details: &AddressDetails) {
    let row = params![
        details.title.as_str(),
        details.line.as_str(),
        details.city_id,
        details.city.as_str(),
        details.town_id,
        details.town.as_str(),
        details.neighbourhood_id,
        details.neighbourhood.as_str(),
        details.zip.as_str(),
        details.contact.as_str(),
        details.phone.as_str(),
        details.email.as_str(),
        details.tax_number.as_str(),
        details.tax_office.as_str(),
        details.company_title.as_str(),
        &details.invoice_address,
        i64::from(details.is_different_invoice_address),
    ];
    batch.put(&ADDRESSES, &[customer.0, id.0], row);
}

fn placed(batch: &mut Batch, at: Timestamp, order: &OrderPlaced) {
    let address = &order.address;
    let row = params![
        order.folio.as_str(),
        day_number(order.date),
        at.as_microsecond(),
        order.branch_id.0,
        order.sums.net.0,
        order.sums.tax.0,
        order.sums.total.0,
        &order.note,
        address.title.as_str(),
        address.line.as_str(),
        &address.invoice_address,
        address.billing_line(),
        address.company_title.as_str(),
        address.phone.as_str(),
    ];
    batch.put(&ORDERS, &[order.customer_id.0, order.order_id.0], row);
    for (number, ordered) in order.lines.iter().enumerate() {
        let line = &ordered.line;
        let row = params![
            line.item_id.0,
            line.name.as_str(),
            line.quantity.0,
            line.unit_price.0,
            line.discount_pct.0,
            line.net.0,
        ];
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        batch.put(&ORDER_LINES, &[order.order_id.0, number], row);
    }
    if let Some(sale) = order.sale_id {
        let row = params![OrderStatus::Confirmed(sale).name(), sale.0];
        batch.put(&ORDER_ENDS, &[order.order_id.0], row);
    }
}

/// A customer's addresses, by id; or one of them.
pub async fn addresses(
    db: &Database,
    tenant: TenantId,
    customer: CustomerId,
    only: Option<AddressId>,
) -> Result<Vec<(AddressId, AddressDetails)>, StoreError> {
    let sql = "SELECT a.address_id, a.title, a.line, a.city_id, a.city, a.town_id, a.town, a.neighbourhood_id, \
               a.neighbourhood, a.zip, a.contact, a.phone, a.email, a.tax_number, a.tax_office, a.company_title, \
               a.invoice_address, a.is_different_invoice_address FROM addresses a \
               LEFT JOIN deleted_addresses d ON d.tenant_id = a.tenant_id AND d.customer_id = a.customer_id \
                 AND d.address_id = a.address_id \
               WHERE a.tenant_id = $1 AND a.customer_id = $2 AND d.address_id IS NULL \
                 AND (CAST($3 AS BIGINT) IS NULL OR a.address_id = $3) ORDER BY a.address_id";
    let rows = db.query(sql, params![tenant.0, customer.0, only.map(|id| id.0)]).await?;
    rows.iter()
        .map(|row| {
            let details = AddressDetails {
                title: row.text(1)?,
                line: row.text(2)?,
                city_id: row.int(3)?,
                city: row.text(4)?,
                town_id: row.int(5)?,
                town: row.text(6)?,
                neighbourhood_id: row.int(7)?,
                neighbourhood: row.text(8)?,
                zip: row.text(9)?,
                contact: row.text(10)?,
                phone: row.text(11)?,
                email: row.text(12)?,
                tax_number: row.text(13)?,
                tax_office: row.text(14)?,
                company_title: row.text(15)?,
                invoice_address: row.opt_text(16)?,
                is_different_invoice_address: row.int(17)? != 0,
            };
            Ok((AddressId(row.int(0)?), details))
        })
        .collect()
}

/// The shop's terms for companies that order.
pub async fn settings(db: &Database, tenant: TenantId) -> Result<OrderingSettings, StoreError> {
    let sql = "SELECT auto_confirm, branch_id, price_tier, credit_limit, credit_days FROM ordering_settings \
               WHERE tenant_id = $1 ORDER BY position DESC LIMIT 1";
    let rows = db.query(sql, params![tenant.0]).await?;
    let Some(row) = rows.first() else { return Ok(OrderingSettings::default()) };
    Ok(OrderingSettings {
        auto_confirm: row.int(0)? != 0,
        branch_id: BranchId(row.int(1)?),
        price_tier: PriceTier::of_name(&row.text(2)?)
            .ok_or(StoreError::Column { column: 2, expected: "a price tier" })?,
        credit_limit: Cents(row.int(3)?),
        credit_days: row.int(4)?,
    })
}

/// How an item is ordered.
pub async fn item_ordering(
    db: &Database,
    tenant: TenantId,
    item: ItemId,
) -> Result<ItemOrdering, StoreError> {
    let sql = "SELECT order_min, order_max, fractional, fast_shipping FROM item_ordering \
               WHERE tenant_id = $1 AND item_id = $2";
    let rows = db.query(sql, params![tenant.0, item.0]).await?;
    let Some(row) = rows.first() else { return Ok(ItemOrdering::default()) };
    Ok(ItemOrdering {
        order_min: row.opt_int(0)?.map(Quantity),
        order_max: row.opt_int(1)?.map(Quantity),
        fractional: row.int(2)? != 0,
        fast_shipping: row.int(3)? != 0,
    })
}

/// A company's own prices, by item.
pub async fn company_prices(
    db: &Database,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Vec<(ItemId, CompanyTerms)>, StoreError> {
    let sql = "SELECT item_id, price, discount_pct FROM company_prices \
               WHERE tenant_id = $1 AND customer_id = $2 AND price IS NOT NULL ORDER BY item_id";
    let rows = db.query(sql, params![tenant.0, customer.0]).await?;
    rows.iter()
        .map(|row| {
            let terms = CompanyTerms { price: UnitPrice(row.int(1)?), discount_pct: Rate(row.int(2)?) };
            Ok((ItemId(row.int(0)?), terms))
        })
        .collect()
}

/// An order with its lines.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct OrderRow {
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub folio: String,
    pub occurred_at: Timestamp,
    pub branch_id: BranchId,
    pub net: Cents,
    pub tax: Cents,
    pub total: Cents,
    pub note: Option<String>,
    pub address_title: String,
    pub address_line: String,
    pub invoice_address: Option<String>,
    pub billing_line: String,
    pub company_title: String,
    pub phone: String,
    /// `placed`, `confirmed` or `cancelled`.
    pub status: String,
    pub sale_id: Option<SaleId>,
    pub lines: Vec<OrderLineRow>,
}

/// A line of an order.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are the table's")]
pub struct OrderLineRow {
    pub item_id: ItemId,
    pub name: String,
    /// The item's unit today.
    pub unit: String,
    pub quantity: Quantity,
    pub unit_price: UnitPrice,
    pub discount_pct: Rate,
    pub net: Cents,
}

const SELECT: &str = "SELECT o.order_id, o.customer_id, o.folio, o.occurred_at, o.branch_id, o.net, o.tax, o.total, \
    o.note, o.address_title, o.address_line, o.invoice_address, o.billing_line, o.company_title, o.phone, \
    COALESCE(e.status, 'placed'), e.sale_id ";

const FROM: &str = "FROM orders o \
    LEFT JOIN order_ends e ON e.tenant_id = o.tenant_id AND e.order_id = o.order_id ";

fn order(row: &Row) -> Result<OrderRow, StoreError> {
    Ok(OrderRow {
        order_id: OrderId(row.int(0)?),
        customer_id: CustomerId(row.int(1)?),
        folio: row.text(2)?,
        occurred_at: instant(row, 3)?,
        branch_id: BranchId(row.int(4)?),
        net: Cents(row.int(5)?),
        tax: Cents(row.int(6)?),
        total: Cents(row.int(7)?),
        note: row.opt_text(8)?,
        address_title: row.text(9)?,
        address_line: row.text(10)?,
        invoice_address: row.opt_text(11)?,
        billing_line: row.text(12)?,
        company_title: row.text(13)?,
        phone: row.text(14)?,
        status: row.text(15)?,
        sale_id: row.opt_int(16)?.map(SaleId),
        lines: Vec::new(),
    })
}

/// A page of orders, newest first: a company's, or all; in one state, or in any.
pub async fn orders(
    db: &Database,
    tenant: TenantId,
    customer: Option<CustomerId>,
    status: Option<&str>,
    page: Page,
) -> Result<Paged<OrderRow>, StoreError> {
    let list = List {
        select: &format!("{SELECT}{FROM}"),
        counted: FROM,
        conditions: "WHERE o.tenant_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR o.customer_id = $2) \
                     AND (CAST($3 AS TEXT) IS NULL OR COALESCE(e.status, 'placed') = $3)",
        params: params![tenant.0, customer.map(|id| id.0), status.map(ToOwned::to_owned)],
        keys: &["o.order_id"],
        order: Order::Descending,
    };
    let mut paged = list.page(db, page, order, |row| [row.order_id.0, 0]).await?;
    let (Some(newest), Some(oldest)) = (paged.rows.first(), paged.rows.last()) else { return Ok(paged) };
    let sql = "SELECT l.order_id, l.item_id, l.name, i.unit, l.quantity, l.unit_price, l.discount_pct, l.net \
               FROM order_lines l JOIN items i ON i.tenant_id = l.tenant_id AND i.item_id = l.item_id \
               WHERE l.tenant_id = $1 AND l.order_id BETWEEN $2 AND $3 ORDER BY l.order_id, l.line";
    let rows = db.query(sql, params![tenant.0, oldest.order_id.0, newest.order_id.0]).await?;
    for row in &rows {
        let id = OrderId(row.int(0)?);
        // Other companies' orders lie between.
        let Some(order) = paged.rows.iter_mut().find(|order| order.order_id == id) else { continue };
        order.lines.push(OrderLineRow {
            item_id: ItemId(row.int(1)?),
            name: row.text(2)?,
            unit: row.text(3)?,
            quantity: Quantity(row.int(4)?),
            unit_price: UnitPrice(row.int(5)?),
            discount_pct: Rate(row.int(6)?),
            net: Cents(row.int(7)?),
        });
    }
    Ok(paged)
}
