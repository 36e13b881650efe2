//! When a delivery is tried again, and when an endpoint is left alone.

use std::time::Duration;

use diario_store::webhooks::Health;
use jiff::{SignedDuration, Timestamp};

/// Pauses before the second attempt and those after it, in seconds.
const SCHEDULE: [i64; 7] = [5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 10 * 3_600];
/// The longest that an endpoint may ask to be left alone.
const RETRY_AFTER_MAX: Duration = Duration::from_hours(24);
/// Rounds of failures after which an endpoint is left alone for a while.
const PATIENCE: i64 = 5;
/// The first such pause; each is twice the one before it.
const PAUSE: i64 = 30;
/// The longest.
const PAUSE_MAX: i64 = 30 * 60;
/// An endpoint that has failed for so long is disabled.
const DEAD_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);

/// A number that looks random and is the same for the same attempt: up to a fifth of a pause is added to it, so that
/// what failed together is not tried again together.
fn jitter(seed: i64, pause: i64) -> i64 {
    let mut mixed = seed.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let part = pause * 1_000 / 5;
    if part == 0 { 0 } else { i64::try_from(mixed % part.cast_unsigned()).unwrap_or(0) }
}

/// When a delivery that failed so many times is tried again; nothing where it has had its tries.
#[must_use]
pub fn next_attempt(
    seed: i64,
    failures: i64,
    now: Timestamp,
    retry_after: Option<Duration>,
) -> Option<Timestamp> {
    let pause = *usize::try_from(failures - 1).ok().and_then(|at| SCHEDULE.get(at))?;
    let millis = pause * 1_000 + jitter(seed.wrapping_mul(31).wrapping_add(failures), pause);
    let pause = SignedDuration::from_millis(millis);
    let asked = retry_after.map(|asked| asked.min(RETRY_AFTER_MAX)).and_then(|asked| asked.try_into().ok());
    now.checked_add(asked.map_or(pause, |asked: SignedDuration| asked.max(pause))).ok()
}

/// How an endpoint is after a failed round.
#[must_use]
pub fn failed(health: Health, now: Timestamp, retry_after: Option<Duration>) -> Health {
    let failures = health.failures + 1;
    let mut pause = 0;
    if failures >= PATIENCE {
        let doubled = u32::try_from(failures - PATIENCE).unwrap_or(u32::MAX).min(10);
        pause = (PAUSE << doubled).min(PAUSE_MAX);
    }
    if let Some(asked) = retry_after {
        pause = pause.max(i64::try_from(asked.min(RETRY_AFTER_MAX).as_secs()).unwrap_or(0));
    }
    let until = now.checked_add(SignedDuration::from_secs(pause)).unwrap_or(now);
    Health {
        failures,
        failing_since: health.failing_since.or(Some(now.as_microsecond())),
        paused_until: (pause > 0).then_some(until.as_microsecond()),
    }
}

/// Whether an endpoint is given no more than one thing at a time, to see whether it is back.
#[must_use]
pub const fn is_probed(health: Health) -> bool {
    health.failures >= PATIENCE
}

/// Whether an endpoint is left alone now.
#[must_use]
pub fn is_paused(health: Health, now: Timestamp) -> bool {
    health.paused_until.is_some_and(|until| until > now.as_microsecond())
}

/// Whether an endpoint has failed for days.
#[must_use]
pub fn is_dead(health: Health, now: Timestamp) -> bool {
    health.failing_since.is_some_and(|since| {
        Timestamp::from_microsecond(since).is_ok_and(|since| now.duration_since(since) >= DEAD_AFTER)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_schedule_is_the_documented_one_and_ends() {
        let now = at("2026-01-01T00:00:00Z");
        for (failures, pause) in (1..).zip(SCHEDULE) {
            for seed in 0..200 {
                let next = next_attempt(seed, failures, now, None).unwrap();
                let waited = next.duration_since(now).as_millis();
                let pause = i128::from(pause) * 1_000;
                assert!((pause..=pause * 6 / 5).contains(&waited), "{failures}: {waited}");
                assert_eq!(next_attempt(seed, failures, now, None), Some(next));
            }
        }
        assert_eq!(next_attempt(1, 8, now, None), None);
    }

    #[test]
    fn retry_after_is_honoured_within_a_day() {
        let now = at("2026-01-01T00:00:00Z");
        let next = |seconds| next_attempt(1, 1, now, Some(Duration::from_secs(seconds))).unwrap();
        assert_eq!(next(3_600), at("2026-01-01T01:00:00Z"));
        assert!(next(1) >= at("2026-01-01T00:00:05Z"));
        assert_eq!(next(10_000_000), at("2026-01-02T00:00:00Z"));
    }

    #[test]
    fn a_failing_endpoint_is_left_alone_longer_and_longer_and_is_dead_after_five_days() {
        let mut now = at("2026-01-01T00:00:00Z");
        let mut health = Health::default();
        let mut pauses = Vec::new();
        for _ in 0..14 {
            health = failed(health, now, None);
            let until = health.paused_until.map_or(now, |until| Timestamp::from_microsecond(until).unwrap());
            pauses.push(until.duration_since(now).as_secs());
            now = until;
        }
        assert_eq!(pauses, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800, 1_800]);
        assert!(!is_dead(health, at("2026-01-05T23:59:59Z")));
        assert!(is_dead(health, at("2026-01-06T00:00:00Z")));
    }
}
