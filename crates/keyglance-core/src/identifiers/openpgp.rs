//! OpenPGP fingerprints.

use std::fmt;

use data_encoding::HEXUPPER_PERMISSIVE;

use super::{IdentifierError, IdentifierKind};
use crate::intake;

/// The fingerprint of an OpenPGP key, 20 or 32 bytes. Its text is groups of four digits
/// with a wide gap in the middle, as gpg prints it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenPgpFingerprint(Vec<u8>);

impl OpenPgpFingerprint {
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let some = bytes.iter().any(|byte| *byte != 0);
        (matches!(bytes.len(), 20 | 32) && some).then(|| Self(bytes.to_vec()))
    }

    /// Reads 40 or 64 hexadecimal digits, in groups or not.
    ///
    /// # Errors
    /// [`IdentifierError::NotThis`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let text = intake::key(text);
        let digits = text.strip_prefix("0x").unwrap_or(&text);
        let bytes = HEXUPPER_PERMISSIVE.decode(digits.as_bytes()).ok();
        let read = bytes.and_then(|bytes| Self::from_slice(&bytes));
        read.ok_or(IdentifierError::NotThis(IdentifierKind::OpenPgp))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The digits without gaps, as gpg takes them.
    #[must_use]
    pub fn to_hex(&self) -> String {
        HEXUPPER_PERMISSIVE.encode(&self.0)
    }
}

impl fmt::Display for OpenPgpFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.to_hex();
        let groups: Vec<&str> =
            digits.as_bytes().chunks(4).filter_map(|group| str::from_utf8(group).ok()).collect();
        let (left, right) = groups.split_at_checked(groups.len() / 2).unwrap_or_default();
        write!(f, "{}  {}", left.join(" "), right.join(" "))
    }
}
