//! Limits on guessing a PIN: 5 failures of a tenant's device or address in 15 minutes (N-42).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures that are allowed in a window.
const FAILURES_MAX: usize = 5;
/// The window.
const WINDOW: Duration = Duration::from_mins(15);
/// Sources that are remembered; beyond it, those whose window is over are forgotten.
const SOURCES_MAX: usize = 10_000;

/// Failures by source, in this process.
#[derive(Default)]
pub struct Attempts {
    failures: Mutex<HashMap<String, Vec<Instant>>>,
}

impl Attempts {
    /// How long a source must wait; nothing where it may try.
    pub fn wait(&self, sources: &[String]) -> Option<Duration> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        sources
            .iter()
            .filter_map(|source| {
                let times = failures.get_mut(source)?;
                times.retain(|time| now.duration_since(*time) < WINDOW);
                (times.len() >= FAILURES_MAX).then(|| WINDOW.saturating_sub(now.duration_since(times[0])))
            })
            .max()
    }

    /// A source guessed wrong.
    pub fn failed(&self, sources: &[String]) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() > SOURCES_MAX {
            let now = Instant::now();
            failures.retain(|_, times| times.iter().any(|time| now.duration_since(*time) < WINDOW));
        }
        for source in sources {
            failures.entry(source.clone()).or_default().push(Instant::now());
        }
    }

    /// A device guessed right: its own count starts anew (an address keeps its count, it may be shared).
    pub fn succeeded(&self, device: Option<&String>) {
        if let Some(device) = device {
            self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(device);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_try_must_wait_and_another_source_need_not() {
        let attempts = Attempts::default();
        let (one, two) = (vec!["1/tablet".to_owned()], vec!["1/other".to_owned()]);
        for _ in 0..FAILURES_MAX {
            assert!(attempts.wait(&one).is_none());
            attempts.failed(&one);
        }
        assert!(attempts.wait(&one).is_some());
        assert!(attempts.wait(&two).is_none());
    }
}
