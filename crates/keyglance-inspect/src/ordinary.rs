//! Ordinary formats, which hold nothing to tell.

use crate::input::{Input, after};
use crate::read::encoding::{is_alphanumeric, is_digits};
use crate::read::json;
use crate::text::is_uuid;

/// What an ordinary payload is.
pub(crate) fn format(input: &Input<'_>) -> &'static str {
    let Ok(text) = input.text() else {
        return if input.bytes.is_empty() { "empty" } else { "text" };
    };
    let starts = |prefix: &str| after(text, prefix).is_some();
    let prefixes = [
        ("BEGIN:VCARD", "vCard"),
        ("MECARD:", "MeCard"),
        ("BIZCARD:", "business card"),
        ("BEGIN:VCALENDAR", "calendar"),
        ("BEGIN:VEVENT", "calendar"),
        ("mailto:", "e-mail address"),
        ("MATMSG:", "e-mail"),
        ("SMTP:", "e-mail"),
        ("tel:", "telephone number"),
        ("sms:", "SMS"),
        ("SMSTO:", "SMS"),
        ("MMSTO:", "SMS"),
        ("geo:", "place"),
        ("BCD\n", "EPC payment"),
        ("BCD\r\n", "EPC payment"),
        ("SPC\n", "Swiss payment"),
        ("SPC\r\n", "Swiss payment"),
        ("upi://", "UPI payment"),
        ("market://", "app store link"),
    ];
    if let Some((_, format)) = prefixes.iter().find(|(prefix, _)| starts(prefix)) {
        return format;
    }
    let line = input.line().unwrap_or(text);
    if is_boarding_pass(text) {
        "boarding pass"
    } else if is_digits(line) {
        if is_gtin(line) { "product number" } else { "digits" }
    } else if is_gs1(line) {
        "GS1"
    } else if is_uuid(line) {
        "UUID"
    } else if line.len() >= 8 && line.bytes().all(|b| b.is_ascii_hexdigit()) {
        "hex"
    } else if input.link().is_ok_and(|link| link.has_authority) {
        "URL"
    } else if text.starts_with(['{', '[']) && json::value(text).is_some() {
        "JSON"
    } else {
        "text"
    }
}

/// IATA's bar-coded boarding pass: `M`, the number of legs, and a name in 20 columns.
fn is_boarding_pass(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 58
        && bytes.first() == Some(&b'M')
        && matches!(bytes.get(1), Some(b'1'..=b'4'))
        && bytes.get(2..22).is_some_and(|name| name.contains(&b'/') || name.contains(&b' '))
}

/// GTIN-8, -12, -13, -14 with the right check digit (GS1 General Specifications, 7.9).
fn is_gtin(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    matches!(digits.len(), 8 | 12..=14) && sum.is_multiple_of(10)
}

/// Application identifiers in brackets, or FNC1's group separator between them.
fn is_gs1(line: &str) -> bool {
    let bracketed = line.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    bracketed.is_some_and(|(number, rest)| {
        is_digits(number)
            && (2..=4).contains(&number.len())
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
    }) || line.split('\u{1d}').count() > 1 && line.split('\u{1d}').all(is_alphanumeric)
}
