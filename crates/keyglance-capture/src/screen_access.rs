//! How a screen is read, and what a user decides of that.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How a screen is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenAccess {
    /// By this program, as often as it likes: X11.
    Direct,
    /// By the desktop, a picture at a time, which it may ask about: Wayland.
    Portal,
}

/// How the desktop is asked for pictures of its screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenOptions {
    /// The app's id, by which the desktop remembers what was allowed.
    pub app_id: Option<String>,
    /// The address of the message bus; none is the session's.
    pub bus: Option<String>,
    /// How long an answer may take: somebody may be asked.
    pub limit: Duration,
}

impl Default for ScreenOptions {
    fn default() -> Self {
        Self { app_id: None, bus: None, limit: Duration::from_secs(60) }
    }
}

/// Lets the desktop take the next picture.
///
/// Pictures follow each other by themselves while each comes at once. One that took long
/// was asked about, and nobody is asked again before they say so.
#[derive(Debug, Default)]
pub struct Shutter {
    waits: AtomicBool,
}

impl Shutter {
    /// Whether the next picture waits for [`Shutter::press`].
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    /// Takes the next picture.
    pub fn press(&self) {
        self.waits.store(false, Ordering::Relaxed);
    }

    /// Nobody is asked again by itself.
    #[cfg(all(feature = "screen", unix, not(target_os = "macos")))]
    pub(crate) fn hold(&self) {
        self.waits.store(true, Ordering::Relaxed);
    }
}
