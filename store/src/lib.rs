//! The event log and the database under it, on Postgres and on `SQLite`.
//!
//! Everything that touches a database is here, and nothing else writes events. Queries are written once, in SQL
//! that both engines speak; writes are data ([`models::Batch`]), which each engine writes its fastest way.

pub mod catalog;
pub mod database;
pub mod feed;
pub mod gate;
pub mod hash;
pub mod log;
mod migrations;
pub mod models;
mod postgres;
pub mod postings;
pub mod secrets;
mod sqlite;
pub mod tenants;
pub mod value;
pub mod webhooks;

pub use database::{Database, StoreError};
pub use gate::ReadGate;
pub use log::{AppendError, IdempotencyRow, Log, NewEvent};
pub use secrets::SecretKind;
pub use value::{Row, Value};
