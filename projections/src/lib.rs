//! Subscribers of the log: read models, each in one file with its queries, and what runs, rebuilds and verifies
//! them.
//!
//! A read model's `apply` turns an event into rows and knows nothing but that event: facts are in it. So any
//! process may run it, and a replay gives the same rows.

#![expect(clippy::unnecessary_wraps, reason = "every `apply` stands in one table, and one of them can fail")]

pub mod access;
pub mod branches;
pub mod catalog;
pub mod categories;
pub mod company_products;
pub mod contabilidad;
pub mod customers;
pub mod employees;
pub mod export;
pub mod items;
pub mod journal;
pub mod layaways;
pub mod ledger;
pub mod ordering;
pub mod page;
pub mod prescriptions;
pub mod products;
pub mod quotations;
pub mod rebuild;
pub mod registers;
pub mod reports;
pub mod runner;
pub mod sales;
pub mod search;
pub mod sold;
pub mod statements;
pub mod status;
pub mod stock;
pub mod transfers;
pub mod vehicles;
pub mod verify;
pub mod webhooks;
pub mod workshop;

use diario_domain::{event::Recorded, posting::Unbalanced};
use diario_store::models::{Batch, Table};

pub use page::{Begin, Cursor, Page, Paged};
pub use runner::Projections;

/// Why a read model cannot follow an event.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A posting rule is wrong.
    #[error(transparent)]
    Unbalanced(#[from] Unbalanced),
}

/// A read model.
pub struct Projection {
    /// Its name, as checkpoints and `diario rebuild --projection` know it.
    pub name: &'static str,
    /// Its tables, in the order in which a copy of them is written.
    pub tables: &'static [&'static Table],
    /// What an event changes.
    pub apply: fn(&Recorded, &mut Batch) -> Result<(), Failure>,
    /// When it follows.
    pub pace: Pace,
}

/// When a read model follows the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At once: answers to commands wait for it.
    Prompt,
    /// A few times a second, in large batches, and at once when somebody reads it
    /// ([`Projections::fresh`]): sums that every sale touches and few look at.
    Deferred,
}

/// Every read model.
pub static ALL: &[Projection] = &[
    access::PROJECTION,
    branches::PROJECTION,
    employees::PROJECTION,
    items::PROJECTION,
    stock::PROJECTION,
    sales::PROJECTION,
    registers::PROJECTION,
    customers::PROJECTION,
    journal::PROJECTION,
    categories::PROJECTION,
    transfers::PROJECTION,
    quotations::PROJECTION,
    layaways::PROJECTION,
    vehicles::PROJECTION,
    webhooks::PROJECTION,
    statements::PROJECTION,
    sold::PROJECTION,
    prescriptions::PROJECTION,
    workshop::PROJECTION,
    products::PROJECTION,
    ordering::PROJECTION,
];
