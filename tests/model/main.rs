//! Random histories of a shop over HTTP, beside a small model of the shop in memory that was written from the
//! contract. After every step the answer and all that the step touched must be what the model says; now and
//! then, and at the end, everything must be, and the books must tie.
//!
//! `DIARIO_SEED` repeats a history, `DIARIO_MODEL_STEPS` makes it longer or shorter, and
//! `DIARIO_SHRINK_SECONDS` bounds the search for a shorter one that parts as well.

mod choose;
mod command;
mod compare;
mod goods;
mod history;
mod model;
mod play;
mod promises;
mod shrink;

use std::fmt::Write as _;
use std::time::Duration;

use diario_tests::{Random, each_engine, setting};

use crate::play::{World, play};

each_engine! {
    async fn random_histories(engine: Engine) {
        let mut random = Random::from_environment();
        let length = usize::try_from(setting("DIARIO_MODEL_STEPS", 1_000)).unwrap();
        let steps = history::write(&mut random, length);
        let world = World::start(engine).await;
        let parting = match play(&world, &steps).await {
            Ok(tally) => {
                println!("{engine:?}: {length} steps:\n{tally}");
                return;
            }
            Err(parting) => parting,
        };
        let first = format!("parted at step {} of {length}: {}", parting.deeds.len(), parting.what);
        println!("{first}");
        let budget = Duration::from_secs(setting("DIARIO_SHRINK_SECONDS", 120));
        let shrunk = shrink::shrink(&world, parting, budget).await;
        let mut story = String::new();
        for line in &shrunk.parting.told {
            let _ = writeln!(story, "  {line}");
        }
        let end = if shrunk.exhausted { "no step of it can be left out" } else { "the time was up" };
        let steps = shrunk.parting.told.len();
        panic!(
            "{first}\n\nshrunk to {steps} steps in {} tries ({end}):\n{story}{}\n",
            shrunk.tries, shrunk.parting.what
        );
    }
}
