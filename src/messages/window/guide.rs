//! What is known of apps, and how to check in them.

use keyglance_core::text::begin_large;

/// The heading of the guide, and what leads to it.
pub const IS_IT_ENCRYPTED: &str = "Is my messenger end-to-end encrypted?";
pub const A_SCAN_ALONE: &str = "That it connects by scanning a code proves nothing by itself. \
    Here stands what is known of each app, and what two people compare in it.";
pub const SEARCH: &str = "App: Signal, WhatsApp, Proton Drive…";
/// The way back to the list.
pub const APPS: &str = "Apps";
pub const NOTES: &str = "Notes";
pub const SOURCES: &str = "Sources";

pub fn nothing_is_called(text: &str) -> String {
    format!("The guide has no app called “{text}”.")
}

pub fn as_of(day: &str) -> String {
    format!("As of {day}. Nothing is looked up: all of it came with Keyglance.")
}

/// One of several steps, counted from 1.
pub fn step(number: usize, text: &str) -> String {
    format!("{number}. {}", begin_large(text))
}

/// To a screen reader: "Network: cannot read".
pub fn station(name: &str, access: &str) -> String {
    format!("{name}: {access}")
}
