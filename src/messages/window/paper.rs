//! Keys on paper: how many pages, and where the file of them goes.

pub use crate::messages::paper::{PRINT_AND_DELETE, WHAT_IT_IS, enough};

/// On the page of this device, and where a key was exported.
pub const ON_PAPER_MORE: &str = "On paper…";
pub const ON_PAPER: &str = "On paper";
pub const PAGES: &str = "Pages";
pub const NEEDED: &str = "Needed to restore";
pub const FILE: &str = "File of the pages";
pub const FILE_NAME: &str = "keyglance-pages.html";
pub const SAVE_PAGES: &str = "Save pages";
pub const SAVED: &str = "The pages are there";
pub const HOW_TO_RESTORE: &str =
    "Each page says how it is restored: by camera, by pictures, or by typing its words.";
pub const DEVICE: &str = "This device’s own key, by which your contacts know it. No contacts and no \
                          shared keys are with it.";

/// What of a key is put on paper.
pub fn export(program: &str, contact: &str) -> String {
    format!("The key for {program} that you share with {contact}.")
}
