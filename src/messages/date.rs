//! Dates as people read them: where they are. JSON and files have UTC.

use std::sync::OnceLock;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

/// Where the user is. Until the program says so, and so in tests, UTC.
static HERE: OnceLock<TimeZone> = OnceLock::new();

/// Dates are those of the system's time zone from now on. Called once, at the start.
pub fn use_system_time_zone() {
    HERE.get_or_init(TimeZone::system);
}

fn here(at: Timestamp) -> ZonedDateTime {
    at.to_zoned_datetime(HERE.get().cloned().unwrap_or(TimeZone::UTC))
}

/// A day, as in "2 May 2026".
pub fn day(at: Timestamp) -> String {
    here(at).strftime("%-d %b %Y").to_string()
}

/// The same in a column of a table.
#[cfg(feature = "cli")]
pub fn day_in_table(at: Timestamp) -> String {
    here(at).strftime("%Y-%m-%d").to_string()
}

/// A day and the time of day, as in "2 May 2026, 14:05".
#[cfg(feature = "cli")]
pub fn moment(at: Timestamp) -> String {
    here(at).strftime("%-d %b %Y, %H:%M").to_string()
}

/// A day, or "today".
#[cfg(feature = "gui")]
pub fn day_or_today(at: Timestamp, now: Timestamp) -> String {
    let day = day(at);
    if day == self::day(now) { "today".to_owned() } else { day }
}
