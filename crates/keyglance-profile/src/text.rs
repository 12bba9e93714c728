//! Texts on their way out: into a shell, onto a terminal.

use std::fmt::Write as _;

use keyglance_core::text::is_hidden;

/// `text` as one word of a POSIX shell's command line: as it is where that is
/// safe, else in single quotes.
///
/// ```
/// use keyglance_profile::shell_quoted;
///
/// assert_eq!(shell_quoted("letter.age"), "letter.age");
/// assert_eq!(shell_quoted("Ana's laptop"), r"'Ana'\''s laptop'");
/// assert_eq!(shell_quoted("$(id)"), "'$(id)'");
/// ```
#[must_use]
pub fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@%".contains(c);
    // A leading dash would be taken for an option, quoted or not; `~` and `=` are
    // special at the start of a word only.
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// `text` for a terminal: characters that do not show, or that act on the
/// terminal or on the text around them, as escapes.
///
/// ```
/// use keyglance_profile::printable;
///
/// assert_eq!(printable("Zoë 🐈"), "Zoë 🐈");
/// assert_eq!(printable("\u{1b}[2Jhi\u{202e}"), r"\u{1b}[2Jhi\u{202e}");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String does not fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}
