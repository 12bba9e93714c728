//! The pairing's only lasting secret, and what is derived from it.

use std::fmt;

use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::labels;
use super::noise::{hkdf2, hmac};
use crate::text::is_hidden;

/// Most bytes of one derivation: 255 blocks (RFC 5869, section 2.3).
pub const MAX_DERIVED: usize = 255 * 32;

/// Why nothing was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeriveError {
    /// The label, with its prefix, does not fit its length byte.
    #[error("the label is longer than 243 bytes")]
    LabelTooLong,
    /// More than [`MAX_DERIVED`] bytes were asked for.
    #[error("more than 8160 bytes were asked for")]
    OutputTooLong,
}

/// The secret that a pairing leaves: 32 bytes, the same on both devices.
///
/// Every key that another program gets is derived from it under a label and a
/// purpose, one way, so that one leaked export tells nothing of another.
/// No `Clone`, no `Display`; wiped on drop.
#[cfg_attr(test, derive(Clone))]
pub struct Exporter(Zeroizing<[u8; 32]>);

impl Exporter {
    /// The exporter with these bytes, as [`Exporter::secret_bytes`] gave them.
    #[must_use]
    pub fn from_secret_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// From the final chaining key and handshake hash (after Noise's ASK draft):
    /// `prk = HMAC(ck, h || label)`, `chain = HMAC(prk, "ask" || 01)`, and the
    /// second output of `HKDF(chain, "")`.
    pub(super) fn from_handshake(ck: &[u8; 32], h: &[u8; 32]) -> Self {
        let prk = hmac(ck, &[h, labels::EXPORTER]);
        let chain = hmac(&prk, &[labels::ASK]);
        Self(hkdf2(&chain, &[]).1)
    }

    /// The secret itself, for the key file. The only way out.
    #[must_use]
    pub const fn secret_bytes(&self) -> &Zeroizing<[u8; 32]> {
        &self.0
    }

    /// Fills `output` with the key for `label` and `purpose`:
    /// `HKDF-Expand(exporter, u16be L || u8 length || "keyglance/1 " label || 20 || SHA256(purpose), L)`.
    ///
    /// # Errors
    /// [`DeriveError`] when a length does not fit; `output` is then unchanged.
    pub fn derive(
        &self,
        label: &str,
        purpose: &Purpose,
        output: &mut [u8],
    ) -> Result<(), DeriveError> {
        if output.len() > MAX_DERIVED {
            return Err(DeriveError::OutputTooLong);
        }
        let length = u16::try_from(output.len()).map_err(|_| DeriveError::OutputTooLong)?;
        let label_length = u8::try_from(labels::EXPORT_PREFIX.len() + label.len())
            .map_err(|_| DeriveError::LabelTooLong)?;
        let context = Sha256::digest(purpose.as_str());
        Hkdf::<Sha256>::from_prk(&self.0[..])
            .map_err(|_| DeriveError::OutputTooLong)?
            .expand_multi_info(
                &[
                    &length.to_be_bytes(),
                    &[label_length],
                    labels::EXPORT_PREFIX,
                    label.as_bytes(),
                    // The length of the hash that follows.
                    &[32],
                    &context,
                ],
                output,
            )
            .map_err(|_| DeriveError::OutputTooLong)
    }

    /// 32 bytes for `label` and `purpose`: what most targets take.
    ///
    /// # Errors
    /// [`DeriveError::LabelTooLong`].
    pub fn derive32(
        &self,
        label: &str,
        purpose: &Purpose,
    ) -> Result<Zeroizing<[u8; 32]>, DeriveError> {
        let mut key = Zeroizing::new([0; 32]);
        self.derive(label, purpose, &mut key[..])?;
        Ok(key)
    }

    /// The public id of this key.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        let mut id = [0; 8];
        #[allow(clippy::expect_used, reason = "both lengths are constants")]
        self.derive(labels::KEY_ID, &Purpose::none(), &mut id).expect("the lengths fit");
        KeyId(id)
    }
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exporter { … }")
    }
}

/// Names a shared key on both devices and reveals nothing of it: 8 bytes,
/// shown as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// Reads 16 lower-case hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        id_from_hex(text).map(Self)
    }

    /// Its 8 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

impl std::str::FromStr for KeyId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::from_hex(text).ok_or(IdError)
    }
}

/// A text that is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an id of 16 hexadecimal digits")]
pub struct IdError;

/// Eight bytes from 16 lower-case hexadecimal digits.
fn id_from_hex(text: &str) -> Option<[u8; 8]> {
    let lower = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if text.len() != 16 || !text.bytes().all(lower) {
        return None;
    }
    u64::from_str_radix(text, 16).ok().map(u64::to_be_bytes)
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Why a text cannot be a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurposeError {
    /// It begins or ends with white space, which nobody sees and which would
    /// make another key.
    #[error("the word for a separate key begins or ends with a space")]
    Space,
    /// This character cannot be seen, so that two people could not type it alike
    /// ([`is_hidden`]).
    #[error("the word for a separate key has a character that does not show (U+{:04X})", u32::from(*.0))]
    Hidden(char),
    /// It is longer than [`Purpose::MAX`].
    #[error("the word for a separate key is longer than 1024 bytes")]
    TooLong,
}

/// What the user means a derived key for, such as `office`; empty by default.
/// Kept in Unicode NFC (UAX 15), so that both devices derive the same key
/// however their keyboards compose letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purpose(String);

impl Purpose {
    /// Most bytes of a purpose, in NFC UTF-8.
    pub const MAX: usize = 1024;

    /// The purpose that `text` names.
    ///
    /// # Errors
    /// [`PurposeError`] for a text that two people could not type alike.
    pub fn new(text: &str) -> Result<Self, PurposeError> {
        if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
            return Err(PurposeError::Hidden(hidden));
        }
        if text.trim() != text {
            return Err(PurposeError::Space);
        }
        let text: String = text.nfc().collect();
        if text.len() > Self::MAX {
            return Err(PurposeError::TooLong);
        }
        Ok(Self(text))
    }

    /// No purpose: the empty text.
    #[must_use]
    pub const fn none() -> Self {
        Self(String::new())
    }

    /// The text, in NFC.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
