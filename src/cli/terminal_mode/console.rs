//! What ends a program in a console of Windows: Ctrl-C, Ctrl-Break, the closed window.

use std::io;
use std::sync::OnceLock;

use super::{Leaving, hold_soon};

/// With which Windows ends programs at Ctrl-C (`STATUS_CONTROL_C_EXIT`).
const CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();

/// Puts the terminal back, once and for all, before one of these ends the program.
pub(super) fn watch() -> io::Result<()> {
    static WATCHED: OnceLock<()> = OnceLock::new();
    if WATCHED.get().is_some() {
        return Ok(());
    }
    ctrlc::set_handler(end).map_err(io::Error::other)?;
    let _ = WATCHED.set(());
    Ok(())
}

fn end() {
    // Held until the program is gone: nobody asks or draws anything meanwhile.
    let mut held = hold_soon();
    if let Some(current) = held.as_mut().and_then(|held| held.as_mut()) {
        current.mode.leave(Leaving::Ended);
    }
    std::process::exit(CONTROL_C_EXIT);
}
