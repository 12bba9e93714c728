//! Encodes text as the modules of a QR code.

use std::fmt;

use qrcode::bits::Bits;
use qrcode::types::QrResult;
use qrcode::{Color, EcLevel, QrCode, Version};
use zeroize::Zeroizing;

/// The most bytes that a code holds: version 40 at error correction level M.
pub const MAX_BYTES: usize = 2331;

/// How many alphanumeric characters versions 1 to 40 hold at level M (ISO/IEC 18004,
/// table 7).
const ALPHANUMERIC: [u16; 40] = [
    20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483, 528, 600, 656, 734, 816, 909, 970,
    1035, 1134, 1248, 1326, 1451, 1542, 1637, 1732, 1839, 1994, 2113, 2238, 2369, 2506, 2632, 2780,
    2894, 3054, 3220, 3391,
];

/// Why a text or bytes cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is nothing to encode.
    #[error("there is nothing to put into a code")]
    Empty,
    /// There are more than fit: [`MAX_BYTES`], or as many characters as
    /// [`alphanumeric_capacity`] says of version 40.
    #[error("{bytes} bytes do not fit into a code, which holds {MAX_BYTES}")]
    TooLong {
        /// How many bytes there were.
        bytes: usize,
    },
}

/// A QR code as its square of modules, without the quiet zone around it.
///
/// Its error correction level is M. It has one segment, alphanumeric where every
/// character allows it and else in byte mode, and no ECI, so that every reader gives
/// the same bytes back (ISO/IEC 18004, 7.4). Only a text with other letters than ASCII's
/// says that it is UTF-8 (ECI 26): some readers guess otherwise, and guess wrong.
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
    /// The smallest code that holds this text: an alphanumeric segment where every
    /// character is a digit, a capital letter, a space or one of `$%*+-./:`
    /// (ISO/IEC 18004, 7.3.4), else in byte mode as UTF-8.
    ///
    /// ```
    /// use keyglance_qr::Code;
    ///
    /// # fn main() -> Result<(), keyglance_qr::EncodeError> {
    /// // 90 characters are version 4, 33 modules; the same in small letters version 6.
    /// assert_eq!(Code::new(&"A".repeat(90))?.version(), 4);
    /// assert_eq!(Code::new(&"a".repeat(90))?.version(), 6);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`EncodeError`] if the text is empty or longer than version 40 holds.
    pub fn new(text: &str) -> Result<Self, EncodeError> {
        Self::smallest(text.as_bytes(), Mode::of(text))
    }

    /// The smallest code that holds these bytes, in byte mode.
    ///
    /// # Errors
    /// [`EncodeError`] if there are none or more than [`MAX_BYTES`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EncodeError> {
        Self::smallest(bytes, Mode::Byte)
    }

    /// A code for each text, all of one version: that of the largest. Codes shown in
    /// turn then have their modules in the same places.
    ///
    /// ```
    /// use keyglance_qr::Code;
    ///
    /// # fn main() -> Result<(), keyglance_qr::EncodeError> {
    /// let codes = Code::alike(&["A".repeat(120), "A".repeat(30)])?;
    /// assert_eq!(codes.iter().map(Code::version).collect::<Vec<_>>(), [5, 5]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`EncodeError`] if a text is empty or longer than version 40 holds.
    pub fn alike(texts: &[impl AsRef<str>]) -> Result<Vec<Self>, EncodeError> {
        let texts = texts.iter().map(AsRef::as_ref);
        let codes: Vec<Self> = texts.clone().map(Self::new).collect::<Result<_, _>>()?;
        let version = codes.iter().map(Self::version).max().unwrap_or_default();
        let alike = codes.into_iter().zip(texts).map(|(code, text)| {
            if code.version == version {
                return Ok(code);
            }
            Self::of_version(version, text.as_bytes(), Mode::of(text))
                .map_err(|_| EncodeError::TooLong { bytes: text.len() })
        });
        alike.collect()
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
        x < self.side && y < self.side && self.dark.get(y * self.side + x).is_some_and(|dark| *dark)
    }

    fn smallest(bytes: &[u8], mode: Mode) -> Result<Self, EncodeError> {
        if bytes.is_empty() {
            return Err(EncodeError::Empty);
        }
        (1..=40)
            .find_map(|version| Self::of_version(version, bytes, mode).ok())
            .ok_or(EncodeError::TooLong { bytes: bytes.len() })
    }

    fn of_version(version: u8, bytes: &[u8], mode: Mode) -> QrResult<Self> {
        let mut bits = Bits::new(Version::Normal(version.into()));
        match mode {
            Mode::Alphanumeric => bits.push_alphanumeric_data(bytes)?,
            Mode::Byte => bits.push_byte_data(bytes)?,
            Mode::Utf8 => {
                bits.push_eci_designator(26)?;
                bits.push_byte_data(bytes)?;
            }
        }
        bits.push_terminator(EcLevel::M)?;
        let symbol = QrCode::with_bits(bits, EcLevel::M)?;
        let side = symbol.width();
        let dark = symbol.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { version, side, dark: Zeroizing::new(dark) })
    }
}

