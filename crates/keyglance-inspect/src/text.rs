//! Texts: what of them is shown, and what of them looks random.

use std::borrow::Cow;
use std::fmt::Write as _;

use keyglance_core::text::is_hidden;

use crate::read::encoding::{base58, base64, hex};

/// Whether a text has characters that act on a terminal or that nobody sees; the line
/// breaks and tabs of a text with lines are none.
pub(crate) fn has_hidden(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        // What joins emoji and chooses their look is seen in them.
        let joins = matches!(c, '\u{200D}' | '\u{FE0F}') && !before.is_ascii();
        before = c;
        is_hidden(c) && !joins && !matches!(c, '\n' | '\r' | '\t')
    })
}

/// `text` with every hidden character as `⟨U+202E⟩`.
///
/// ```
/// assert_eq!(keyglance_inspect::visible("a\u{202E}b"), "a⟨U+202E⟩b");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            // Writing into a String does not fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// A text of no kind with what may be a secret in it left out: runs that look random, and
/// what is known to be private. `None` if there is nothing to leave out.
#[must_use]
pub fn without_secrets(text: &str) -> Option<String> {
    const HIDDEN: &str = "⟨hidden⟩";
    let in_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '=');
    let mut shown = String::with_capacity(text.len());
    let mut hidden = false;
    let mut private_block = false;
    for line in text.split_inclusive('\n') {
        private_block |= line.contains("-----BEGIN") && line.contains("PRIVATE");
        if private_block {
            private_block = !line.contains("-----END");
            if !std::mem::replace(&mut hidden, true) || !shown.ends_with(HIDDEN) {
                shown.push_str(HIDDEN);
            }
            continue;
        }
        let mut rest = line;
        while let Some(start) = rest.find(in_run) {
            let (before, from) = rest.split_at(start);
            let (run, after) = from.split_at(from.find(|c| !in_run(c)).unwrap_or(from.len()));
            shown.push_str(before);
            if may_be_secret(run) {
                hidden = true;
                shown.push_str(HIDDEN);
            } else {
                shown.push_str(run);
            }
            rest = after;
        }
        shown.push_str(rest);
    }
    hidden.then_some(shown)
}

fn may_be_secret(run: &str) -> bool {
    let age = "AGE-SECRET-KEY-";
    let inner = run.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let parts = || inner.split(['/', '+', '=']);
    run.get(..age.len()).is_some_and(|start| start.eq_ignore_ascii_case(age))
        || is_random(inner)
        || parts().any(is_random)
        || base64(run).is_some_and(|it| it.raw.len() >= 16 && is_mixed(run))
}

/// Capitals, small letters and digits, as words do not have them.
fn is_mixed(run: &str) -> bool {
    let has = |test: fn(char) -> bool| run.contains(test);
    has(|c| c.is_ascii_uppercase())
        && has(|c| c.is_ascii_lowercase())
        && has(|c| c.is_ascii_digit())
}

/// Whether `text` as a whole looks like random bytes: 22 or more of base64url, at least
/// 32 hexadecimal digits, or base58 of 16 bytes or more.
pub(crate) fn is_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    if bytes.len() >= 32 && bytes.iter().all(u8::is_ascii_hexdigit) {
        let mut seen = [false; 128];
        for byte in bytes {
            if let Some(seen) = seen.get_mut(usize::from(byte.to_ascii_lowercase())) {
                *seen = true;
            }
        }
        let letters = has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit);
        // 40 alone are a commit, more often than not.
        return bytes.len() != 40 && letters && seen.iter().filter(|seen| **seen).count() >= 10;
    }
    let url = bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let mix = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    if !url || !mix || has_word(bytes) || is_heading(text) {
        return false;
    }
    bytes.len() >= 22 || (bytes.len() <= 64 && base58(text).is_some_and(|it| it.len() >= 16))
}

/// The longest run that looks random, by separators that keys do not have.
pub(crate) fn random_run(text: &str) -> Option<&str> {
    let part_of_run = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let runs = || text.split(|c| !part_of_run(c));
    // Long runs of several words are split at hyphens too.
    runs()
        .chain(runs().flat_map(|run| run.split(['-', '_'])))
        .filter(|run| is_random(run))
        .max_by_key(|run| run.len())
}

