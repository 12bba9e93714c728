//! The name that a device suggests for itself.

use std::fmt;

/// Why a text cannot be a display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// More than [`DisplayName::MAX`] bytes of UTF-8.
    #[error("the name is longer than 31 bytes")]
    TooLong,
    /// A control character, or one that reorders the text around it.
    #[error("the name has a character that does not show")]
    Hidden,
    /// Not UTF-8, or a wrong length or padding on the wire.
    #[error("the name is not encoded as it must be")]
    Encoding,
}

/// A name of at most 31 bytes of UTF-8, without characters that could make a
/// screen show something else. A suggestion only: whoever receives it may
/// call the contact otherwise. May be empty.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// Most bytes, in UTF-8.
    pub const MAX: usize = 31;
    /// Bytes of a Noise payload that carries one.
    pub const PAYLOAD: usize = 32;

    /// The name `text`.
    ///
    /// # Errors
    /// [`NameError::TooLong`] or [`NameError::Hidden`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        if text.len() > Self::MAX {
            return Err(NameError::TooLong);
        }
        if text.chars().any(is_hidden) {
            return Err(NameError::Hidden);
        }
        Ok(Self(text.to_owned()))
    }

    /// The nearest name to any text: hidden characters dropped, cut at a
    /// character's boundary, trimmed.
    #[must_use]
    pub fn lossy(text: &str) -> Self {
        let mut name = String::new();
        for c in text.trim().chars().filter(|c| !is_hidden(*c)) {
            if name.len() + c.len_utf8() > Self::MAX {
                break;
            }
            name.push(c);
        }
        Self(name.trim_end().to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Noise payload: one length byte, the UTF-8, zeros.
    #[must_use]
    pub fn to_payload(&self) -> [u8; Self::PAYLOAD] {
        let mut payload = [0; Self::PAYLOAD];
        #[allow(clippy::expect_used, reason = "every constructor keeps to MAX")]
        let length = u8::try_from(self.0.len()).expect("at most 31 bytes");
        for (to, from) in payload.iter_mut().zip([length].iter().chain(self.0.as_bytes())) {
            *to = *from;
        }
        payload
    }

    /// Reads [`DisplayName::to_payload`], padding included.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn from_payload(payload: &[u8]) -> Result<Self, NameError> {
        if payload.len() != Self::PAYLOAD {
            return Err(NameError::Encoding);
        }
        let (length, rest) = payload.split_first().ok_or(NameError::Encoding)?;
        let (text, padding) =
            rest.split_at_checked(usize::from(*length)).ok_or(NameError::Encoding)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(NameError::Encoding);
        }
        Self::new(str::from_utf8(text).map_err(|_| NameError::Encoding)?)
    }
}

/// Control characters, line and paragraph separators, and the characters that
/// embed, override, isolate or mark a direction (UAX 9).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
