//! What is said when a signal ends a pairing that shows nothing on the terminal: what
//! became of the key.

use std::sync::{Arc, Mutex, PoisonError};

use super::terminal_mode::{self, Entered, Leaving, TerminalMode};

/// Says its words if a signal ends the program while it is there.
pub struct Farewell {
    words: Arc<Mutex<String>>,
    _entered: Option<Entered>,
}

impl Farewell {
    pub fn begin() -> Self {
        let words = Arc::new(Mutex::new(String::new()));
        // Without it the signal ends the program all the same, and unsaid.
        let entered = terminal_mode::enter(Words(Arc::clone(&words))).ok();
        Self { words, _entered: entered }
    }

    /// Carries out what changes what a signal must say, and then what that is.
    pub fn tell_truly<T>(&self, act: impl FnOnce() -> (T, String)) -> T {
        let _held = terminal_mode::hold_signals();
        let (result, words) = act();
        *self.words.lock().unwrap_or_else(PoisonError::into_inner) = words;
        result
    }
}

struct Words(Arc<Mutex<String>>);

impl TerminalMode for Words {
    fn enter(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn leave(&mut self, why: Leaving) {
        let words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if why == Leaving::Ended && !words.is_empty() {
            super::output::to_standard_error(&format!("{}\n", *words));
        }
    }
}
