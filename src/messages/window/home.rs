//! The page that the window begins with.

pub const KEYGLANCE: &str = "Keyglance";
pub const SHARE_A_KEY_AT_LENGTH: &str = "Share a secret key with another device";
pub const HOW: &str = "Open Keyglance on both and let the screens face each other.";
pub const TEN_SECONDS: &str = "About ten seconds. No network, no account.";
pub const SHARE_A_KEY: &str = "Share a key with another device";
pub const HOW_BRIEFLY: &str = "Screens face to face, about ten seconds.";
pub const FOR_A_PHONE: &str = "For a phone…";
pub const CHECK: &str = "Check…";
pub const THIS_CODE: &str = "This code?";
pub const NOT_IN_ONE_ROOM: &str = "Not in the same room, or no camera?";
pub const PAIR_WITH_PICTURES_OR_TEXT: &str = "Pair with pictures or text";
pub const IMPORT_A_KEY_FILE: &str = "Import a key file";
pub const RESTORE_A_BACKUP: &str = "Restore a backup";
pub const CLEAR: &str = "Clear";

pub fn no_contact_is_called(text: &str) -> String {
    format!("No contact is called \u{201c}{text}\u{201d}.")
}
