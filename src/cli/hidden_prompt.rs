//! A question whose answer the terminal does not show, and the terminal as it was
//! before, however the question ends.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::terminal_mode::{self, Leaving, TerminalMode};

/// Longest line that is taken, in bytes. Terminals drop what comes after 4,095
/// without a word, so that a line of that length may be half of what was typed.
const LONGEST_TYPED: usize = 4094;

/// A terminal that does not show what is typed, and how it was before.
struct Hidden {
    terminal: File,
    before: Termios,
    question: String,
}

impl TerminalMode for Hidden {
    /// Stops showing what is typed, forgets what was typed before, and asks.
    fn enter(&mut self) -> io::Result<()> {
        let mut quiet = self.before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        // The end of the line is all that is seen.
        quiet.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&self.terminal, OptionalActions::Flush, &quiet)?;
        self.terminal.write_all(self.question.as_bytes())
    }

    /// Shows what is typed again. What was typed and not read is forgotten: half a
    /// passphrase is nothing for whoever reads next.
    fn leave(&mut self, _: Leaving) {
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
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let asked = terminal_mode::enter(Hidden {
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
