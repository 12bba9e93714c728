//! What a code is, by what it says, and whether that is a secret.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use keyglance_core::contacts::{IdentityError, PeerIdentity};
use keyglance_core::crypto::{Fingerprint, PublicKey};
use keyglance_core::pairing::{Frame, FrameError};
use zeroize::Zeroizing;

use crate::file_kind::document_format;

/// What a code says that was scanned or pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeKind {
    /// A device that wants to pair shows it.
    Pairing,
    /// A device shows it to one contact, to be compared.
    Verification,
    /// The public key of a device.
    PublicKey,
    /// A shared key, which is secret.
    Key,
    /// A text of a well-known form that holds a secret.
    Secret,
    /// 32 bytes and nothing else, plain, in hex or in base64: nobody can see whether they are
    /// a secret.
    MaybeKey,
    /// Something else.
    Other,
}

impl CodeKind {
    /// Whether it is not to be shown before somebody asks for it, nor to stay in the
    /// clipboard.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Key | Self::Secret | Self::MaybeKey)
    }
}

/// What a code says, by its content.
///
/// ```
/// use keyglance_profile::{CodeKind, code_kind};
///
/// assert_eq!(code_kind(b"WIFI:T:WPA;S:guests;P:a password;;"), CodeKind::Secret);
/// assert_eq!(code_kind(b"https://example.org"), CodeKind::Other);
/// ```
#[must_use]
pub fn code_kind(bytes: &[u8]) -> CodeKind {
    match Frame::from_scanned(bytes) {
        Err(FrameError::NotOurs) => {}
        Err(FrameError::FingerprintCode) => return CodeKind::Verification,
        Ok(_) | Err(_) => return CodeKind::Pairing,
    }
    if document_format(bytes) == Some("keyglance-shared-key") {
        return CodeKind::Key;
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return other(bytes) };
    let nobody = Fingerprint::of(&PublicKey::from_bytes([0; 32]));
    match PeerIdentity::read(text.trim(), &nobody) {
        Err(IdentityError::NotOurs) if holds_a_secret(text) => CodeKind::Secret,
        Err(IdentityError::NotOurs) => other(bytes),
        Err(IdentityError::Code(_) | IdentityError::NotForUs) => CodeKind::Verification,
        Ok(_) | Err(_) => CodeKind::PublicKey,
    }
}

/// What is none of ours.
fn other(bytes: &[u8]) -> CodeKind {
    const KEY: usize = 32;
    let is_key = bytes.len() == KEY && std::str::from_utf8(bytes).is_err()
        || std::str::from_utf8(bytes).is_ok_and(|text| encoded(text.trim()) == Some(KEY));
    if is_key { CodeKind::MaybeKey } else { CodeKind::Other }
}

/// How many bytes a text stands for that is nothing but hex or base64.
fn encoded(text: &str) -> Option<usize> {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(32);
    }
    let text = text.strip_suffix('=').unwrap_or(text);
    if text.len() != 43 {
        return None;
    }
    let read = STANDARD_NO_PAD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text));
    read.ok().map(|bytes| Zeroizing::new(bytes).len())
}

/// Texts of well-known forms that hold a secret.
fn holds_a_secret(text: &str) -> bool {
    const FORMS: [&str; 7] = [
        "wifi:",
        "otpauth:",
        "otpauth-migration:",
        "age-secret-key-",
        "[interface]",
        "-----begin",
        "https://meshtastic.org/e/",
    ];
    let start: String = text.trim_start().chars().take(32).collect::<String>().to_lowercase();
    FORMS.iter().any(|form| start.starts_with(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_taken_for_one() {
        for secret in [
            "WIFI:T:WPA;S:x;P:y;;",
            " otpauth://totp/x?secret=y",
            "AGE-SECRET-KEY-1Q",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert_eq!(code_kind(secret.as_bytes()), CodeKind::Secret, "{secret}");
        }
        let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let base64 = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
        for key in [hex, base64, &base64[..43], &base64.replace('/', "_"), &format!("{hex}\n")] {
            assert_eq!(code_kind(key.as_bytes()), CodeKind::MaybeKey, "{key}");
        }
        assert_eq!(code_kind(&[0xff; 32]), CodeKind::MaybeKey);
        assert!(CodeKind::MaybeKey.is_secret() && CodeKind::Secret.is_secret());
        for other in ["hello", "", &hex[..62], "a sentence of exactly thirty-two", &base64[..40]] {
            assert_eq!(code_kind(other.as_bytes()), CodeKind::Other, "{other}");
        }
        assert_eq!(code_kind(&[0xff; 31]), CodeKind::Other);
        assert!(!CodeKind::Other.is_secret() && !CodeKind::PublicKey.is_secret());
    }
}
