//! Instants, days and the shop's local time. The clock itself is never read here.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The tenant's local day of an instant: "today", cuts and periods are counted in these.
#[must_use]
pub fn local_day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// Days since 1970-01-01, as they are stored.
#[must_use]
pub fn day_number(date: Date) -> i64 {
    let since = date - Date::constant(1970, 1, 1);
    i64::from(since.get_days())
}

/// The date of a stored day.
#[must_use]
pub fn date_of(day: i64) -> Date {
    let days = jiff::Span::new().try_days(day).unwrap_or_default();
    Date::constant(1970, 1, 1).checked_add(days).unwrap_or(Date::MAX)
}

/// The time zone of an IANA name, or `None` where the name is unknown.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_number_comes_back_the_same() {
        for day in [-1, 0, 1, 14_944, 20_000, 40_000] {
            assert_eq!(day_number(date_of(day)), day);
        }
        assert_eq!(day_number(Date::constant(2010, 12, 1)), 14_944);
    }

    #[test]
    fn an_evening_in_mexico_is_not_yet_tomorrow() {
        let zone = zone("America/Mexico_City").unwrap();
        let at: Timestamp = "2026-04-02T03:00:00Z".parse().unwrap();
        assert_eq!(local_day(at, &zone), Date::constant(2026, 4, 1));
    }
}
