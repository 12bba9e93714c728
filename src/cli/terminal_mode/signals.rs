//! Signals that end or stop the program, and the terminal put back before.

use std::io;
use std::sync::OnceLock;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::{Leaving, hold_soon};

const ENDING: [i32; 5] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP];
pub(super) const RESIZED: i32 = SIGWINCH;

/// Starts, once, a thread that restores the terminal before a signal does what it
/// would have done without us. Signals that are ignored stay so: `nohup` does that.
pub(super) fn watch() -> io::Result<()> {
    static WATCHED: OnceLock<()> = OnceLock::new();
    if WATCHED.get().is_some() {
        return Ok(());
    }
    let ignored = ignored_signals();
    let heeded = ENDING.iter().filter(|signal| ignored >> (**signal - 1) & 1 == 0);
    let mut signals = Signals::new(heeded.chain([&RESIZED]))?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            take(signal);
        }
    })?;
    let _ = WATCHED.set(());
    Ok(())
}

pub(super) fn take(signal: i32) {
    // Held until the program goes on: nobody asks or draws anything meanwhile.
    let mut held = hold_soon();
    let mut current = held.as_mut().and_then(|held| held.as_mut());
    if signal == RESIZED {
        if let Some(current) = current {
            current.mode.resized();
        }
        return;
    }
    let why = if signal == SIGTSTP { Leaving::Stopped } else { Leaving::Ended };
    if let Some(current) = &mut current {
        current.mode.leave(why);
    }
    if why == Leaving::Ended {
        keyglance_capture::finish_screen_pictures(crate::cli::LAST_PICTURE);
    }
    let _ = emulate_default_handler(signal);
    // It was stopped, and goes on.
    if let Some(current) = current {
        let _ = current.mode.enter();
    }
}

/// A bit for each signal that this process was started to ignore, from the lowest.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
