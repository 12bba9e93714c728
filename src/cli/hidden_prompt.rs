//! A question whose answer the terminal does not show, and the terminal as it was
//! before, however the question ends.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use zeroize::Zeroizing;

/// Signals that end or stop the program.
const SIGNALS: [i32; 5] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP];

/// Longest line that is taken, in bytes. Terminals drop what comes after 4,095
/// without a word, so that a line of that length may be half of what was typed.
const LONGEST_TYPED: usize = 4094;

/// The question that is being asked, if one is.
static HIDDEN: Mutex<Option<Hidden>> = Mutex::new(None);

/// A terminal that does not show what is typed, and how it was before.
struct Hidden {
    terminal: File,
    before: Termios,
    question: String,
}

impl Hidden {
    /// Stops showing what is typed, forgets what was typed before, and asks.
    fn begin(&mut self) -> io::Result<()> {
        let mut quiet = self.before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        // The end of the line is all that is seen.
        quiet.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&self.terminal, OptionalActions::Flush, &quiet)?;
        self.terminal.write_all(self.question.as_bytes())
    }

    /// Shows what is typed again. What was typed and not read is forgotten: half a
    /// passphrase is nothing for whoever reads next.
    fn end(&self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

/// Asks on the terminal and returns the line that is typed, unseen and without its
/// end. Whatever signal comes meanwhile, the terminal shows what is typed again.
///
/// # Errors
/// As the system gives them; [`io::ErrorKind::UnexpectedEof`] where nothing is
/// typed, [`io::ErrorKind::InvalidData`] where it is no UTF-8 or longer than the
/// terminal takes.
pub fn ask_hidden(question: &str) -> io::Result<Zeroizing<String>> {
    watch_signals()?;
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let asked = Asked::begin(Hidden {
        terminal: terminal.try_clone()?,
        before,
        question: question.to_owned(),
    })?;
    let line = read_line(&mut terminal);
    drop(asked);
    let line = line?;
    let text = std::str::from_utf8(&line).map_err(|_| io::ErrorKind::InvalidData)?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Ends the question when it is dropped.
struct Asked;

impl Asked {
    fn begin(hidden: Hidden) -> io::Result<Self> {
        // Ended by the drop, should asking fail half-way.
        let asked = Self;
        current().insert(hidden).begin()?;
        Ok(asked)
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(hidden) = current().take() {
            hidden.end();
        }
    }
}

fn current() -> MutexGuard<'static, Option<Hidden>> {
    HIDDEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One line, byte by byte: nothing behind it is taken from whoever reads next.
fn read_line(terminal: &mut File) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_TYPED));
    let mut byte = Zeroizing::new([0; 1]);
    loop {
        match terminal.read(&mut byte[..]) {
            Ok(0) if line.is_empty() => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(0) => return Ok(line),
            Ok(_) if *byte == *b"\n" => return Ok(line),
            // A terminal cuts lines that are longer than its buffer, without a word.
            Ok(_) if line.len() >= LONGEST_TYPED => return Err(io::ErrorKind::InvalidData.into()),
            Ok(_) => line.extend_from_slice(&byte[..]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Starts, once, a thread that restores the terminal before a signal does what it
/// would have done without us. Signals that are ignored stay so: `nohup` does that.
fn watch_signals() -> io::Result<()> {
    static WATCHED: OnceLock<()> = OnceLock::new();
    if WATCHED.get().is_some() {
        return Ok(());
    }
    let ignored = ignored_signals();
    let heeded = SIGNALS.iter().filter(|signal| ignored >> (**signal - 1) & 1 == 0);
    let mut signals = Signals::new(heeded)?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            // Held until the program goes on: nobody asks anything meanwhile.
            let mut hidden = current();
            if let Some(hidden) = &*hidden {
                hidden.end();
            }
            let _ = emulate_default_handler(signal);
            // It was stopped, and goes on.
            if let Some(hidden) = &mut *hidden {
                let _ = hidden.begin();
            }
        }
    })?;
    let _ = WATCHED.set(());
    Ok(())
}

/// A bit for each signal that this process was started to ignore, from the lowest.
fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
