//! Standard output and error.

use std::borrow::Cow;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::code_size::{self, CodeTooLarge, TerminalSize};
use super::failure::Failure;
use super::terminal;
use crate::messages::{self, Notification};
use keyglance_profile::{Warning, printable};
use keyglance_qr::{Code, TerminalStyle};

/// Where a command's results go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
    /// Whether standard output carries something else than the result.
    pub aside: bool,
}

/// Whether a JSON result was written.
static RESULT: AtomicBool = AtomicBool::new(false);

impl Output {
    pub const fn new(json: bool) -> Self {
        Self { json, aside: false }
    }

    /// Writes bytes to standard output, as they are: what an export holds.
    pub fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => {
                Failure::error("The program that reads our output has stopped.")
            }
            kind => {
                Failure::error(messages::sentence(&messages::write_failed("standard output", kind)))
            }
        })
    }

    /// Writes a code that was drawn, or what moves the cursor: escapes of our own.
    pub fn drawing(self, drawn: &str) -> Result<(), Failure> {
        self.bytes(drawn.as_bytes())
    }

    /// Writes a text to standard output.
    pub fn text(self, text: &str) -> Result<(), Failure> {
        self.bytes(terminal::shown(text, io::stdout().is_terminal()).as_bytes())
    }

    /// Writes the result: the object with `--json`, else the text.
    pub fn result(self, text: impl FnOnce() -> String, value: &Value) -> Result<(), Failure> {
        if self.json {
            RESULT.store(true, Ordering::Relaxed);
            self.bytes(format!("{}\n", json_text(value)).as_bytes())
        } else {
            self.text(&text())
        }
    }

    /// Writes the result to standard error, where standard output carries codes.
    pub fn result_aside(self, text: impl FnOnce() -> String, value: &Value) {
        if self.json {
            RESULT.store(true, Ordering::Relaxed);
            self.tell(json_text(value));
        } else {
            self.tell(text().trim_end());
        }
    }

    /// With `--json` writes a failure where the result would have been, if none was
    /// written.
    pub fn failure(self, value: &Value) {
        if !self.json || RESULT.load(Ordering::Relaxed) {
            return;
        }
        if self.aside {
            self.tell(json_text(value));
        } else {
            // With standard output closed the exit code is left.
            let _ = self.bytes(format!("{}\n", json_text(value)).as_bytes());
        }
    }

    /// Writes a note to standard error, so that results stay clean.
    pub fn tell(self, text: impl Display) {
        to_standard_error(&format!("{text}\n"));
    }

    /// Replaces the last line on standard error, which is a terminal.
    pub fn update_line(self, text: &str) {
        if !terminal::takes_escapes() {
            return;
        }
        let mut err = io::stderr();
        let text = printable(text);
        let text = terminal::shown(&text, true);
        let _ = write!(err, "\r\x1b[K{text}").and_then(|()| err.flush());
    }

    /// Writes warnings of the profile to standard error, and what to do about them.
    pub fn warn_all(self, warnings: &[Warning]) {
        for warning in warnings {
            let Notification { what, advice } = messages::terminal::warning(warning);
            self.tell(format!("Note: {}", printable(&what)));
            if !advice.is_empty() {
                self.tell(advice);
            }
        }
    }
}

/// Writes a text to standard error.
pub fn to_standard_error(text: &str) {
    let mut err = io::stderr();
    let text = terminal::shown(text, err.is_terminal());
    // With standard error closed there is nobody to tell.
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// A JSON result that can be shown on a terminal too; its version stands first.
pub fn json_text(value: &Value) -> String {
    let mut versioned = Map::new();
    versioned.insert("v".to_owned(), Value::from(1));
    let value = match value {
        Value::Object(members) => {
            versioned.extend(members.clone());
            Value::Object(versioned)
        }
        other => other.clone(),
    };
    terminal::json(&value.to_string()).into_owned()
}

/// A time in a JSON result: RFC 3339 in UTC, to the second.
pub fn json_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A path in a JSON result.
pub fn json_path(path: &Path) -> Cow<'_, str> {
    path.to_string_lossy()
}

/// Standard output, for what is written to it in one go.
pub fn standard_output() -> impl io::Write {
    io::stdout().lock()
}

