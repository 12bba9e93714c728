//! What a code is, and what it says.

use super::{Notification, camera};

pub const DROP_HERE: &str = "Drop a picture of a code here.";
pub const STOP_CAMERA: &str = "Stop the camera";
pub const PASTE: &str = "Paste";
pub const OPEN: &str = "Open…";
pub const WHAT_FOR: &str = "Show Keyglance any QR code or paste a link: it says whose it is, what is in it and what it proves.";
pub const NOTHING_IS_OPENED: &str = "Nothing in a code is opened, run or sent anywhere.";
pub const ANOTHER: &str = "Another code";
pub const ADD_TO_CONTACTS: &str = "Add to contacts…";
pub const SHOW: &str = "Show";
pub const SHOW_ALL: &str = "Show all of it";
pub const COPY_TEXT: &str = "Copy text";
pub const COPY_WITHOUT_SECRETS: &str = "Copy without secrets";

pub use super::guide::IS_IT_ENCRYPTED;
pub const COMPARE: &str = "Compare with another…";
pub const COMPARE_WITH: &str = "Compare with";
pub const THE_OTHER: &str = "Scan, open or paste the other code; or paste the key, the \
    fingerprint or the digits that the other person gives you.";

/// Opens the guide at an app.
pub fn how_to_check(app: &str) -> String {
    format!("How do I check {app}?")
}

/// To a screen reader: which of several parts it shows.
pub fn show_part(label: &str) -> String {
    format!("Show the {label}")
}

pub fn copy_part(label: &str) -> String {
    format!("Copy the {label}")
}

/// One of several codes, counted from 1.
pub fn numbered(number: usize) -> String {
    format!("Code {number}")
}

/// A picture without a code.
pub fn no_code() -> Notification {
    Notification::new("There is no code in that picture.", camera::WHOLE_CODE)
}
