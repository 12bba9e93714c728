//! Texts on their way out: into a shell, onto a terminal, into a file's name.

use std::fmt::Write as _;
use std::path::Path;

use crate::text::is_hidden;

/// `text` as one word of a shell's command line: as it is where that is safe, else in
/// single quotes (POSIX, Shell Command Language, 2.2.2). What a reader could not see is
/// written in octal inside `$'…'` (POSIX 2024; bash, zsh, ksh, busybox): such a line can be
/// shown and still names the right file.
///
/// ```
/// use keyglance_core::outgoing::shell_quoted;
///
/// assert_eq!(shell_quoted("letter.age"), "letter.age");
/// assert_eq!(shell_quoted("Ana's laptop"), r"'Ana'\''s laptop'");
/// assert_eq!(shell_quoted("$(id)"), "'$(id)'");
/// assert_eq!(shell_quoted("a\rb"), r"$'a\015b'");
/// ```
#[must_use]
pub fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    // A leading `=` names a program in zsh.
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('=') {
        return text.to_owned();
    }
    if !text.chars().any(is_hidden) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    in_octal(text.as_bytes())
}

/// A path as one word of a shell's command line, which no program takes for an option:
/// `./` before a leading hyphen.
///
/// ```
/// use keyglance_core::outgoing::shell_path;
///
/// assert_eq!(shell_path("my dir/key".as_ref()), "'my dir/key'");
/// assert_eq!(shell_path("-rf".as_ref()), "./-rf");
/// ```
#[must_use]
pub fn shell_path(path: &Path) -> String {
    let safe = Path::new(".").join(path);
    let begins_with_hyphen = path.as_os_str().as_encoded_bytes().starts_with(b"-");
    let path = if begins_with_hyphen { safe.as_path() } else { path };
    path.to_str().map_or_else(|| in_octal(path.as_os_str().as_encoded_bytes()), shell_quoted)
}

/// Hidden characters, and bytes that are no UTF-8, in octal.
fn in_octal(text: &[u8]) -> String {
    let octal = |word: &mut String, bytes: &[u8]| {
        for byte in bytes {
            // Writing to a String does not fail.
            let _ = write!(word, "\\{byte:03o}");
        }
    };
    let mut word = "$'".to_owned();
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => word.extend(['\\', c]),
                c if is_hidden(c) => octal(&mut word, c.encode_utf8(&mut [0; 4]).as_bytes()),
                c => word.push(c),
            }
        }
        octal(&mut word, chunk.invalid());
    }
    word.push('\'');
    word
}

/// A name as the last word of a suggested command of ours, which is not taken for an
/// option: `--` before a leading hyphen.
///
/// ```
/// use keyglance_core::outgoing::shell_argument;
///
/// assert_eq!(shell_argument("Bo"), "Bo");
/// assert_eq!(shell_argument("-n"), "-- -n");
/// ```
#[must_use]
pub fn shell_argument(name: &str) -> String {
    let word = shell_quoted(name);
    if name.starts_with('-') { format!("-- {word}") } else { word }
}

/// `text` for one line of a terminal: characters that do not show, or that act on the
/// terminal or on the text around them, as escapes.
///
/// ```
/// use keyglance_core::outgoing::printable;
///
/// assert_eq!(printable("Zoë 🐈"), "Zoë 🐈");
/// assert_eq!(printable("\u{1b}[2Jhi\u{202e}\n"), r"\u{1b}[2Jhi\u{202e}\n");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.extend(c.escape_default()),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// The same for a text of several lines: line feeds stay.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// A path for one line of a terminal.
#[must_use]
pub fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}
