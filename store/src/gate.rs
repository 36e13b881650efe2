//! Holds answers back until the read models have passed their position, so that every client reads its own
//! writes; but never longer than a bound, so that a read model that lags does not stop the sales.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// How long an answer is held back at the most.
pub const HELD_MAX: Duration = Duration::from_secs(2);

struct Held {
    position: i64,
    since: Instant,
    release: Box<dyn FnOnce() + Send>,
}

/// The gate of one tenant.
pub struct ReadGate {
    passed: AtomicI64,
    held: Mutex<VecDeque<Held>>,
    moved: Notify,
}

impl Default for ReadGate {
    fn default() -> Self {
        Self { passed: AtomicI64::new(0), held: Mutex::new(VecDeque::new()), moved: Notify::new() }
    }
}

impl ReadGate {
    /// Where the slowest read model that goes on is.
    pub fn passed(&self) -> i64 {
        self.passed.load(Ordering::Acquire)
    }

    /// Runs `release` when the read models have passed a position. Positions come in rising order.
    pub fn hold(&self, position: i64, release: Box<dyn FnOnce() + Send>) {
        {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if self.passed() < position {
                held.push_back(Held { position, since: Instant::now(), release });
                return;
            }
        }
        release();
    }

    /// The read models have passed a position.
    pub fn pass(&self, position: i64) {
        let ready = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            self.passed.fetch_max(position, Ordering::AcqRel);
            let ready = held.iter().take_while(|held| held.position <= position).count();
            held.drain(..ready).collect::<Vec<_>>()
        };
        self.moved.notify_waiters();
        for held in ready {
            (held.release)();
        }
    }

    /// Waits until the read models have passed a position, but no longer than a bound.
    pub async fn passing(&self, position: i64, bound: Duration) {
        let waiting = async {
            loop {
                let moved = self.moved.notified();
                if self.passed() >= position {
                    return;
                }
                moved.await;
            }
        };
        let _ = tokio::time::timeout(bound, waiting).await;
    }

    /// Lets go what was held longer than the bound; tells how many.
    pub fn release_overdue(&self) -> usize {
        let overdue = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let overdue = held.iter().take_while(|held| held.since.elapsed() >= HELD_MAX).count();
            held.drain(..overdue).collect::<Vec<_>>()
        };
        let count = overdue.len();
        for held in overdue {
            (held.release)();
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn an_answer_waits_for_its_position_and_no_longer() {
        let gate = ReadGate::default();
        let released = Arc::new(AtomicI64::new(0));
        for position in [1, 2, 3] {
            let released = Arc::clone(&released);
            gate.hold(position, Box::new(move || released.store(position, Ordering::SeqCst)));
        }
        assert_eq!(released.load(Ordering::SeqCst), 0);
        gate.pass(2);
        assert_eq!(released.load(Ordering::SeqCst), 2);
        gate.pass(3);
        assert_eq!(released.load(Ordering::SeqCst), 3);
        let after = Arc::clone(&released);
        gate.hold(3, Box::new(move || after.store(9, Ordering::SeqCst)));
        assert_eq!(released.load(Ordering::SeqCst), 9);
    }
}
