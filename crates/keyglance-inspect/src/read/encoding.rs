//! Bytes as text: RFC 4648, base58, base45.

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER_PERMISSIVE};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::finding::Content;

/// Hexadecimal digits of either case, an even number.
pub(crate) fn hex(text: &str) -> Option<Content> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
    (!bytes.is_empty()).then(|| Content::new(text, bytes))
}

/// Hexadecimal digits of this many bytes.
pub(crate) fn hex_of(text: &str, bytes: usize) -> Option<Content> {
    if text.len() == bytes.checked_mul(2)? { hex(text) } else { None }
}

/// Base64 of either alphabet, padded or not; what was read would be written the same.
pub(crate) fn base64(text: &str) -> Option<Content> {
    let inner = text.trim_end_matches('=');
    let padding = text.len() - inner.len();
    if padding > 0 && (padding > 2 || !text.len().is_multiple_of(4)) {
        return None;
    }
    let url = inner.contains(['-', '_']);
    let encoding: &Encoding = if url { &BASE64URL_NOPAD } else { &BASE64_NOPAD };
    let bytes = encoding.decode(inner.as_bytes()).ok()?;
    (!bytes.is_empty()).then(|| Content::new(text, bytes))
}

/// Base64 of this many bytes.
pub(crate) fn base64_of(text: &str, bytes: usize) -> Option<Content> {
    base64(text)?.len(bytes)
}

/// Base64url of this many bytes, as links have it: without padding.
pub(crate) fn base64url_of(text: &str, bytes: usize) -> Option<Content> {
    if is_base64url(text) { base64_of(text, bytes) } else { None }
}

/// Base32 of RFC 4648 in either case, without padding.
pub(crate) fn base32(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let inner = Zeroizing::new(text.trim_end_matches('=').to_ascii_uppercase());
    let bytes = BASE32_NOPAD.decode(inner.as_bytes()).ok().filter(|bytes| !bytes.is_empty())?;
    Some(Zeroizing::new(bytes))
}

/// Whether all are letters of RFC 4648's base32, in one case.
pub(crate) fn is_base32(text: &str) -> bool {
    let digit = |b: u8| matches!(b, b'2'..=b'7');
    !text.is_empty()
        && (text.bytes().all(|b| b.is_ascii_lowercase() || digit(b))
            || text.bytes().all(|b| b.is_ascii_uppercase() || digit(b)))
}

/// Whether all are letters of base64url.
pub(crate) fn is_base64url(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether all are ASCII digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether all are ASCII letters or digits.
pub(crate) fn is_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// No form is longer, and the work grows with the square.
const MAX_BASE58: usize = 512;

/// Base58 with Bitcoin's alphabet (draft-msporny-base58).
pub(crate) fn base58(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.is_empty() || text.len() > MAX_BASE58 {
        return None;
    }
    let zeros = text.bytes().take_while(|b| *b == b'1').count();
    // Little-endian.
    let mut number = Zeroizing::new(Vec::with_capacity(text.len()));
    for letter in text.bytes() {
        let digit = BASE58.iter().position(|b| *b == letter)?;
        let mut carry = u32::try_from(digit).ok()?;
        for byte in number.iter_mut() {
            carry += u32::from(*byte) * 58;
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        if carry > 0 {
            number.push(carry.to_le_bytes()[0]);
        }
    }
    number.extend(std::iter::repeat_n(0, zeros));
    number.reverse();
    Some(number)
}

/// Base58 whose last four bytes are the start of the double SHA-256 of the others; `Err` if
/// the form is right and they are not.
pub(crate) fn base58check(text: &str) -> Option<Result<Zeroizing<Vec<u8>>, ()>> {
    let mut bytes = base58(text)?;
    let end = bytes.len().checked_sub(4)?;
    let checksum = bytes.split_off(end);
    let hash = Sha256::digest(Sha256::digest(&bytes));
    Some(if hash.starts_with(&checksum) { Ok(bytes) } else { Err(()) })
}

/// Base45 (RFC 9285); what was read would be written the same.
pub(crate) fn base45(text: &str) -> Option<Vec<u8>> {
    let bytes = base45::decode(text).ok()?;
    (base45::encode(&bytes) == text).then_some(bytes)
}

/// So many bytes of a number, the least significant first; `None` if it needs more.
pub(crate) fn little_endian(number: u64, bytes: usize) -> Option<Vec<u8>> {
    let all = number.to_le_bytes();
    let (kept, rest) = all.split_at_checked(bytes)?;
    rest.iter().all(|byte| *byte == 0).then(|| kept.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base58_of_the_draft() {
        assert_eq!(base58("2NEpo7TZRRrLZSi2U").unwrap().as_slice(), b"Hello World!");
        assert_eq!(base58("11233QC4").unwrap().as_slice(), [0, 0, 0x28, 0x7f, 0xb4, 0xcd]);
        for bad in ["", "0", "O", "I", "l", "2NEpo7TZRRrLZSi2U="] {
            assert!(base58(bad).is_none(), "{bad}");
        }
        assert!(base58(&"z".repeat(MAX_BASE58 + 1)).is_none());
    }

    #[test]
    fn base64_is_strict() {
        assert_eq!(base64("-_8").unwrap().raw.as_slice(), [0xfb, 0xff]);
        assert_eq!(base64("+/8=").unwrap().raw.as_slice(), [0xfb, 0xff]);
        for bad in ["", "-/8", "+/9=", "+/8==", "A", "AA=", "A A="] {
            assert!(base64(bad).is_none(), "{bad}");
        }
    }
}
