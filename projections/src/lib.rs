//! Subscribers of the log: read models, each in one file with its queries, and what runs, rebuilds and verifies
//! them.
//!
//! A read model's `apply` turns an event into rows and knows nothing but that event: facts are in it. So any
//! process may run it, and a replay gives the same rows.

#![expect(clippy::unnecessary_wraps, reason = "every `apply` stands in one table, and one of them can fail")]

pub mod branches;
pub mod catalog;
pub mod customers;
pub mod employees;
pub mod export;
pub mod items;
pub mod journal;
pub mod page;
pub mod rebuild;
pub mod registers;
pub mod runner;
pub mod sales;
pub mod search;
pub mod status;
pub mod stock;
pub mod verify;

use diario_domain::{event::Recorded, posting::Unbalanced};
use diario_store::models::{Batch, Table};

pub use page::{Page, Paged};
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
}

/// Every read model.
pub static ALL: &[Projection] = &[
    branches::PROJECTION,
    employees::PROJECTION,
    items::PROJECTION,
    stock::PROJECTION,
    sales::PROJECTION,
    registers::PROJECTION,
    customers::PROJECTION,
    journal::PROJECTION,
];
