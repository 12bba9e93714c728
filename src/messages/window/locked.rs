//! A passphrase protects this device.

pub const OPENING: &str = "Opening…";
pub const WHY_SLOW: &str = "The passphrase is slow to check, so that it is slow to guess.";
pub const KEYGLANCE_IS_LOCKED: &str = "Keyglance is locked";
