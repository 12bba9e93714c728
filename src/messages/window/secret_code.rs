//! A code that is a secret.

use std::path::Path;

use keyglance_profile::printable_path;

use super::Notification;

pub const HIDDEN: &str = "Hidden.";
pub const SHOW_AGAIN: &str = "Show again";
pub const HIDE_NOW: &str = "Hide now";
pub const SAVE: &str = "Save…";
pub const SAVE_AS: &str = "Save as .png, .svg or, to print, .html";
pub const SAVE_CODE: &str = "Save code";

pub const NEXT_CODE: &str = "Next code";
pub const FIRST_CODE: &str = "First code";

/// Which of several codes is shown.
pub fn which(number: usize, count: usize) -> String {
    format!("Code {number} of {count}")
}

/// The ending of a code's file, for printing, without the dot.
pub const ENDING: &str = "code.html";

/// What the file of a code is called unless the user says otherwise.
pub fn file_name(title: &str) -> String {
    format!("{}.{ENDING}", title.replace(' ', "-"))
}

/// How long it is still shown.
pub fn hides_in(seconds: u64) -> String {
    format!("Hides in {}:{:02}", seconds / 60, seconds % 60)
}

/// A code was written to a file.
pub fn saved(path: &Path) -> Notification {
    Notification::new(format!("Saved {}.", printable_path(path)), "")
}
