//! So many requests in a while: fixed windows that begin with their first request, counted in this process.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// Buckets that are remembered; beyond it, those whose window is over are forgotten.
const BUCKETS_MAX: usize = 100_000;

/// A limit: at most so many requests in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Requests.
    pub most: u32,
    /// Seconds.
    pub seconds: i64,
}

/// Where a bucket stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the request may pass.
    pub allowed: bool,
    /// What the limit is.
    pub limit: i64,
    /// How many more may pass.
    pub remaining: i64,
    /// Seconds until the window is over.
    pub reset: i64,
}

/// Buckets with their windows.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<String, (Timestamp, u32)>>);

impl Limits {
    /// Counts a request into a bucket. One that may not pass is not counted.
    pub fn take(&self, bucket: &str, limit: Limit, now: Timestamp) -> Standing {
        let window = SignedDuration::from_secs(limit.seconds);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            buckets.retain(|_, (begun, _)| now.duration_since(*begun) < window);
        }
        let (begun, used) = buckets.entry(bucket.to_owned()).or_insert((now, 0));
        if now.duration_since(*begun) >= window {
            (*begun, *used) = (now, 0);
        }
        let allowed = *used < limit.most;
        *used += u32::from(allowed);
        let left = (window - now.duration_since(*begun)).as_millis();
        Standing {
            allowed,
            limit: i64::from(limit.most),
            remaining: i64::from(limit.most - *used),
            reset: i64::try_from(left.div_euclid(1_000) + i128::from(left % 1_000 != 0))
                .unwrap_or(limit.seconds)
                .max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_pass_and_the_window_opens_again() {
        let (limits, limit) = (Limits::default(), Limit { most: 5, seconds: 60 });
        let begin = Timestamp::from_second(1_000).unwrap();
        let at = |seconds: i64| begin + SignedDuration::from_secs(seconds);
        for used in 1..=5 {
            let standing = limits.take("a", limit, at(used));
            assert!(standing.allowed && standing.remaining == 5 - used);
        }
        let refused = limits.take("a", limit, at(31));
        assert_eq!((refused.allowed, refused.remaining, refused.reset), (false, 0, 30));
        assert!(limits.take("b", limit, at(31)).allowed);
        assert!(!limits.take("a", limit, at(60)).allowed);
        assert!(limits.take("a", limit, at(61)).allowed);
    }
}
