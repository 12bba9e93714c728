//! By what name desktops know this program.

/// The same for the window, the desktop entry, notifications and portals.
pub const APP_ID: &str = include_str!("../dist/app-id").trim_ascii();
