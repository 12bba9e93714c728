//! The window's sentences, labels and headings: a page's own words stand in the file that is
//! called like it; here is what many pages say.

pub mod add;
pub mod camera;
pub mod challenge;
pub mod check;
pub mod chrome;
pub mod common;
pub mod compare;
pub mod contact;
pub mod decide;
pub mod exports;
pub mod files;
pub mod first_run;
pub mod from_paper;
pub mod guide;
pub mod help;
pub mod home;
pub mod identity;
pub mod import;
pub mod locked;
pub mod manage;
pub mod names;
pub mod next_step;
pub mod pairing;
pub mod paper;
pub mod passphrase;
pub mod phone;
pub mod restore;
pub mod seal;
pub mod secret_code;
pub mod settings;
pub mod share;
pub mod verify;
pub mod what_code;
pub mod widgets;

pub use super::date::{day, day_or_today};
pub use super::errors::sentence;
use super::errors::{Explain, Face, Notification};

/// What happened, and what to do about it in the window.
pub fn explain(error: &impl Explain) -> Notification {
    error.explain(Face::Window)
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
