//! Which of the kinds of QR code, and which of its sizes.

use std::fmt;

/// A code's kind and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Version {
    /// A QR code: 1 to 40, for 21 to 177 modules a side (ISO/IEC 18004).
    Normal(u8),
    /// A Micro QR code: 1 to 4, for 11 to 17 modules a side (ISO/IEC 18004).
    Micro(u8),
    /// An rMQR code, by its modules: 7 to 17 high and 27 to 139 wide (ISO/IEC 23941).
    Rectangular {
        /// Modules from top to bottom.
        height: u8,
        /// Modules from left to right.
        width: u8,
    },
}

impl Version {
    /// Modules from left to right.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Normal(number) => 17 + 4 * usize::from(number),
            Self::Micro(number) => 9 + 2 * usize::from(number),
            Self::Rectangular { width, .. } => width.into(),
        }
    }

    /// Modules from top to bottom.
    #[must_use]
    pub fn height(self) -> usize {
        match self {
            Self::Rectangular { height, .. } => height.into(),
            square => square.width(),
        }
    }

    /// Of a QR code with this many modules a side.
    pub(super) fn of_side(side: usize) -> Option<Self> {
        let number = side.checked_sub(17).filter(|rest| rest % 4 == 0)? / 4;
        u8::try_from(number).ok().filter(|number| (1..=40).contains(number)).map(Self::Normal)
    }
}

/// As the standards write them: `7`, `M3`, `R11x43`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal(number) => write!(f, "{number}"),
            Self::Micro(number) => write!(f, "M{number}"),
            Self::Rectangular { height, width } => write!(f, "R{height}x{width}"),
        }
    }
}
