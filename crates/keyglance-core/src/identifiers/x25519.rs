//! X25519 public keys: WireGuard's in base64, age's in bech32.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{PublicKey, StaticSecret};

use super::{IdentifierError, IdentifierKind};
use crate::intake;

const AGE: Hrp = Hrp::parse_unchecked("age");

/// A WireGuard public key. Its text is base64, as `wg` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WireGuardKey([u8; 32]);

impl WireGuardKey {
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().filter(contributes).map(Self)
    }

    /// Reads 44 characters of base64, canonical only.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let not_this = IdentifierError::NotThis(IdentifierKind::WireGuard);
        let bytes = STANDARD.decode(intake::key(text)).ok().filter(|bytes| bytes.len() == 32);
        Self::from_slice(&bytes.ok_or(not_this)?)
            .ok_or(IdentifierError::Unsafe(IdentifierKind::WireGuard))
    }

    /// Whether `wg genkey` could have made it: a private key has the same form, and five
    /// bits that are always so. Of public keys one in sixteen looks private.
    #[must_use]
    pub const fn looks_private(&self) -> bool {
        let [first, .., last] = self.0;
        first & 7 == 0 && last & 0xc0 == 0x40
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for WireGuardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

/// An X25519 recipient of age. Its text is `age1…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AgeRecipient([u8; 32]);

impl AgeRecipient {
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().filter(contributes).map(Self)
    }

    /// Reads `age1…`, alone or on a line of a recipients file with comments.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let kind = IdentifierKind::Age;
        let mut lines = intake::without_bom(text)
            .lines()
            .map(intake::key)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(IdentifierError::NotThis(kind));
        };
        if !line.to_ascii_lowercase().starts_with("age1") {
            return Err(IdentifierError::NotThis(kind));
        }
        let checked = CheckedHrpstring::new::<Bech32>(&line);
        let checked = checked.map_err(|_| IdentifierError::Mistyped(kind))?;
        let bytes: Vec<u8> = checked.byte_iter().collect();
        if checked.hrp() != AGE || bytes.len() != 32 {
            return Err(IdentifierError::NotThis(kind));
        }
        Self::from_slice(&bytes).ok_or(IdentifierError::Unsafe(kind))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for AgeRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // bech32 fails only for lengths far above 32 bytes.
        bech32::encode_lower_to_fmt::<Bech32, _>(f, AGE, &self.0).map_err(|_| fmt::Error)
    }
}

/// Whether a shared secret with this key depends on the other key too. With the few
/// points for which it does not, everybody knows the secret; one multiplication by any
/// other key tells.
fn contributes(bytes: &[u8; 32]) -> bool {
    let any = StaticSecret::from([9; 32]);
    any.diffie_hellman(&PublicKey::from(*bytes)).was_contributory()
}
