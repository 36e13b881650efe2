use std::time::{Duration, Instant};

use crate::history::Step;
use crate::play::{Parting, World, play};

/// The shortest history found that still parts, and how it was found.
#[derive(Debug)]
pub struct Shrunk {
    pub parting: Parting,
    pub length: usize,
    pub tries: usize,
    pub exhausted: bool,
}

/// Delta debugging: parts of a history that parted are left out, halves first and single steps last, for as
/// long as what remains still parts. Every try is a tenant of its own.
pub async fn shrink(world: &World, steps: &[Step], parting: Parting, budget: Duration) -> Shrunk {
    let until = Instant::now() + budget;
    let mut steps = steps[..parting.played].to_vec();
    let mut best = parting;
    let mut tries = 0;
    let mut size = steps.len().div_ceil(2);
    loop {
        let mut start = 0;
        let mut shorter = false;
        while start < steps.len() && steps.len() > 1 {
            if Instant::now() >= until {
                return Shrunk { parting: best, length: steps.len(), tries, exhausted: false };
            }
            let mut rest = steps[..start].to_vec();
            rest.extend_from_slice(&steps[(start + size).min(steps.len())..]);
            tries += 1;
            match play(world, &rest).await {
                Err(parting) => {
                    rest.truncate(parting.played);
                    steps = rest;
                    best = parting;
                    shorter = true;
                }
                Ok(_) => start += size,
            }
        }
        if size > 1 {
            size = size.div_ceil(2).min(steps.len().max(1));
        } else if !shorter {
            return Shrunk { parting: best, length: steps.len(), tries, exhausted: true };
        }
    }
}
