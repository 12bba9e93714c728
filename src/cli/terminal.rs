//! What a terminal can show, and texts made fit for it. Every text for a person passes
//! here on its way out, so that nothing that came from outside acts on the terminal.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::sync::OnceLock;

use keyglance_core::text::is_hidden;
use keyglance_profile::printable_lines;

/// Whether the terminal takes escape sequences: a shell inside an editor does not, nor
/// does an old console of Windows. The first call asks the console to take them.
pub fn takes_escapes() -> bool {
    static CONSOLE: OnceLock<Option<bool>> = OnceLock::new();
    let console = *CONSOLE.get_or_init(console);
    escapes(std::env::var_os("TERM").as_deref(), console)
}

fn escapes(term: Option<&OsStr>, console: Option<bool>) -> bool {
    console != Some(false) && term.is_none_or(|term| term != "dumb")
}

/// What a console of Windows says to escape sequences.
#[cfg(windows)]
fn console() -> Option<bool> {
    anstyle_query::windows::enable_ansi_colors()
}

#[cfg(not(windows))]
const fn console() -> Option<bool> {
    None
}

/// Whether it takes more than ASCII, by the locale (POSIX, 8.2). Where none is set, in a
/// container for one, it is taken to be a terminal of our days.
pub fn takes_unicode() -> bool {
    let of = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = of("LC_ALL").or_else(|| of("LC_CTYPE")).or_else(|| of("LANG"));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Whether it says that it is dark on light, as rxvt, Konsole and others do: the colours of
/// text and of what is behind it, of the 16 (rxvt(1), COLORFGBG).
pub fn is_light() -> bool {
    let colours = std::env::var("COLORFGBG").unwrap_or_default();
    matches!(colours.rsplit(';').next(), Some("7" | "15"))
}

/// `text` as it can be shown: hidden characters as escapes, and on a terminal that has no
/// Unicode every other one that is not ASCII.
pub fn shown(text: &str, on_terminal: bool) -> Cow<'_, str> {
    let text = match text.chars().any(|c| c != '\n' && is_hidden(c)) {
        true => Cow::Owned(printable_lines(text)),
        false => Cow::Borrowed(text),
    };
    match text.is_ascii() || !on_terminal || takes_unicode() {
        true => text,
        false => Cow::Owned(in_ascii(&text)),
    }
}

/// Our own typography has its like in ASCII; a letter of a name is shown as an escape.
fn in_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => ascii.push(c),
            '…' => ascii.push_str("..."),
            '‘' | '’' => ascii.push('\''),
            '“' | '”' => ascii.push('"'),
            '–' | '—' | '−' | '‐' | '‑' => ascii.push('-'),
            '·' | '•' => ascii.push('*'),
            '→' => ascii.push_str("->"),
            '×' => ascii.push('x'),
            '▲' => ascii.push('!'),
            '✔' => ascii.push_str("OK:"),
            '✘' | '✖' => ascii.push_str("NO:"),
            '\u{A0}' => ascii.push(' '),
            c => ascii.extend(c.escape_unicode()),
        }
    }
    ascii
}

/// JSON with hidden characters as `\u` escapes, which mean the same (RFC 8259, section 7):
/// they stand in strings only.
pub fn json(document: &str) -> Cow<'_, str> {
    if !document.chars().any(|c| c != '\n' && is_hidden(c)) {
        return Cow::Borrowed(document);
    }
    let mut escaped = String::with_capacity(document.len());
    for c in document.chars() {
        if c == '\n' || !is_hidden(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String does not fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_hidden_characters() {
        let value = serde_json::json!({ "a": "x\u{202E}\u{9B}2J\u{E0041}\u{200B}\n\u{1B}é🦊" });
        let text = value.to_string();
        let escaped = json(&text);
        assert!(!escaped.chars().any(is_hidden), "{escaped}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), value);
        assert_eq!(json("{}\n"), "{}\n");
    }

    #[test]
    fn a_console_that_refuses_escapes_gets_none() {
        for (term, console, takes) in [
            (None, None, true),
            (Some("xterm"), None, true),
            (Some("dumb"), None, false),
            (None, Some(true), true),
            (None, Some(false), false),
            (Some("xterm"), Some(false), false),
            (Some("dumb"), Some(true), false),
        ] {
            assert_eq!(escapes(term.map(OsStr::new), console), takes, "{term:?} {console:?}");
        }
    }

    #[test]
    fn what_cannot_be_shown_is_told_in_ascii() {
        let ascii = in_ascii("✔ René’s key… 1 × 2 → “🦊”");
        assert_eq!(ascii, "OK: Ren\\u{e9}'s key... 1 x 2 -> \"\\u{1f98a}\"");
    }
}
