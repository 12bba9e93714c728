//! Words of the widgets.

pub const WHAT_WAS_READ_OF_THEIR_CODE: &str = "What was read of their code";
pub const WHY_SLOW: &str = "The passphrase is made slow to guess; this takes a moment.";
pub const WHAT_THE_CAMERA_SEES: &str = "What the camera sees";

/// The way back, to a screen reader.
pub fn back_to(page: &str) -> String {
    format!("Back to {page}")
}
