//! The window's clock.

use std::time::Duration;
#[cfg(not(target_os = "linux"))]
use std::time::Instant;

/// Counts from when the window opened, the time included that the machine slept: a secret
/// that is shown for two minutes is hidden when the lid opens again, and who left in the
/// evening finds the profile locked in the morning.
pub struct Clock {
    #[cfg(target_os = "linux")]
    opened: Duration,
    #[cfg(not(target_os = "linux"))]
    opened: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Self { opened: now() }
    }

    pub fn elapsed(&self) -> Duration {
        #[cfg(target_os = "linux")]
        return now().saturating_sub(self.opened);
        #[cfg(not(target_os = "linux"))]
        return self.opened.elapsed();
    }
}

/// Since the machine was started. The standard library's clock stands still while it sleeps.
#[cfg(target_os = "linux")]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
fn now() -> Instant {
    Instant::now()
}
