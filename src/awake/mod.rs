//! Keeps the screen lit and the computer awake while two devices pair: nobody touches
//! anything meanwhile, and a code that goes dark cannot be read.

#[cfg(all(feature = "awake", target_os = "linux"))]
#[path = "desktop.rs"]
mod hold;
#[cfg(all(feature = "awake", any(target_os = "macos", windows)))]
#[path = "system.rs"]
mod hold;
#[cfg(not(all(feature = "awake", any(target_os = "linux", target_os = "macos", windows))))]
mod hold {
    /// Nobody is asked.
    pub fn hold() {}
}

use std::sync::mpsc::{Sender, channel};
use std::thread;

/// Keeps the computer awake while it lives. Where that is not possible, nothing happens.
#[derive(Debug)]
pub struct Awake {
    /// Dropped with this, which tells the thread.
    _until: Sender<()>,
}

impl Awake {
    /// Asks the system, and returns at once.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(hold::hold)
    }

    /// Holds what `hold` gives on a thread of its own, since a desktop may take its time,
    /// and some systems count by thread.
    fn start_with<T>(hold: impl FnOnce() -> T + Send + 'static) -> Self {
        let (until, end) = channel::<()>();
        let thread = thread::Builder::new().name("awake".to_owned());
        let started = thread.spawn(move || {
            let held = hold();
            // Nothing is ever sent.
            let _ = end.recv();
            drop(held);
        });
        if let Err(error) = started {
            tracing::debug!("nothing keeps the computer awake: {error}");
        }
        Self { _until: until }
    }
}

#[cfg(all(feature = "awake", target_os = "linux"))]
#[cfg(test)]
mod tests;
