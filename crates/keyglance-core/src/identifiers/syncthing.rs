//! Syncthing device IDs: the SHA-256 of a device's certificate.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};

use super::{IdentifierError, IdentifierKind};
use crate::intake;

const NOT_THIS: IdentifierError = IdentifierError::NotThis(IdentifierKind::Syncthing);
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A Syncthing device ID. Its text is eight groups of seven letters, as Syncthing shows
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SyncthingId([u8; 32]);

impl SyncthingId {
    /// `None` for the two that Syncthing gives a meaning of its own: no device, and this
    /// one.
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().filter(|id| ![[0; 32], [0xff; 32]].contains(id)).map(Self)
    }

    /// The ID of the device with this certificate, a `cert.pem` of Syncthing.
    ///
    /// # Errors
    /// [`IdentifierError::NotThis`].
    pub fn of_certificate(pem: &str) -> Result<Self, IdentifierError> {
        let body = pem
            .split_once("-----BEGIN CERTIFICATE-----")
            .and_then(|(_, rest)| rest.split_once("-----END CERTIFICATE-----"))
            .map(|(body, _)| body.split_whitespace().collect::<String>());
        let der = body.and_then(|body| STANDARD.decode(body).ok()).filter(|der| !der.is_empty());
        Ok(Self(Sha256::digest(der.ok_or(NOT_THIS)?).into()))
    }

    /// Reads an ID: 56 letters, whatever hyphens and spaces stand between them. The
    /// digits that Syncthing takes for letters (0, 1, 8) count as these.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if text.contains("-----BEGIN CERTIFICATE-----") {
            return Self::of_certificate(text);
        }
        let letter = |c: char| match c.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            letter => letter,
        };
        let text = intake::key(text);
        let letters: String = text.chars().filter(|c| *c != '-').map(letter).collect();
        if letters.len() != 56 || !letters.bytes().all(|letter| LETTERS.contains(&letter)) {
            return Err(NOT_THIS);
        }
        let mut digits = String::new();
        for group in letters.as_bytes().chunks(14) {
            let (check, group) = group.split_last().ok_or(NOT_THIS)?;
            if check_letter(group) != char::from(*check) {
                return Err(IdentifierError::Mistyped(IdentifierKind::Syncthing));
            }
            digits.extend(group.iter().copied().map(char::from));
        }
        let bytes = BASE32_NOPAD.decode(digits.as_bytes()).map_err(|_| NOT_THIS)?;
        Self::from_slice(&bytes).ok_or(NOT_THIS)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for SyncthingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = BASE32_NOPAD.encode(&self.0);
        let mut letters = String::new();
        for group in digits.as_bytes().chunks(13) {
            letters.extend(group.iter().copied().map(char::from));
            letters.push(check_letter(group));
        }
        let groups: Vec<&str> =
            letters.as_bytes().chunks(7).filter_map(|group| str::from_utf8(group).ok()).collect();
        f.write_str(&groups.join("-"))
    }
}

/// The letter after thirteen others: a Luhn sum over 32 letters, which counts from the
/// first one on.
fn check_letter(group: &[u8]) -> char {
    let sum: usize = group
        .iter()
        .zip([1, 2].into_iter().cycle())
        .map(|(letter, factor)| {
            let value = LETTERS.iter().position(|other| other == letter).unwrap_or_default();
            factor * value / 32 + factor * value % 32
        })
        .sum();
    LETTERS.get((32 - sum % 32) % 32).copied().map_or('A', char::from)
}
