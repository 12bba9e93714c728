//! Backing up this device, and replacing its own key.

use std::path::Path;

use keyglance_profile::printable_path;

pub const TITLE: &str = "Back up this device";
pub const WORKING: &str = "Working…";
pub const WHAT_FOR: &str =
    "A backup brings this device back when its disk is lost: who it is, its contacts and its keys.";
/// What a backup is called unless the user says otherwise.
pub const FILE_NAME: &str = "keyglance-backup.age";
pub const BACKUP_FILE: &str = "Backup file";
pub const PASSPHRASE_OF_THE_BACKUP: &str = "Passphrase of the backup";
pub const BACK_UP_EVERYTHING: &str = "Back up everything";
pub const RESTORE_EVERYTHING: &str = "Restore everything…";

pub const ONLY_ITS_KEY: &str = "Only this device’s own key";
pub const WHAT_ITS_KEY_IS: &str =
    "By it your contacts know this device. No contacts and no shared keys are with it.";
pub const BACK_UP: &str = "Back up";
pub const RESTORE: &str = "Restore…";
pub const MAKE_A_NEW_ONE: &str = "Make a new one…";

pub const SAME_DEVICE: &str = "If the backup is of this same device, nothing changes.";
pub const CURRENT_KEY_IS_LOST: &str =
    "Without a backup of its own, this device’s current key is lost.";
pub const RESTORE_FROM_FILE: &str = "Restore from the file";
pub const MAKE_NEW: &str = "Make a new one";
pub const KEEP_CURRENT: &str = "Keep the current one";

/// A backup was written.
pub fn saved(path: &Path) -> String {
    format!("Saved {}", printable_path(path))
}

/// This device became another one, or got another name.
pub fn is_now(name: &str) -> String {
    format!("This device is now {name}")
}
