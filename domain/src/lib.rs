//! What a shop may do, and what follows from it: money, events, decisions, the Book and posting rules.
//!
//! Nothing here does I/O, reads a clock or draws a random number: facts come in as arguments, events and
//! refusals go out. Each document is one file holding its events, its commands and its decision
//! ([`Document`]).

pub mod access;
pub mod account;
pub mod address;
pub mod adjustment;
pub mod barcode;
pub mod book;
pub mod branch;
pub mod category;
pub mod chart;
pub mod command;
pub mod count;
pub mod customer;
pub mod document;
pub mod employee;
pub mod entry;
#[macro_use]
pub mod event;
pub mod favourite;
pub mod ids;
pub mod inventory;
pub mod item;
pub mod layaway;
pub mod money;
pub mod optics;
pub mod order;
pub mod ordering;
pub mod payable;
pub mod period;
pub mod posting;
pub mod price_list;
pub mod pricing;
pub mod product;
pub mod purchase;
pub mod quotation;
pub mod refusal;
pub mod register;
pub mod returns;
pub mod sale;
pub mod signup;
pub mod tenant;
pub mod time;
pub mod transfer;
pub mod vehicle;
pub mod webhook;
pub mod workshop;

pub use book::Book;
pub use command::Command;
pub use document::Document;
pub use event::{Event, Metadata};
pub use ids::*;
pub use money::{Cents, Quantity, Rate, UnitPrice};
pub use refusal::Refusal;
