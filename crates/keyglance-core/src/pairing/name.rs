//! The name that a device suggests for itself.

use std::fmt;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::text::{always_refused, is_hidden, nearest_name};

/// Why a text cannot be a display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// More than [`DisplayName::MAX`] bytes of UTF-8.
    #[error("the name is longer than 63 bytes")]
    TooLong,
    /// This character cannot be seen, or acts on the text around it
    /// ([`is_hidden`]).
    #[error("the name has a character that does not show (U+{:04X})", u32::from(*.0))]
    Hidden(char),
    /// White space alone.
    #[error("the name is blank")]
    Blank,
    /// Not in NFC, which [`DisplayName::new`] would have made of it.
    #[error("the name is not in Unicode's composed form (NFC)")]
    NotComposed,
    /// Not UTF-8, or a wrong length or padding on the wire.
    #[error("the name is not encoded as it must be")]
    Encoding,
}

/// A name of at most 63 bytes of UTF-8, in NFC (UAX 15), without characters that a
/// reader cannot see. A suggestion only: whoever receives it may call the contact
/// otherwise. May be empty.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// Most bytes, in UTF-8.
    pub const MAX: usize = 63;
    /// Bytes of a Noise payload that carries a name of at most 31 bytes.
    pub const SHORT_PAYLOAD: usize = 32;
    /// Bytes of a Noise payload that carries a longer name.
    pub const LONG_PAYLOAD: usize = 64;

    /// The name `text`, composed.
    ///
    /// # Errors
    /// [`NameError::TooLong`], [`NameError::Hidden`] or [`NameError::Blank`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        Self::composed(text.nfc().collect())
    }

    fn composed(text: String) -> Result<Self, NameError> {
        if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
            return Err(NameError::Hidden(hidden));
        }
        if text.len() > Self::MAX {
            return Err(NameError::TooLong);
        }
        if !text.is_empty() && text.trim().is_empty() {
            return Err(NameError::Blank);
        }
        Ok(Self(text))
    }

    /// The nearest name to any text: hidden characters dropped, composed, cut at a
    /// character's boundary, trimmed.
    #[must_use]
    pub fn lossy(text: &str) -> Self {
        Self(nearest_name(text, Self::MAX))
    }

    /// The name that stands in a file. Earlier builds took more: what they wrote becomes
    /// the nearest name, and what no build has written is refused.
    ///
    /// # Errors
    /// [`NameError`] for control and bidi characters, and for a text that is too long.
    pub fn from_stored(text: &str) -> Result<Self, NameError> {
        match text.chars().find(|c| always_refused(*c)) {
            Some(hidden) => Err(NameError::Hidden(hidden)),
            None if text.len() > Self::MAX => Err(NameError::TooLong),
            None => Ok(Self::lossy(text)),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Noise payload: one length byte, the UTF-8, zeros. 32 bytes for a name of at
    /// most 31, else 64, so that its length tells little of the name's.
    #[must_use]
    pub fn to_payload(&self) -> Vec<u8> {
        let short = self.0.len() < Self::SHORT_PAYLOAD;
        let size = if short { Self::SHORT_PAYLOAD } else { Self::LONG_PAYLOAD };
        #[allow(clippy::expect_used, reason = "every constructor keeps to MAX")]
        let length = u8::try_from(self.0.len()).expect("at most 63 bytes");
        let mut payload = Vec::with_capacity(size);
        payload.push(length);
        payload.extend(self.0.as_bytes());
        payload.resize(size, 0);
        payload
    }

    /// Reads [`DisplayName::to_payload`], padding included.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn from_payload(payload: &[u8]) -> Result<Self, NameError> {
        let (length, rest) = payload.split_first().ok_or(NameError::Encoding)?;
        let length = usize::from(*length);
        let size =
            if length < Self::SHORT_PAYLOAD { Self::SHORT_PAYLOAD } else { Self::LONG_PAYLOAD };
        if payload.len() != size {
            return Err(NameError::Encoding);
        }
        let (text, padding) = rest.split_at_checked(length).ok_or(NameError::Encoding)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(NameError::Encoding);
        }
        let text = str::from_utf8(text).map_err(|_| NameError::Encoding)?;
        let name = Self::composed(text.to_owned())?;
        if is_nfc(text) { Ok(name) } else { Err(NameError::NotComposed) }
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