/// Where standard output leads.
#[derive(Debug)]
pub enum Destination {
    /// To a program. Written to directly: no buffer keeps a copy.
    Pipe(File),
    /// To a person.
    Terminal,
    /// To a file, or nowhere.
    Other,
}

/// Where standard output leads.
pub fn destination() -> Destination {
    if on_terminal() {
        return Destination::Terminal;
    }
    match own_output() {
        Ok(file) if is_pipe(&file) => Destination::Pipe(file),
        _ => Destination::Other,
    }
}

#[cfg(unix)]
fn own_output() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(unix)]
fn is_pipe(file: &File) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    file.metadata().is_ok_and(|of| of.file_type().is_fifo() || of.file_type().is_socket())
}

#[cfg(windows)]
fn own_output() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    io::stdout().as_handle().try_clone_to_owned().map(File::from)
}

/// The system tells what it knows of files, and of pipes nothing.
#[cfg(windows)]
fn is_pipe(file: &File) -> bool {
    file.metadata().is_err()
}

/// Whether a person is likely to see standard output.
pub fn on_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether a person is likely to see standard error.
pub fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Whether a person can be asked: input and error are both a terminal.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether colours are wanted: <https://no-color.org>.
pub fn wants_colours() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// How standard output shows a code, with colours or without.
pub fn code_style(colours: bool) -> TerminalStyle {
    let colours = colours && terminal::takes_escapes();
    match (terminal::takes_unicode(), colours) {
        (true, true) => TerminalStyle::Colour,
        (false, true) => TerminalStyle::ColourAscii,
        (true, false) if terminal::is_light() => TerminalStyle::PlainOnLight,
        (true, false) => TerminalStyle::Plain,
        (false, false) if terminal::is_light() => TerminalStyle::AsciiOnLight,
        (false, false) => TerminalStyle::Ascii,
    }
}

/// Draws on the terminal that standard output is.
pub fn draw(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// Calls the system about standard output.
#[cfg(unix)]
pub fn on_standard_output<T>(call: impl FnOnce(io::Stdout) -> T) -> T {
    call(io::stdout())
}

/// Columns and rows of the terminal that standard output is, as far as it says.
pub fn terminal_size() -> Option<TerminalSize> {
    #[cfg(unix)]
    {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
        (columns > 0 && rows > 0).then_some(TerminalSize { columns, rows })
    }
    #[cfg(not(unix))]
    {
        let (columns, rows) = terminal_size::terminal_size_of(io::stdout())?;
        Some(TerminalSize { columns: columns.0.into(), rows: rows.0.into() })
    }
}

/// Whether the terminal has room for this code, and for the shell's next line below it.
///
/// # Errors
/// [`CodeTooLarge`].
pub fn check_room(code: &Code, style: TerminalStyle) -> Result<(), CodeTooLarge> {
    code_size::check(code, style, 1, terminal_size())
}

/// Asks on standard error and returns the answer, trimmed. `None` at the end of input.
pub fn ask(question: &str) -> Option<String> {
    to_standard_error(&format!("{question} "));
    let mut answer = String::new();
    match io::stdin().read_line(&mut answer) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(answer.trim().to_owned()),
    }
}

/// Replaces the line above a question that is being answered on standard error (DECSC and
/// DECRC around it, so that what is typed meanwhile stays where it is).
pub fn rewrite_line_above(text: &str) {
    if !terminal::takes_escapes() {
        return;
    }
    let mut err = io::stderr();
    let text = printable(text);
    let text = terminal::shown(&text, true);
    let _ = write!(err, "\x1b7\x1b[1A\r{text}\x1b[K\x1b8").and_then(|()| err.flush());
}

/// Asks until the answer is yes or no. `None` at the end of input.
pub fn ask_yes_no(question: &str) -> Option<bool> {
    loop {
        match ask(&format!("{question} [yes/no]"))?.to_lowercase().as_str() {
            "y" | "yes" => return Some(true),
            "n" | "no" => return Some(false),
            _ => {}
        }
    }
}

/// Sets up the log on standard error.
pub fn log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => tracing::Level::INFO,
        2 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .init();
}
