//! A terminal that is not as we found it, and is put back however the program ends.
//!
//! One mode at a time: a question whose answer is not shown, or the screen of a pairing.

use std::io;
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError, TryLockError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Signals that end or stop the program.
const ENDING: [i32; 5] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP];

/// A signal does not wait longer than this for whatever the program is doing.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is changed on a terminal, and put back.
pub trait TerminalMode: Send {
    /// Changes the terminal, and shows what is to be seen on it.
    fn enter(&mut self) -> io::Result<()>;

    /// Puts everything back. What fails is left: there is nobody to tell.
    fn leave(&mut self, why: Leaving);

    /// The terminal has another size now.
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
    watch_signals()?;
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
pub fn heed_signals() {
    // Without it the signal ends the program at once.
    let _ = watch_signals();
}

/// Starts, once, a thread that restores the terminal before a signal does what it
/// would have done without us. Signals that are ignored stay so: `nohup` does that.
fn watch_signals() -> io::Result<()> {
    static WATCHED: OnceLock<()> = OnceLock::new();
    if WATCHED.get().is_some() {
        return Ok(());
    }
    let ignored = ignored_signals();
    let heeded = ENDING.iter().filter(|signal| ignored >> (**signal - 1) & 1 == 0);
    let mut signals = Signals::new(heeded.chain([&SIGWINCH]))?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            take(signal);
        }
    })?;
    let _ = WATCHED.set(());
    Ok(())
}

fn take(signal: i32) {
    // Held until the program goes on: nobody asks or draws anything meanwhile.
    let mut held = hold_soon();
    let mut current = held.as_mut().and_then(|held| held.as_mut());
    if signal == SIGWINCH {
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
        keyglance_capture::finish_screen_pictures(super::LAST_PICTURE);
    }
    let _ = emulate_default_handler(signal);
    // It was stopped, and goes on.
    if let Some(current) = current {
        let _ = current.mode.enter();
    }
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

/// A bit for each signal that this process was started to ignore, from the lowest.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
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
        take(SIGWINCH);
        assert_eq!(take_all(), ["entered", "resized"]);
        // Nothing that a reader of codes catches ends what is shown.
        let other = thread::spawn(|| std::panic::catch_unwind(|| panic!("a strange picture")));
        assert!(other.join().unwrap().is_err() && take_all().is_empty());

        let ended = std::panic::catch_unwind(move || {
            let _entered = entered;
            panic!("for this test");
        });
        assert!(ended.is_err());
        assert_eq!(take_all(), ["left"], "before it is told, and not again by the drop");
        take(SIGWINCH);
        assert!(take_all().is_empty());
    }
}
