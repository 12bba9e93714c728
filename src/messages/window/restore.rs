//! Restoring a backup of a whole profile.

/// The way back before there is a device.
pub const START: &str = "Start";
pub const TITLE: &str = "Restore a backup";
pub const OPENING: &str = "Opening the backup…";
pub const WHAT_IT_DOES: &str = "What is missing comes back. Nothing that is here is replaced.";
pub const OPEN_IT: &str = "Open the backup";
pub const RESTORE: &str = "Restore";