/// Whether a free text, such as a comment, may hold a secret by mistake.
pub(crate) fn looks_secret(text: &str) -> bool {
    let capitals = text.to_ascii_uppercase();
    ["SECRET-KEY-", "PRIVATE KEY", "AGE-PLUGIN-", "NSEC1"].iter().any(|it| capitals.contains(it))
        || random_run(text).is_some()
}

/// The word of a list that a text is, in the text's own case or another, or "other": what
/// stands where only a word of a list may stand may be anything.
pub(crate) fn one_of(text: &str, words: &[&'static str]) -> &'static str {
    words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied().unwrap_or("other")
}

/// Whether seven letters of one case follow each other, as in words and not by chance.
pub(crate) fn has_word(bytes: &[u8]) -> bool {
    bytes
        .windows(7)
        .any(|run| run.iter().all(u8::is_ascii_lowercase) || run.iter().all(u8::is_ascii_uppercase))
}

/// Whether words and numbers follow each other with hyphens between, as in the name of a
/// section.
fn is_heading(text: &str) -> bool {
    let is_word = |word: &str| {
        let rest = word.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(word);
        rest.bytes().all(|b| b.is_ascii_lowercase())
            || word.bytes().all(|b| b.is_ascii_digit())
            || word.bytes().all(|b| b.is_ascii_uppercase())
    };
    text.contains(['-', '_']) && text.split(['-', '_']).all(is_word)
}

/// The bytes of a text that [`is_random`], by the first reading that fits.
pub(crate) fn random_bytes(text: &str) -> usize {
    hex(text)
        .or_else(|| base64(text))
        .map(|it| it.raw.len())
        .or_else(|| base58(text).map(|bytes| bytes.len()))
        .unwrap_or(text.len())
}

/// Eight-four-four-four-twelve hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// A host as a link may name it: letters of any script, digits, dots and hyphens, at least
/// two labels, or an address in numbers, or `localhost`; a port may follow.
pub(crate) fn is_host(text: &str) -> bool {
    let host = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            if port.is_empty() || port.len() > 5 || !port.bytes().all(|b| b.is_ascii_digit()) {
                return false;
            }
            host
        }
        _ => text,
    };
    if let Some(v6) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return v6.parse::<core::net::Ipv6Addr>().is_ok();
    }
    is_domain(host) && (host.contains('.') || host == "localhost")
}

/// One label or more, of letters, digits and hyphens.
pub(crate) fn is_domain(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_named() {
        assert_eq!(visible("plain é 🦊"), "plain é 🦊");
        assert_eq!(visible("\u{1b}[31m\u{200b}x"), "⟨U+001B⟩[31m⟨U+200B⟩x");
        assert!(has_hidden("a\u{202e}b") && has_hidden("a\u{200d}b"));
        assert!(!has_hidden("two\r\nlines") && !has_hidden("❤\u{fe0f} 👩\u{200d}🌾"));
    }

    #[test]
    fn words_routes_and_commits_are_not_random() {
        for text in [
            "History",
            "/settings/profile",
            "this-is-a-Very-Long-section-Title-42",
            "3f786850e387550fdab836ed7e6dc881de23001b",
            "00000000000000000000000000000000",
            "InternationalizationOfNames2",
            "A-Very-Long-Heading-About-2-Things",
            "0123456789",
        ] {
            assert!(!is_random(text), "{text}");
        }
        for text in [
            "zAfEybWe9vXTsjJsITKRyE4nToySLasQYzuDNhO7KWw",
            "f4762b80436d068cf7d1797fd9415f70",
            "YMK33gEa68as8NUNA46aFw",
            "2BfPWavGNAu6Ft2zomNbB3",
        ] {
            assert!(is_random(text), "{text}");
        }
    }

    #[test]
    fn hosts() {
        for host in
            ["example.org", "bücher.example", "192.0.2.7:8080", "[2001:db8::1]:443", "localhost"]
        {
            assert!(is_host(host), "{host}");
        }
        for host in
            ["", "example", "exa mple.org", "-a.example", "a..example", "x.example:", "[::g]"]
        {
            assert!(!is_host(host), "{host}");
        }
    }
}
