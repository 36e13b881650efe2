//! Drives the real `diario` program over HTTP and from its command line, and holds it to its contract.
//!
//! A test is written once, with [`both_engines!`], and runs on `SQLite` and on Postgres. All tests of one
//! binary share one server for each engine, and each test has a tenant of its own; a test that needs the
//! server to itself (to kill it, or to touch its tables) starts one with [`Database::fresh`] and
//! [`Server::start`]. After a test that wrote anything, the books of its tenant must tie.

mod accounting;
mod books;
mod catalog;
mod check;
mod database;
mod door;
mod nube;
mod printed;
mod random;
mod receiver;
pub mod samples;
mod server;
mod shape;
mod shop;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use accounting::{Past, csv_of, month_end, months_before, remembers, year_and_month};
pub use books::Balances;
pub use catalog::{catalog, corolla, named};
pub use check::{
    Accepts, guarded, idempotent, missing_ids, refused, refuses, refuses_fields, refuses_query, walks,
    without,
};
pub use database::{Database, Engine, Glance, Sql};
pub use nube::{ABILITIES, Nube, PASSWORD};
pub use printed::{Printed, assert_like, assert_says};
pub use random::Random;
pub use receiver::{Received, Receiver, Reply};
pub use server::{Server, program};
pub use shape::{assert_shape, long_text};
pub use shop::{
    Answer, Inner, PIN, Shop, dec, diario, fresh_pin, int, money, num, plus_days, run, share_of_tax, tax_of,
};

/// A number from the environment, or the default.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Makes of each `async fn name(shop: Shop)` the two tests `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! both_engines {
    ($( $(#[$about:meta])* async fn $name:ident($shop:ident: Shop) $body:block )+) => { $(
        $(#[$about])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn check($shop: $crate::Shop) $body

            #[test]
            fn sqlite() {
                $crate::run($crate::Engine::Sqlite, check);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::Engine::Postgres, check);
            }
        }
    )+ };
}

/// Makes of each `async fn name(engine: Engine)` the two tests `name::sqlite` and `name::postgres`, for
/// tests that start servers of their own.
#[macro_export]
macro_rules! each_engine {
    ($( $(#[$about:meta])* async fn $name:ident($engine:ident: Engine) $body:block )+) => { $(
        $(#[$about])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn check($engine: $crate::Engine) $body

            #[test]
            fn sqlite() {
                $crate::alone($crate::Engine::Sqlite, check);
            }

            #[test]
            fn postgres() {
                $crate::alone($crate::Engine::Postgres, check);
            }
        }
    )+ };
}

/// Runs one test that starts servers of its own.
pub fn alone<F, Fut>(engine: Engine, check: F)
where
    F: FnOnce(Engine) -> Fut,
    Fut: Future<Output = ()>,
{
    if !engine.available() {
        println!("skipped: DIARIO_TEST_POSTGRES is not set");
        return;
    }
    wait_for_midnight();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(check(engine));
}

/// Lets the shops' day end first where it is about to: a test that has asked what day it is must not be overtaken by
/// the next one. Mexico City is six hours behind UTC the whole year round.
fn wait_for_midnight() {
    const DAY: u64 = 86_400;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let left = DAY - (now + 18 * 3_600) % DAY;
    if left <= 60 {
        std::thread::sleep(Duration::from_secs(left));
    }
}
