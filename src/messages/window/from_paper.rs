//! What pages on paper hold, restored.

use keyglance_core::paper::Kind;

use super::Notification;
use crate::messages::paper::{NO_PAGE, NO_PAGE_ADVICE};

pub use crate::messages::paper::missing;

pub const TITLE: &str = "Restore from paper";
pub const HOW: &str = "Show the pages to the camera, one after the other, open photographs of \
                       them, or type their words. Some of the pages are enough.";
pub const OPEN_PHOTOGRAPHS: &str = "Open photographs…";
pub const STOP_CAMERA: &str = "Stop camera";
pub const WORDS: &str = "Words of a page";
pub const FOUR_LETTERS: &str = "The first four letters of a word are enough.";
pub const ADD_PAGE: &str = "Add the page";
pub const PAGES_READ: &str = "Pages that were read";
pub const WHAT_THEY_HOLD: &str = "What the pages hold";
pub const FILE: &str = "File";
pub const RESTORE: &str = "Restore";
pub const OPENING: &str = "Putting the pages together…";
pub const IS_BACK: &str = "It is back";
pub const KEEP_THE_FILE: &str = "Only you can read this file. Keep the pages.";
pub const RESTORE_FROM_PAGES: &str = "Restore from the pages";
pub const SAME_DEVICE: &str = "If the pages are of this same device, nothing changes.";

/// A photograph without one of our codes.
pub fn no_page() -> Notification {
    Notification::new(NO_PAGE, NO_PAGE_ADVICE)
}

/// A page that was read, by its number.
pub fn page(number: u8) -> String {
    format!("Page {number}")
}

/// What pages can hold, as a page says it.
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Device => "A device’s own key",
        Kind::Passphrase => "A passphrase",
        Kind::Words => "Words of BIP 39",
        Kind::Age => "An identity of age",
        Kind::Bytes => "Bytes",
        _ => "A file, with the second code of a page",
    }
}
