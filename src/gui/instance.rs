//! One window a profile: a second start hands over what it was to open, and the first window
//! comes to the front.
//!
//! Over a socket and not over D-Bus: each profile has a window of its own while a bus name
//! belongs to one program, and it works where there is no bus. What D-Bus activation would
//! add, that the desktop starts a program through the bus, no desktop requires.

use std::path::PathBuf;

/// What a start is to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// With absolute paths.
    pub files: Vec<PathBuf>,
    /// Begin with pairing.
    pub pair: bool,
    /// With which the desktop lets a window come to the front.
    pub token: Option<String>,
}

/// What a start found.
pub enum Instance {
    /// No window of this profile is open, as far as can be known.
    First(Door),
    /// There is one, and it took the request over.
    #[cfg_attr(not(unix), allow(dead_code))]
    Raised,
}

/// The token that the desktop gave to this start (XDG activation protocol; Startup
/// Notification Protocol on X11).
pub fn activation_token() -> Option<String> {
    ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|token| is_token(token))
}

/// What desktops give is short and printable.
fn is_token(text: &str) -> bool {
    (1..=1024).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(unix)]
pub use unix::{Door, claim};

#[cfg(unix)]
mod unix;

/// Elsewhere a second window opens, which is safe: the profile is locked for each change.
#[cfg(not(unix))]
pub struct Door;

#[cfg(not(unix))]
pub fn claim(_profile: &std::path::Path, _request: &Request) -> Instance {
    Instance::First(Door)
}

#[cfg(not(unix))]
impl Door {
    pub fn listen(&self, _report: impl Fn(super::report::Report) + Send + 'static) {}
}
