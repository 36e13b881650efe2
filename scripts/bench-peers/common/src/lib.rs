//! What the benchmark's programs share: flags, a seeded generator and a record of latencies.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// Any error, with its message for the person who runs the benchmark.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The command line as `--name value` pairs and bare `--name` switches.
#[derive(Debug, Default)]
pub struct Flags {
    values: BTreeMap<String, String>,
    switches: Vec<String>,
}

impl Flags {
    /// Reads the process's arguments; a name that is in neither list is an error.
    pub fn from_env(named: &[&str], switches: &[&str]) -> Outcome<Self> {
        let mut flags = Self::default();
        let mut rest = std::env::args().skip(1);
        while let Some(argument) = rest.next() {
            let name = argument.strip_prefix("--").unwrap_or_default();
            if named.contains(&name) {
                let value = rest.next().ok_or_else(|| format!("--{name} needs a value"))?;
                flags.values.insert(name.to_owned(), value);
            } else if switches.contains(&name) {
                flags.switches.push(name.to_owned());
            } else {
                let known: Vec<String> = named.iter().chain(switches).map(|n| format!("--{n}")).collect();
                return Err(format!("unknown argument {argument}; known: {}", known.join(" ")).into());
            }
        }
        Ok(flags)
    }

    /// Whether the switch was given.
    pub fn has(&self, name: &str) -> bool {
        self.switches.iter().any(|s| s == name)
    }

    /// The flag's text, if given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The flag's text; its absence is an error.
    pub fn required(&self, name: &str) -> Outcome<&str> {
        self.text(name).ok_or_else(|| format!("--{name} is required").into())
    }

    /// The flag's value, or the default.
    pub fn parsed<T>(&self, name: &str, default: T) -> Outcome<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        match self.text(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|e| format!("--{name} {text}: {e}").into()),
        }
    }
}

/// `SplitMix64`: small, fast, and the same sequence for the same seed on every machine.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A generator that starts from the seed.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, but without, the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.bits()) * (bound as u128);
        usize::try_from(product >> 64).unwrap_or_default()
    }

    /// Three different numbers below the bound, which must be at least 3.
    pub fn three_below(&mut self, bound: usize) -> [usize; 3] {
        let first = self.below(bound);
        loop {
            let second = self.below(bound);
            let third = self.below(bound);
            if first != second && first != third && second != third {
                return [first, second, third];
            }
        }
    }
}

/// Every latency of a measured time, kept one by one: a histogram's buckets would round the tail.
#[derive(Debug, Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    /// Notes one latency.
    pub fn note(&mut self, latency: Duration) {
        self.0.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// Adds what another client noted.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many were noted.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The median, the 99th percentile and the maximum, in milliseconds.
    pub fn summary(mut self) -> Summary {
        self.0.sort_unstable();
        let at = |share: usize| {
            let index = (self.0.len() * share / 100).min(self.0.len().saturating_sub(1));
            f64::from(self.0.get(index).copied().unwrap_or_default()) / 1000.0
        };
        Summary { p50_ms: at(50), p99_ms: at(99), max_ms: at(100) }
    }
}

/// What is said of many latencies, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Summary {
    /// The median.
    pub p50_ms: f64,
    /// The 99th percentile.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
}

/// Occurrences per second, rounded to a tenth.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn per_second(count: usize, time: Duration) -> f64 {
    (count as f64 / time.as_secs_f64() * 10.0).round() / 10.0
}

/// Runs a program's body; an error is said on stderr and makes the exit code 1.
pub fn exit_code(outcome: Outcome<()>) -> std::process::ExitCode {
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
