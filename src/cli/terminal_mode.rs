//! A terminal that is not as we found it, and is put back however the program ends.
//!
//! One mode at a time: a question whose answer is not shown, or the screen of a pairing.

#[cfg(not(unix))]
mod console;
#[cfg(unix)]
mod signals;

use std::io;
use std::sync::{Mutex, MutexGuard, Once, PoisonError, TryLockError};
use std::thread::{self, ThreadId};
use std::time::Duration;

#[cfg(not(unix))]
use console as ends;
#[cfg(unix)]
use signals as ends;

/// A signal does not wait longer than this for whatever the program is doing.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is changed on a terminal, and put back.
pub trait TerminalMode: Send {
    /// Changes the terminal, and shows what is to be seen on it.
    fn enter(&mut self) -> io::Result<()>;

    /// Puts everything back. What fails is left: there is nobody to tell.
    fn leave(&mut self, why: Leaving);

    /// The terminal has another size now.
    #[cfg_attr(not(unix), allow(dead_code))]
    fn resized(&mut self) {}
}

/// Why a mode is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// The program goes on without it.
    Done,
    /// A signal ends the program now.
    Ended,
    /// A signal stops the program, which may go on later.
    #[cfg_attr(not(unix), allow(dead_code))]
    Stopped,
}

/// The mode that the terminal is in, and the thread that began it.
static CURRENT: Mutex<Option<Current>> = Mutex::new(None);

struct Current {
    mode: Box<dyn TerminalMode>,
    thread: ThreadId,
}

/// Leaves the mode when it is dropped.
#[derive(Debug)]
pub struct Entered(());

/// Enters a mode, which is left when what is returned is dropped, and at every signal
/// and panic before that.
///
/// # Errors
/// As the system gives them.
pub fn enter(mode: impl TerminalMode + 'static) -> io::Result<Entered> {
    ends::watch()?;
    watch_panics();
    // Left by the drop, should entering fail half-way.
    let entered = Entered(());
    let current = Current { mode: Box::new(mode), thread: thread::current().id() };
    hold().insert(current).mode.enter()?;
    Ok(entered)
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some(mut current) = hold().take() {
            current.mode.leave(Leaving::Done);
        }
    }
}

/// Until what is returned is dropped, no signal leaves the mode: what is written meanwhile
/// does not end up on the terminal as it was before, and what is told of the end is true.
pub fn hold_signals() -> impl Sized {
    hold()
}

fn hold() -> MutexGuard<'static, Option<Current>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same, unless somebody holds it and does not let go.
fn hold_soon() -> Option<MutexGuard<'static, Option<Current>>> {
    const STEP: Duration = Duration::from_millis(10);
    let mut waited = Duration::ZERO;
    loop {
        match CURRENT.try_lock() {
            Ok(held) => return Some(held),
            Err(TryLockError::Poisoned(held)) => return Some(held.into_inner()),
            Err(TryLockError::WouldBlock) if waited >= PATIENCE => return None,
            Err(TryLockError::WouldBlock) => {
                thread::sleep(STEP);
                waited += STEP;
            }
        }
    }
}

/// From now on a signal ends the program only once no picture of the screen is left behind,
/// whatever mode the terminal is in.
#[cfg_attr(not(unix), allow(dead_code))]
pub fn heed_signals() {
    // Without it the signal ends the program at once.
    let _ = ends::watch();
}

/// Puts the terminal back before a panic of the thread that changed it is told. Those of
/// other threads are caught where they arise, and the mode goes on.
fn watch_panics() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // Whoever panics while it holds the mode leaves it by the drop.
            if let Ok(mut held) = CURRENT.try_lock() {
                let ours = |current: &mut Current| current.thread == thread::current().id();
                match held.take_if(ours) {
                    Some(mut current) => current.mode.leave(Leaving::Done),
                    // Somebody else's words would be drawn into what is shown.
                    None if held.is_some() => return,
                    None => {}
                }
            }
            before(panic);
        }));
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Keeps what is done to it.
    struct Recorder(Arc<Mutex<Vec<&'static str>>>);

    impl Recorder {
        fn note(&self, what: &'static str) {
            self.0.lock().unwrap().push(what);
        }
    }

    impl TerminalMode for Recorder {
        fn enter(&mut self) -> io::Result<()> {
            self.note("entered");
            Ok(())
        }

        fn leave(&mut self, why: Leaving) {
            self.note(if why == Leaving::Done { "left" } else { "interrupted" });
        }

        fn resized(&mut self) {
            self.note("resized");
        }
    }

    /// One test, for there is one terminal.
    #[test]
    fn it_is_left_once_whether_the_program_goes_on_or_panics() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let take_all = || std::mem::take(&mut *done.lock().unwrap());
        drop(enter(Recorder(done.clone())).unwrap());
        assert_eq!(take_all(), ["entered", "left"]);

        let entered = enter(Recorder(done.clone())).unwrap();
        assert_eq!(take_all(), ["entered"]);
        #[cfg(unix)]
        {
            signals::take(signals::RESIZED);
            assert_eq!(take_all(), ["resized"]);
        }
        // Nothing that a reader of codes catches ends what is shown.
        let other = thread::spawn(|| std::panic::catch_unwind(|| panic!("a strange picture")));
        assert!(other.join().unwrap().is_err() && take_all().is_empty());

        let ended = std::panic::catch_unwind(move || {
            let _entered = entered;
            panic!("for this test");
        });
        assert!(ended.is_err());
        assert_eq!(take_all(), ["left"], "before it is told, and not again by the drop");
        #[cfg(unix)]
        signals::take(signals::RESIZED);
        assert!(take_all().is_empty());
    }
}
