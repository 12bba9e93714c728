//! By what name desktops know this program.

/// The same for the window, the desktop entry, notifications and portals.
pub const APP_ID: &str = "org.keyglance.Keyglance";
