//! Texts from outside, as other programs and people carry them: with a byte order mark,
//! white space and line breaks, hyphens between digits, invisible marks of direction.
//! What they add is taken off in this one place, before anything is read.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::text::is_hidden;

const BOM: char = '\u{FEFF}';

/// `text` without a byte order mark at its start.
///
/// ```
/// use keyglance_core::intake::without_bom;
///
/// assert_eq!(without_bom("\u{FEFF}secret "), "secret ");
/// ```
#[must_use]
pub fn without_bom(text: &str) -> &str {
    text.strip_prefix(BOM).unwrap_or(text)
}

/// A document in a file, without a byte order mark and white space before it.
#[must_use]
pub fn document(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes).trim_ascii_start()
}

/// A code that was scanned or pasted: without byte order mark, white space and invisible
/// characters around it, and without line breaks, which mail programs put into long
/// lines. Spaces inside stay: base45 has them.
///
/// ```
/// use keyglance_core::intake::code;
///
/// assert_eq!(code("\u{FEFF}KG1:A B\r\n"), "KG1:A B");
/// assert_eq!(code("kg1:ab\ncd"), "kg1:abcd");
/// ```
#[must_use]
pub fn code(text: &str) -> Cow<'_, str> {
    let inner = text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c));
    let breaks = |c: char| matches!(c, '\r' | '\n' | '\u{2028}' | '\u{2029}');
    match inner.contains(breaks) {
        true => Cow::Owned(inner.chars().filter(|c| !breaks(*c)).collect()),
        false => Cow::Borrowed(inner),
    }
}

/// A key in a text form without spaces of its own (hexadecimal, base64, bech32):
/// without any white space and invisible characters.
#[must_use]
pub fn key(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !is_hidden(*c)).collect()
}

/// Digits that a person typed or pasted, as ASCII. White space, hyphens and dashes of any
/// kind and invisible characters are separators; the decimal digits of every script
/// count, so that a keyboard's full-width ones do. `None` if there is anything else.
///
/// ```
/// use keyglance_core::intake::digits;
///
/// assert_eq!(digits(" 123-456\u{200E}").as_deref(), Some("123456"));
/// assert_eq!(digits("１２３ ٤٥٦").as_deref(), Some("123456"));
/// assert_eq!(digits("123a"), None);
/// ```
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let separates = |c: char| {
        let dash = c.general_category() == GeneralCategory::DashPunctuation || c == '\u{2212}';
        c.is_whitespace() || dash || is_hidden(c)
    };
    text.chars().filter(|c| !separates(*c)).map(digit).collect()
}

/// The ASCII digit of the same value. Unicode gives each script's decimal digits ten code
/// points in a row, from zero on (The Unicode Standard, 4.6).
fn digit(c: char) -> Option<char> {
    let is_digit = |c: &char| c.general_category() == GeneralCategory::DecimalNumber;
    if !is_digit(&c) {
        return None;
    }
    let before = (0..u32::from(c)).rev().map_while(char::from_u32).take_while(is_digit).count();
    char::from_digit(u32::try_from(before % 10).ok()?, 10)
}

/// `text` with a percent sign and two digits for every byte of UTF-8 but letters, digits and
/// `-._~` (RFC 3986, 2.1 and 2.3).
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(3 * text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// `text` with `%XX` read as in a URL; `None` where a `%` stands for nothing.
#[must_use]
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| hex)?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_through_however_they_are_grouped() {
        for text in [
            "123456",
            "123 456",
            "123-456",
            "123\u{2011}456",
            "123\u{2013}456",
            "123\u{2212}456",
            "\u{FEFF}123\u{A0}456\r\n",
            "\u{2066}123\u{2009}456\u{2069}",
            "12\u{AD}34\u{200B}56",
            "１２３４５６",
            "１２３－４５６",
            "١٢٣٤٥٦",
            "१२३४५६",
            "𝟏𝟐𝟑𝟜𝟝𝟞",
        ] {
            assert_eq!(digits(text).as_deref(), Some("123456"), "{text:?}");
        }
        for text in ["12345a", "123.456", "½", "²", "一二三", "O12345", "123456!"] {
            assert_eq!(digits(text), None, "{text:?}");
        }
        assert_eq!(digits("").as_deref(), Some(""));
    }

    #[test]
    fn a_percent_sign_stands_for_a_byte_or_for_nothing() {
        assert_eq!(percent_decoded("a%2Bb%2fc%3D").as_deref(), Some("a+b/c="));
        assert_eq!(percent_decoded("plain").as_deref(), Some("plain"));
        for bad in ["%", "%2", "%+1", "%zz", "%é", "%ff"] {
            assert_eq!(percent_decoded(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_document_begins_after_its_mark() {
        assert_eq!(document(b"\xEF\xBB\xBF{}"), b"{}");
        assert_eq!(document(b"\xEF\xBB\xBF\r\n {}\n"), b"{}\n");
        assert_eq!(document(b"{}"), b"{}");
    }
}
