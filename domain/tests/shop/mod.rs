//! A small shop for rule tests: what has happened, told as events, and the Book that follows from it.
#![allow(
    dead_code,
    missing_docs,
    reason = "each test file uses a part of it, and the names say what things are"
)]
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test may panic anywhere")]

use std::collections::BTreeMap;

use diario_domain::{
    Book, BranchId, Cents, CustomerId, EmployeeId, Event, ItemId, Quantity, Rate, RegisterId, UnitPrice,
    branch::BranchOpened,
    chart,
    command::Issued,
    customer::{CustomerDetails, CustomerRegistered, PriceTier},
    employee::{EmployeeHired, Role},
    event::{Metadata, Recorded},
    inventory::Moved,
    item::{ItemCreated, ItemDetails, ItemKind, OpeningStock, Prices},
    money::{MICRO, extend},
    posting,
    pricing::LineWanted,
    register::RegisterOpened,
    sale::{CompleteSale, Paying, SaleType, TenderKind},
    tenant::TenantCreated,
};
use jiff::{Timestamp, civil::date};

pub const HERE: BranchId = BranchId(1);
pub const ELSEWHERE: BranchId = BranchId(2);
pub const OWNER: EmployeeId = EmployeeId(1);
pub const CASHIER: EmployeeId = EmployeeId(2);
pub const BRAKE: ItemId = ItemId(1);
pub const LABOUR: ItemId = ItemId(2);
pub const OLD: ItemId = ItemId(3);
pub const TILL: RegisterId = RegisterId(1);
pub const FAR_TILL: RegisterId = RegisterId(2);
pub const GARAGE: CustomerId = CustomerId(1);

pub fn now() -> Timestamp {
    "2026-04-01T16:00:00Z".parse().unwrap()
}

pub fn pesos(amount: i64) -> Cents {
    Cents(amount * 100)
}

pub fn price(amount: i64) -> UnitPrice {
    UnitPrice(amount * MICRO)
}

fn item(id: ItemId, sku: &str, kind: ItemKind, is_active: bool, stock: i64) -> Event {
    let cost = price(150);
    let quantity = Quantity::units(stock);
    let moved = Moved { previous: 0, on_hand: quantity, value: extend(quantity, cost), average_cost: cost };
    ItemCreated {
        item_id: id,
        details: ItemDetails {
            sku: sku.to_owned(),
            barcode: format!("20{id:011}"),
            name: sku.to_lowercase(),
            description: None,
            kind,
            branch_id: HERE,
            category_id: None,
            brand: None,
            unit: "PZA".to_owned(),
            min_stock: Quantity::ZERO,
            max_stock: None,
            location: None,
            image_url: None,
            catalog_part_id: None,
            is_active,
        },
        prices: Prices {
            price_1: price(350),
            price_2: price(300),
            price_3: UnitPrice::ZERO,
            tax_rate: Rate(160_000),
        },
        cost,
        opening: (stock > 0).then(|| OpeningStock {
            date: date(2026, 4, 1),
            quantity,
            unit_cost: cost,
            moved,
        }),
    }
    .into()
}

pub fn employee(id: EmployeeId, role: Role, max_discount: i64) -> Event {
    EmployeeHired {
        employee_id: id,
        name: role.name().to_owned(),
        email: None,
        phone: None,
        role,
        branch_id: HERE,
        max_discount_pct: Rate(max_discount * MICRO),
    }
    .into()
}

fn session(id: RegisterId, branch_id: BranchId, employee_id: EmployeeId) -> Event {
    RegisterOpened {
        register_id: id,
        register_number: id.0,
        branch_id,
        employee_id,
        date: date(2026, 4, 1),
        opening: pesos(2_000),
    }
    .into()
}

/// What has happened before a test begins: ten brake pads, a till here and one in the other branch, a garage that
/// may owe 1,000.
pub fn beginnings(allow_negative_stock: bool) -> Vec<Event> {
    let branch = |branch_id: BranchId| {
        Event::from(BranchOpened { branch_id, name: format!("B{branch_id}"), address: None, phone: None })
    };
    vec![
        TenantCreated {
            tenant_id: diario_domain::TenantId(1),
            slug: "t".to_owned(),
            name: "T".to_owned(),
            organization_id: uuid::Uuid::nil(),
            country: "MX".to_owned(),
            currency: "MXN".to_owned(),
            timezone: "America/Mexico_City".to_owned(),
            allow_negative_stock,
            postal_code: None,
        }
        .into(),
        branch(HERE),
        branch(ELSEWHERE),
        employee(OWNER, Role::Owner, 100),
        employee(CASHIER, Role::Cashier, 10),
        item(BRAKE, "BRAKE", ItemKind::Stocked, true, 10),
        item(LABOUR, "LABOUR", ItemKind::Service, true, 0),
        item(OLD, "OLD", ItemKind::Stocked, false, 5),
        session(TILL, HERE, OWNER),
        session(FAR_TILL, ELSEWHERE, CASHIER),
        CustomerRegistered {
            customer_id: GARAGE,
            details: CustomerDetails {
                name: "Garage".to_owned(),
                price_tier: PriceTier::Taller,
                credit_limit: pesos(1_000),
                credit_days: 30,
                ..CustomerDetails::default()
            },
        }
        .into(),
    ]
}

/// The Book after events.
pub fn book(events: &[Event]) -> Book {
    let mut book = Book::default();
    for (position, event) in (1..).zip(events) {
        book.apply(&Recorded {
            tenant: diario_domain::TenantId(1),
            position,
            stream: String::new(),
            version: 1,
            event: event.clone(),
            metadata: Metadata::default(),
            occurred_at: now(),
            recorded_at: now(),
        });
    }
    book
}

/// The owner asks, here and now.
pub fn asks<C>(command: C) -> Issued<C> {
    Issued { by: OWNER, branch: HERE, at: now(), command }
}

pub fn line(item_id: ItemId, units: i64) -> LineWanted {
    LineWanted {
        item_id,
        quantity: Quantity::units(units),
        unit_price: None,
        discount_pct: Rate::ZERO,
        tax_rate: None,
    }
}

/// Two brake pads for cash: 2 × 350.00 and 16 % are 812.00.
pub fn two_brakes() -> CompleteSale {
    CompleteSale {
        lines: vec![line(BRAKE, 2)],
        customer_id: None,
        sale_type: SaleType::Cash,
        paying: Paying::One(TenderKind::Cash, Some(pesos(812))),
        register_id: Some(TILL),
        notes: None,
    }
}

/// The Book when these events have followed the beginnings.
pub fn book_after(events: &[Event]) -> Book {
    book(&beginnings(false).into_iter().chain(events.iter().cloned()).collect::<Vec<_>>())
}

/// What some events post, by the account's code: debit positive, in centavos, no account at zero. Each entry balances.
pub fn posted(events: &[Event]) -> BTreeMap<&'static str, i64> {
    let mut sums = BTreeMap::new();
    for event in events {
        for entry in posting::entries(event, &[]).unwrap() {
            assert_eq!(entry.lines().iter().map(|line| line.amount).sum::<Cents>(), Cents::ZERO);
            for line in entry.lines() {
                let account = &chart::CHART[usize::try_from(line.account.0).unwrap() - 1];
                *sums.entry(account.code).or_default() += line.amount.0;
            }
        }
    }
    sums.retain(|_, amount| *amount != 0);
    sums
}
