//! The alternate screen of a terminal: pages are drawn on it and keys are read from it,
//! and what stood there before comes back at the end.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::code_size::TerminalSize;
use super::failure::Failure;
use super::output;
use super::page::{Look, Page};
use super::terminal_mode::{self, Entered, Leaving, TerminalMode};
use keyboard::Keyboard;

/// The size of a terminal that does not say it.
const USUAL: TerminalSize = TerminalSize { columns: 80, rows: 24 };

/// A terminal in its alternate screen, until it is dropped or the program ends otherwise.
pub struct AlternateScreen {
    pub look: Look,
    shown: Option<Page>,
    shared: Arc<Shared>,
    keys: Option<Receiver<u8>>,
    _entered: Entered,
}

#[derive(Default)]
struct Shared {
    /// The size changed, or the screen was left and entered again.
    stale: AtomicBool,
    /// What is said on the way out if a signal ends the program.
    farewell: Mutex<String>,
}

impl AlternateScreen {
    /// Enters it. `types` is whether keys are read from standard input.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn enter(types: bool) -> Result<Self, Failure> {
        let shared = Arc::new(Shared::default());
        let mode = Mode { keyboard: Keyboard::new(types), shared: Arc::clone(&shared) };
        let entered = terminal_mode::enter(mode)
            .map_err(|_| Failure::error("The terminal cannot be drawn on."))?;
        Ok(Self {
            look: Look::of_terminal(),
            shown: None,
            shared,
            keys: (types && cfg!(unix)).then(read_keys),
            _entered: entered,
        })
    }

    /// How large it is now.
    pub fn size() -> TerminalSize {
        output::terminal_size().unwrap_or(USUAL)
    }

    /// Whether everything must be drawn anew, perhaps in another size.
    pub fn is_stale(&mut self) -> bool {
        let stale = self.shared.stale.swap(false, Ordering::Relaxed);
        if stale {
            self.shown = None;
        }
        stale
    }

    /// Draws what is not there yet.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn draw(&mut self, page: Page) -> Result<(), Failure> {
        let text = page.drawn_over(self.shown.as_ref());
        if !text.is_empty() {
            let _held = terminal_mode::hold_signals();
            output::draw(&text).map_err(|_| Failure::error("The terminal cannot be drawn on."))?;
            self.shown = Some(page);
        }
        Ok(())
    }

    /// Rings the bell, for whoever does not look.
    ///
    /// # Errors
    /// [`Failure`] if the terminal is gone.
    pub fn ring(&self) -> Result<(), Failure> {
        let _held = terminal_mode::hold_signals();
        output::draw("\x07").map_err(|_| Failure::error("The terminal cannot be drawn on."))
    }

    /// Carries out what changes what a signal must tell, and then what that is.
    pub fn tell_truly<T>(&self, act: impl FnOnce() -> (T, String)) -> T {
        let _held = terminal_mode::hold_signals();
        let (result, farewell) = act();
        *self.shared.farewell.lock().unwrap_or_else(PoisonError::into_inner) = farewell;
        result
    }

    /// Whether a person types here.
    pub const fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    /// The next byte that is typed, if one comes within this time. Keys that send more
    /// than that, such as arrows, are left out.
    pub fn key(&mut self, wait: Duration) -> Option<u8> {
        let byte = self.byte(wait)?;
        if byte != 0x1B {
            return Some(byte);
        }
        // A control sequence ends with one of these (ECMA-48, 5.4), after its introducer.
        let introduced = self.byte(Duration::ZERO).is_some_and(|byte| matches!(byte, b'[' | b'O'));
        while introduced
            && self.byte(Duration::ZERO).is_some_and(|byte| !(0x40..=0x7E).contains(&byte))
        {
        }
        None
    }

    fn byte(&mut self, wait: Duration) -> Option<u8> {
        match self.keys.as_ref()?.recv_timeout(wait) {
            Ok(byte) => Some(byte),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                self.keys = None;
                None
            }
        }
    }
}

/// Bytes of standard input, read on a thread so that nothing else waits for them. It ends
/// with the program, and nobody reads standard input after it.
fn read_keys() -> Receiver<u8> {
    let (sender, keys) = channel();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let mut byte = [0];
            match io::Read::read(&mut input, &mut byte) {
                Ok(0) => return,
                Ok(_) if sender.send(u8::from_ne_bytes(byte)).is_err() => return,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    keys
}

/// The alternate screen, where no line wraps, and no cursor (xterm, Control Sequences).
const ENTER: &str = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[0m\x1b[2J";
const LEAVE: &str = "\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1049l";

struct Mode {
    keyboard: Keyboard,
    shared: Arc<Shared>,
}

impl TerminalMode for Mode {
    fn enter(&mut self) -> io::Result<()> {
        self.keyboard.enter()?;
        self.shared.stale.store(true, Ordering::Relaxed);
        output::draw(ENTER)
    }

    fn leave(&mut self, why: Leaving) {
        self.keyboard.resume_output();
        let _ = output::draw(LEAVE);
        self.keyboard.leave();
        if why == Leaving::Ended {
            let farewell = self.shared.farewell.lock().unwrap_or_else(PoisonError::into_inner);
            output::to_standard_error(&format!("{farewell}\n"));
        }
    }

    fn resized(&mut self) {
        self.shared.stale.store(true, Ordering::Relaxed);
    }
}

#[cfg(unix)]
mod keyboard {
    use std::io;

    use rustix::termios::{
        Action, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcflow, tcgetattr,
        tcsetattr,
    };

    use crate::cli::output;

    /// Standard input, and how it was before.
    pub(super) struct Keyboard(Option<Termios>);

    impl Keyboard {
        pub(super) fn new(types: bool) -> Self {
            Self(if types { tcgetattr(io::stdin()).ok() } else { None })
        }

        /// Each key by itself, and not shown; Ctrl-C and Ctrl-Z stay signals.
        pub(super) fn enter(&self) -> io::Result<()> {
            let Some(before) = &self.0 else { return Ok(()) };
            let mut keys = before.clone();
            keys.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
            keys.local_modes.insert(LocalModes::ISIG);
            keys.special_codes[SpecialCodeIndex::VMIN] = 1;
            keys.special_codes[SpecialCodeIndex::VTIME] = 0;
            Ok(tcsetattr(io::stdin(), OptionalActions::Flush, &keys)?)
        }

        /// Output that was halted with Ctrl-S would keep us here.
        pub(super) fn resume_output(&self) {
            let _ = output::on_standard_output(|out| tcflow(out, Action::OOn));
        }

        pub(super) fn leave(&self) {
            if let Some(before) = &self.0 {
                let _ = tcsetattr(io::stdin(), OptionalActions::Flush, before);
            }
        }
    }
}

/// No keys are read where a console gives whole lines only.
#[cfg(not(unix))]
mod keyboard {
    use std::io;

    pub(super) struct Keyboard;

    impl Keyboard {
        pub(super) fn new(_types: bool) -> Self {
            Self
        }

        pub(super) fn enter(&self) -> io::Result<()> {
            Ok(())
        }

        pub(super) fn resume_output(&self) {}

        pub(super) fn leave(&self) {}
    }
}
