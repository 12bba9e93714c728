//! A code that was read, and what is told of it.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use keyglance_inspect::{Confidence, Verdict, inspect, without_secrets};
use keyglance_profile::printable_lines;

/// How much of a long text is shown at first, in characters.
const SHOWN: usize = 600;
/// How many bytes are shown in hex.
const SHOWN_BYTES: usize = 512;

/// A code that was read.
pub struct Code {
    bytes: Zeroizing<Vec<u8>>,
    pub verdict: Verdict,
    /// The parts that were asked for, by their places.
    shown: BTreeSet<usize>,
    /// What an ordinary code says with what may be a secret left out, until it is asked for;
    /// nothing of what was not looked into.
    without_secrets: Option<String>,
    /// The text was cut, and all of it is wanted.
    pub whole: bool,
    /// What may be a secret in the text is wanted, too.
    bare: bool,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code").field("verdict", &self.verdict.id).finish_non_exhaustive()
    }
}

impl Code {
    pub fn new(bytes: Zeroizing<Vec<u8>>, now: Timestamp) -> Self {
        let verdict = inspect(&bytes, now);
        let text = str::from_utf8(&bytes).ok().filter(|_| verdict.confidence == Confidence::None);
        let without_secrets = if verdict.is_too_long() {
            Some(String::new())
        } else {
            text.and_then(without_secrets).map(|text| printable_lines(&text))
        };
        Self { bytes, verdict, shown: BTreeSet::new(), without_secrets, whole: false, bare: false }
    }

    /// Whether there is nothing to tell but what it says.
    pub fn is_ordinary(&self) -> bool {
        self.verdict.confidence == Confidence::None
    }

    pub fn is_shown(&self, part: usize) -> bool {
        self.shown.contains(&part)
    }

    pub fn show(&mut self, part: usize) {
        self.shown.insert(part);
    }

    pub fn show_text(&mut self) {
        self.bare = true;
    }

    /// What is left of an ordinary text where something of it waits to be asked for.
    pub fn waiting(&self) -> Option<&str> {
        self.without_secrets.as_deref().filter(|_| !self.bare)
    }

    /// Whether what an ordinary code says may be a secret.
    pub fn may_be_secret(&self) -> bool {
        self.without_secrets.is_some()
    }

    /// What an ordinary code says, with every mark that does not show as an escape; in hex
    /// what is no text.
    pub fn said(&self) -> String {
        match std::str::from_utf8(&self.bytes).ok().filter(|text| !text.contains('\0')) {
            Some(text) => printable_lines(text),
            None => hex(&self.bytes),
        }
    }

    /// The text as it is, to be copied; in hex what is no text.
    pub fn text(&self) -> String {
        std::str::from_utf8(&self.bytes).map_or_else(|_| hex(&self.bytes), str::to_owned)
    }
}

fn hex(bytes: &[u8]) -> String {
    let shown = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
    let rows = shown
        .chunks(16)
        .map(|row| row.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "));
    rows.collect::<Vec<_>>().join("\n")
}

/// The beginning of a long text, or all of it.
pub fn cut(text: &str, whole: bool) -> &str {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) if !whole => text.get(..end).unwrap_or(text),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> Code {
        Code::new(bytes.to_vec().into(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn marks_that_do_not_show_are_shown_and_bytes_are_hex() {
        let hidden = code("https://bank.example/\u{202e}moc.live\u{7}".as_bytes());
        assert_eq!(hidden.said(), r"https://bank.example/\u{202e}moc.live\u{7}");
        assert!(hidden.is_ordinary());
        assert_eq!(code(&[0xff, 0, 0x10]).said(), "ff 00 10");
        assert!(code(&[0xff; 5000]).said().len() <= 3 * SHOWN_BYTES);
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let text = "ö".repeat(SHOWN + 1);
        assert_eq!(cut(&text, false).chars().count(), SHOWN);
        assert_eq!(cut(&text, true), text);
        assert_eq!(cut("short", false), "short");
    }

    #[test]
    fn debug_has_no_secret() {
        let code = code(b"WIFI:T:WPA;S:x;P:correct horse;;");
        assert!(!format!("{code:?}").contains("horse"));
    }
}
