//! Text to modules.

use qrcode::bits::Bits;
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Why there is no code for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// More than a version 40 code of level M holds: 2331 bytes.
    #[error("the text is too long for one code")]
    TooLong,
    /// The encoder refused for a reason that bytes cannot cause.
    #[error("the code could not be made")]
    Encoder,
}

/// A QR code: a square of dark and light modules, without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    side: usize,
    dark: Vec<bool>,
}

impl Code {
    /// The smallest code for `text`: one byte-mode segment without ECI, error
    /// correction M.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`].
    pub fn new(text: &str) -> Result<Self, EncodeError> {
        Self::from_bytes(text.as_bytes())
    }

    /// The same for any bytes.
    ///
    /// # Errors
    /// [`EncodeError::TooLong`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EncodeError> {
        (1..=40)
            .find_map(|version| match with_version(bytes, Version::Normal(version)) {
                Err(QrError::DataTooLong) => None,
                result => Some(result.map_err(|_| EncodeError::Encoder)),
            })
            .unwrap_or(Err(EncodeError::TooLong))
    }

    /// Modules along an edge: 21 to 177.
    #[must_use]
    pub const fn side(&self) -> usize {
        self.side
    }

    /// The version, 1 to 40.
    #[must_use]
    pub const fn version(&self) -> usize {
        (self.side - 17) / 4
    }

    /// Whether the module in column `x` and row `y` is dark. Light outside.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && self.dark.get(y * self.side + x).copied().unwrap_or(false)
    }
}

fn with_version(bytes: &[u8], version: Version) -> Result<Code, QrError> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(bytes)?;
    bits.push_terminator(EcLevel::M)?;
    let code = QrCode::with_bits(bits, EcLevel::M)?;
    let side = code.width();
    let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Code { side, dark })
}
