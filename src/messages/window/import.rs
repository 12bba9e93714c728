//! A file that was opened or dropped.

pub const LOOKING: &str = "Looking at the file…";
pub const ADDING: &str = "Adding the key…";
pub const OPENING: &str = "Opening the file…";

pub const PROTECTED: &str = "A passphrase protects this file.";
pub const PASSPHRASE_OF_THE_FILE: &str = "Passphrase of the file";
pub const SEALED: &str = "An encrypted file. One of your keys may open it.";
pub const SAVE_AS: &str = "Save the opened file as";
pub const NAME_MISSING: &str = "The opened file needs a name.";
pub const DEVICE: &str =
    "A backup of a device itself: its name and its own key. No contacts are in it.";
pub const RESTORE_DEVICE: &str = "Restore it under This device…";
pub const FOR_ANOTHER: &str =
    "The passphrase is right. What is inside is for another program, not for Keyglance.";
pub const ENCRYPT_FOR: &str = "Encrypt it for";

pub const SHOW_CONTACT: &str = "Show the contact";
pub const HOLDS_THE_KEY: &str = "Whoever has this file has the key. Delete it once it is added.";
pub const ADD: &str = "Add to contacts";

/// The sealed file was opened.
pub fn opened(file: &str) -> String {
    format!("Opened {file}")
}
