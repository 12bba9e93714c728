//! minisign public keys: two letters for the algorithm, eight bytes of key ID, an Ed25519
//! key.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::ssh::is_safe_ed25519;
use super::{IdentifierError, IdentifierKind};
use crate::intake;

/// A minisign public key. Its text is base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MinisignKey([u8; 42]);

impl MinisignKey {
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 42] = bytes.try_into().ok()?;
        let key = bytes.last_chunk::<32>()?;
        (bytes.starts_with(b"Ed") && is_safe_ed25519(key)).then_some(Self(bytes))
    }

    /// Reads a `.pub` file with its comment line, or the base64 alone.
    ///
    /// # Errors
    /// [`IdentifierError`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let kind = IdentifierKind::Minisign;
        let lines = intake::without_bom(text).lines().map(str::trim);
        let mut lines = lines.filter(|l| !l.is_empty() && !l.starts_with("untrusted comment:"));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(IdentifierError::NotThis(kind));
        };
        let bytes = STANDARD.decode(line).ok().filter(|bytes| bytes.len() == 42);
        let bytes = bytes.filter(|bytes| bytes.starts_with(b"Ed"));
        Self::from_slice(&bytes.ok_or(IdentifierError::NotThis(kind))?)
            .ok_or(IdentifierError::Unsafe(kind))
    }

    /// The 42 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 42] {
        &self.0
    }

    /// The key ID, as minisign prints it: without zeros before it.
    #[must_use]
    pub fn key_id(&self) -> String {
        let [_, _, id @ ..] = &self.0;
        let id = id.first_chunk().copied().map_or(0, u64::from_le_bytes);
        format!("{id:X}")
    }
}

impl fmt::Display for MinisignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}