/// How the one segment of a code holds its characters.
#[derive(Clone, Copy)]
enum Mode {
    Alphanumeric,
    Byte,
    /// Bytes, after an ECI that says how they are to be read.
    Utf8,
}

impl Mode {
    fn of(text: &str) -> Self {
        let fits =
            |byte: u8| matches!(byte, b'0'..=b'9' | b'A'..=b'Z') || b" $%*+-./:".contains(&byte);
        match text {
            _ if text.bytes().all(fits) => Self::Alphanumeric,
            _ if text.is_ascii() => Self::Byte,
            _ => Self::Utf8,
        }
    }
}

/// How many characters of the alphanumeric set a code of this version holds; none where
/// there is no such version.
///
/// ```
/// use keyglance_qr::alphanumeric_capacity;
///
/// assert_eq!([4, 6, 10, 40].map(alphanumeric_capacity), [90, 154, 311, 3391]);
/// assert_eq!([0, 41].map(alphanumeric_capacity), [0, 0]);
/// ```
#[must_use]
pub fn alphanumeric_capacity(version: u8) -> usize {
    let index = usize::from(version).checked_sub(1);
    index.and_then(|index| ALPHANUMERIC.get(index)).map_or(0, |count| usize::from(*count))
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
        let error = EncodeError::TooLong { bytes: 3392 };
        assert_eq!(Code::new(&"A".repeat(3392)), Err(error));
        assert_eq!(Code::alike(&["A".to_owned(), "A".repeat(3392)]), Err(error));
        assert_eq!(Code::alike(&["A", ""]), Err(EncodeError::Empty));
        assert_eq!(Code::alike(&[] as &[&str]), Ok(Vec::new()));
    }

    #[test]
    fn a_version_holds_its_capacity_and_not_one_character_more() {
        for version in 1..=40 {
            let capacity = alphanumeric_capacity(version);
            assert_eq!(Code::new(&"Z".repeat(capacity)).unwrap().version(), version);
            if version < 40 {
                assert_eq!(Code::new(&"Z".repeat(capacity + 1)).unwrap().version(), version + 1);
            }
        }
    }

    /// The lengths of `keyglance/1`'s codes, and their versions as segno has them.
    #[test]
    fn alphanumeric_text_takes_the_smallest_version() {
        let table = [
            (52, 3),
            (64, 4),
            (115, 5),
            (121, 5),
            (126, 6),
            (171, 7),
            (219, 8),
            (238, 9),
            (262, 9),
            (267, 10),
            (310, 10),
            (1588, 27),
            (1875, 30),
            (1902, 30),
            (1923, 30),
        ];
        for (length, version) in table {
            let text: String = "KG1: $%*+-./09AZ".chars().cycle().take(length).collect();
            assert_eq!(Code::new(&text).unwrap().version(), version, "{length}");
        }
        // One character outside the set, and the whole is bytes: 14 of them in version 1.
        for (text, version) in
            [("ABCDEFGHIJKLMNOPQRST", 1), ("ABCDEFGHIJKLMNOPQRSt", 2), ("ABCDEFGHIJKLMN\n", 2)]
        {
            assert_eq!(Code::new(text).unwrap().version(), version, "{text}");
        }
    }

    #[test]
    fn a_module_outside_is_light() {
        let code = Code::new("x").unwrap();
        assert!(code.is_dark(0, 0) && code.is_dark(20, 0) && code.is_dark(0, 20));
        assert!(!code.is_dark(21, 0) && !code.is_dark(0, 21));
        for far in [(usize::MAX, usize::MAX), (20, usize::MAX), (usize::MAX, 20)] {
            assert!(!code.is_dark(far.0, far.1));
        }
    }
}
