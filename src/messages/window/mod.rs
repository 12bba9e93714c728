//! The window's sentences, labels and headings: a page's own words stand in the file that is
//! called like it; here is what many pages say.

pub mod add;
pub mod camera;
pub mod check;
pub mod common;
pub mod compare;
pub mod contact;
pub mod decide;
pub mod exports;
pub mod files;
pub mod first_run;
pub mod home;
pub mod locked;
pub mod manage;
pub mod names;
pub mod next_step;
pub mod pairing;
pub mod verify;
pub mod what_code;
pub mod widgets;

use jiff::Timestamp;

pub use super::errors::sentence;
use super::errors::{Explain, Face, Notification};

/// What happened, and what to do about it in the window.
pub fn explain(error: &impl Explain) -> Notification {
    error.explain(Face::Window)
}

/// A day, as in "2 May 2026".
pub fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// The same, or "today".
pub fn day_or_today(at: Timestamp, now: Timestamp) -> String {
    let day = day(at);
    if day == self::day(now) { "today".to_owned() } else { day }
}

/// A few words about something that has a name.
pub fn quoted(before: &str, name: &str, after: &str) -> String {
    format!("{before} \u{201c}{name}\u{201d}{after}")
}

/// How large a file is.
pub fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
