//! Encodes text as the modules of a QR code.

use std::fmt;

use qrcode::bits::Bits;
use qrcode::types::QrResult;
use qrcode::{Color, EcLevel, QrCode, Version};
use zeroize::Zeroizing;

/// The most bytes that a code holds: version 40 at error correction level M.
pub const MAX_BYTES: usize = 2331;

/// Why a text or bytes cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is nothing to encode.
    #[error("there is nothing to put into a code")]
    Empty,
    /// There are more than [`MAX_BYTES`].
    #[error("{bytes} bytes do not fit into a code, which holds {MAX_BYTES}")]
    TooLong {
        /// How many bytes there were.
        bytes: usize,
    },
}

/// A QR code as its square of modules, without the quiet zone around it.
///
/// Its error correction level is M. It has one segment, in byte mode and without
/// an ECI, so that every reader gives the same bytes back (ISO/IEC 18004, 7.4).
///
/// The content may be a secret: it is wiped on drop, and `Debug` does not show it.
///
/// ```
/// use keyglance_qr::Code;
///
/// # fn main() -> Result<(), keyglance_qr::EncodeError> {
/// let code = Code::new("hello")?;
/// assert_eq!((code.version(), code.side()), (1, 21));
/// // The corner of the finder pattern at the top left.
/// assert!(code.is_dark(0, 0) && !code.is_dark(1, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    version: u8,
    side: usize,
    dark: Zeroizing<Vec<bool>>,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code {{ version: {}, … }}", self.version)
    }
}

impl Code {
    /// The smallest code that holds this text.
    ///
    /// # Errors
    /// [`EncodeError`] if the text is empty or longer than [`MAX_BYTES`].
    pub fn new(text: &str) -> Result<Self, EncodeError> {
        Self::from_bytes(text.as_bytes())
    }

    /// The smallest code that holds these bytes.
    ///
    /// # Errors
    /// [`EncodeError`] if there are none or more than [`MAX_BYTES`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EncodeError> {
        if bytes.is_empty() {
            return Err(EncodeError::Empty);
        }
        (1..=40)
            .find_map(|version| Self::of_version(version, bytes).ok())
            .ok_or(EncodeError::TooLong { bytes: bytes.len() })
    }

    /// The number of modules along each side, 21 to 177.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// The version, 1 to 40.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Whether the module in column `x` and row `y`, counted from the top left, is
    /// dark. Modules outside the code are light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && self.dark.get(y.saturating_mul(self.side) + x).is_some_and(|dark| *dark)
    }

    fn of_version(version: u8, bytes: &[u8]) -> QrResult<Self> {
        let mut bits = Bits::new(Version::Normal(version.into()));
        bits.push_byte_data(bytes)?;
        bits.push_terminator(EcLevel::M)?;
        let symbol = QrCode::with_bits(bits, EcLevel::M)?;
        let side = symbol.width();
        let dark = symbol.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { version, side, dark: Zeroizing::new(dark) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_fits_and_no_more() {
        assert_eq!(Code::new(""), Err(EncodeError::Empty));
        assert_eq!(Code::from_bytes(&[0; 14]).unwrap().version(), 1);
        assert_eq!(Code::from_bytes(&[0; 15]).unwrap().version(), 2);
        assert_eq!(Code::from_bytes(&[0; MAX_BYTES]).unwrap().version(), 40);
        let error = EncodeError::TooLong { bytes: MAX_BYTES + 1 };
        assert_eq!(Code::from_bytes(&[0; MAX_BYTES + 1]), Err(error));
    }

    #[test]
    fn a_module_outside_is_light() {
        let code = Code::new("x").unwrap();
        assert!(code.is_dark(0, 0) && code.is_dark(20, 0) && code.is_dark(0, 20));
        assert!(!code.is_dark(21, 0) && !code.is_dark(0, 21));
        assert!(!code.is_dark(usize::MAX, usize::MAX));
    }
}
