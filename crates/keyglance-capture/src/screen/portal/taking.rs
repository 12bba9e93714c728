//! Pictures that are being taken. Each is in a file until it is deleted, so the program
//! does not end meanwhile.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

static STATE: Mutex<State> = Mutex::new(State { taking: 0, ending: false });
static CHANGED: Condvar = Condvar::new();

struct State {
    taking: u32,
    ending: bool,
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A picture is being taken while this is there.
pub(super) struct Taking;

/// `None` once the program ends.
pub(super) fn begin() -> Option<Taking> {
    let mut state = state();
    (!state.ending).then(|| {
        state.taking += 1;
        Taking
    })
}

/// Whether the program ends: nobody is asked any more.
pub(super) fn is_ending() -> bool {
    state().ending
}

impl Drop for Taking {
    fn drop(&mut self) {
        state().taking -= 1;
        CHANGED.notify_all();
    }
}

/// To be called before a program ends: lets nobody take another picture of the screen by
/// the portal, and waits, so long at most, until those that are being taken are read and
/// deleted. Returns at once where none is.
pub fn finish_screen_pictures(limit: Duration) {
    let mut state = state();
    state.ending = true;
    // Whether the time was enough changes nothing for a program that ends.
    let _ = CHANGED.wait_timeout_while(state, limit, |state| state.taking > 0);
}
