//! Corrected data codewords to segments (ISO/IEC 18004, 7.4).

use std::fmt;
use std::ops::Range;

use rxing::qrcode::common::{Mode as RmqrMode, Version as RmqrVersion};

use super::Version;
use crate::catch_panic::catch_panic;

/// How a segment was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Digits.
    Numeric,
    /// Digits, capital letters and ` $%*+-./:`.
    Alphanumeric,
    /// Any bytes.
    Byte,
    /// Double-byte characters of Shift JIS.
    Kanji,
    /// Double-byte characters of GB 2312 (GB/T 18284).
    Hanzi,
    /// What stands after FNC1 in second position, as it is passed on: two digits or a
    /// letter.
    ApplicationIndicator,
}

/// A stretch of a code's bytes that was written in one mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// How it was written.
    pub mode: Mode,
    /// The ECI that stands: the number of a charset, 0 to 999,999 (AIM ITS/04-023).
    pub eci: Option<u32>,
    /// Where its bytes lie among the code's. Kanji are in Shift JIS, Hanzi in GB 2312,
    /// all that has no charset of its own in ASCII.
    pub bytes: Range<usize>,
}

/// What FNC1 says of a code: its data follows somebody's rules, in which U+001D ends
/// a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fnc1 {
    /// In first position: those of GS1.
    Gs1,
    /// In second position: those of the application whose indicator the bytes begin
    /// with.
    Application,
}

/// Which part of one text that is spread over several codes (structured append).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// From 0, below `count`.
    pub index: u8,
    /// 2 to 16.
    pub count: u8,
    /// All bytes of the whole text, combined by exclusive or.
    pub parity: u8,
}

/// As people count: `Part 2 of 4 of one text`.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part {} of {} of one text", self.index + 1, self.count)
    }
}

/// What a code holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Content {
    /// The bytes of all segments.
    pub bytes: Vec<u8>,
    /// How these were written, in their order.
    pub segments: Vec<Segment>,
    /// Whether the data follows the rules of GS1 or of another application.
    pub fnc1: Option<Fnc1>,
    /// Set if this is one of several codes that belong together.
    pub part: Option<Part>,
}

/// Why codewords hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BitStreamError {
    /// A mode indicator that no standard has, or none for this version.
    #[error("a segment is in an unknown mode")]
    UnknownMode,
    /// A segment claims more than there is.
    #[error("a segment ends too soon")]
    TooShort,
    /// Bits that no character of their mode has.
    #[error("a segment holds what its mode cannot write")]
    NoCharacter,
    /// FNC1 in second position after data, or with an indicator that there is not.
    #[error("the application indicator is wrong")]
    ApplicationIndicator,
    /// No such version.
    #[error("there is no such version")]
    NoVersion,
}

/// Reads the data codewords of a code whose errors are corrected.
///
/// What stands after the terminator is not looked at. In Micro QR codes of version 1
/// and 3 the last codeword has its four bits in the upper half.
///
/// ```
/// use keyglance_qr::{Mode, Version, read_bit_stream};
///
/// // Byte mode, two bytes, terminator.
/// let content = read_bit_stream(&[0x40, 0x26, 0x86, 0x90], Version::Normal(1)).unwrap();
/// assert_eq!(content.bytes, b"hi");
/// assert_eq!(content.segments[0].mode, Mode::Byte);
/// ```
///
/// # Errors
/// [`BitStreamError`] where the codewords are no such stream.
pub fn read_bit_stream(codewords: &[u8], version: Version) -> Result<Content, BitStreamError> {
    let layout = Layout::of(version).ok_or(BitStreamError::NoVersion)?;
    let mut reader = StreamReader {
        bits: Bits { bytes: codewords, at: 0 },
        content: Content::default(),
        eci: None,
    };
    while !reader.bits.is_at_end(layout.terminator()) {
        // Too few bits for another segment: the terminator was cut short.
        let Some(indicator) = reader.bits.take(layout.mode_bits()) else { break };
        match layout.indicator(indicator).ok_or(BitStreamError::UnknownMode)? {
            Indicator::End => break,
            Indicator::Segment(mode) => reader.segment(mode, layout)?,
            Indicator::Eci => reader.eci = Some(reader.designator()?),
            Indicator::StructuredAppend => reader.structured_append()?,
            Indicator::Fnc1First => reader.content.fnc1 = Some(Fnc1::Gs1),
            Indicator::Fnc1Second => reader.application_indicator()?,
        }
    }
    Ok(reader.content)
}

/// What a mode indicator announces.
enum Indicator {
    End,
    Segment(Mode),
    Eci,
    StructuredAppend,
    Fnc1First,
    Fnc1Second,
}

/// How the bits of a version are laid out.
#[derive(Clone, Copy)]
enum Layout {
    Normal(u8),
    Micro(u8),
    /// By the number of the version, 1 to 32.
    Rectangular(u8),
}

impl Layout {
    fn of(version: Version) -> Option<Self> {
        match version {
            Version::Normal(number @ 1..=40) => Some(Self::Normal(number)),
            Version::Micro(number @ 1..=4) => Some(Self::Micro(number)),
            Version::Rectangular { height, width } => {
                let size = rxing::point(i32::from(width), i32::from(height));
                let number = u8::try_from(RmqrVersion::NumberPoint(size)).ok()?;
                (width != height && number > 0).then_some(Self::Rectangular(number))
            }
            _ => None,
        }
    }

    /// Bits of a mode indicator.
    fn mode_bits(self) -> u32 {
        match self {
            Self::Normal(_) => 4,
            Self::Micro(number) => u32::from(number) - 1,
            Self::Rectangular(_) => 3,
        }
    }

    /// Bits of the terminator, all of them zero.
    fn terminator(self) -> u32 {
        match self {
            Self::Normal(_) => 4,
            Self::Micro(number) => 2 * u32::from(number) + 1,
            Self::Rectangular(_) => 3,
        }
    }

    fn indicator(self, bits: u32) -> Option<Indicator> {
        use Indicator::{Eci, End, Fnc1First, Fnc1Second, Segment, StructuredAppend};
        use Mode::{Alphanumeric, Byte, Hanzi, Kanji, Numeric};
        Some(match (self, bits) {
            (Self::Normal(_) | Self::Rectangular(_), 0) => End,
            (Self::Normal(_) | Self::Rectangular(_), 1) | (Self::Micro(_), 0) => Segment(Numeric),
            (Self::Normal(_) | Self::Rectangular(_), 2) | (Self::Micro(_), 1) => {
                Segment(Alphanumeric)
            }
            (Self::Normal(_), 4) | (Self::Rectangular(_), 3) | (Self::Micro(_), 2) => Segment(Byte),
            (Self::Normal(_), 8) | (Self::Rectangular(_), 4) | (Self::Micro(_), 3) => {
                Segment(Kanji)
            }
            (Self::Normal(_) | Self::Rectangular(_), 5) => Fnc1First,
            (Self::Normal(_), 9) | (Self::Rectangular(_), 6) => Fnc1Second,
            (Self::Normal(_) | Self::Rectangular(_), 7) => Eci,
            (Self::Normal(_), 3) => StructuredAppend,
            (Self::Normal(_), 13) => Segment(Hanzi),
            _ => return None,
        })
    }

    /// Bits of a segment's character count.
    fn count_bits(self, mode: Mode) -> Option<u32> {
        let column = match mode {
            Mode::Numeric => 0,
            Mode::Alphanumeric => 1,
            Mode::Byte => 2,
            Mode::Kanji | Mode::Hanzi => 3,
            Mode::ApplicationIndicator => return None,
        };
        let bits = match self {
            Self::Normal(1..=9) => [10, 9, 8, 8],
            Self::Normal(10..=26) => [12, 11, 16, 10],
            Self::Normal(_) => [14, 13, 16, 12],
            Self::Micro(1) => [3, 0, 0, 0],
            Self::Micro(2) => [4, 3, 0, 0],
            Self::Micro(3) => [5, 4, 4, 3],
            Self::Micro(_) => [6, 5, 5, 4],
            Self::Rectangular(number) => {
                let version = RmqrVersion::rMQR(number.into()).ok()?;
                let modes =
                    [RmqrMode::NUMERIC, RmqrMode::ALPHANUMERIC, RmqrMode::BYTE, RmqrMode::KANJI];
                let of = |mode: RmqrMode| catch_panic(|| mode.CharacterCountBits(version));
                modes.map(|mode| of(mode).unwrap_or(0))
            }
        };
        bits.get(column).copied().filter(|bits| *bits > 0)
    }
}

/// Bits, the most significant of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        (self.bytes.len() * 8).saturating_sub(self.at)
    }

    /// The next bits, none where there are fewer. No more than 16 at once.
    fn take(&mut self, count: u32) -> Option<u32> {
        let bits = self.peek(count)?;
        self.at += count as usize;
        Some(bits)
    }

    fn peek(&self, count: u32) -> Option<u32> {
        (self.at..self.at + count as usize).try_fold(0, |bits, at| {
            let byte = self.bytes.get(at / 8)?;
            Some(bits << 1 | u32::from(byte >> (7 - at % 8) & 1))
        })
    }

    /// Whether a terminator of this many bits follows, or the part of it that there
    /// is room for.
    fn is_at_end(&self, terminator: u32) -> bool {
        let bits = self.left().min(terminator as usize);
        self.peek(bits as u32) == Some(0)
    }
}

struct StreamReader<'a> {
    bits: Bits<'a>,
    content: Content,
    eci: Option<u32>,
}

impl StreamReader<'_> {
    fn take(&mut self, count: u32) -> Result<u32, BitStreamError> {
        self.bits.take(count).ok_or(BitStreamError::TooShort)
    }

    fn segment(&mut self, mode: Mode, layout: Layout) -> Result<(), BitStreamError> {
        if mode == Mode::Hanzi && self.take(4)? != 1 {
            // The only subset is GB 2312.
            return Err(BitStreamError::UnknownMode);
        }
        let bits = layout.count_bits(mode).ok_or(BitStreamError::UnknownMode)?;
        let count = self.take(bits)? as usize;
        let start = self.content.bytes.len();
        match mode {
            Mode::Numeric => self.digits(count)?,
            Mode::Alphanumeric => self.alphanumeric(count)?,
            Mode::Byte => {
                for _ in 0..count {
                    let byte = self.take(8)?;
                    self.content.bytes.push(byte as u8);
                }
            }
            Mode::Kanji => self.double_bytes(count, 0xC0, |packed| {
                packed + if packed < 0x1F00 { 0x8140 } else { 0xC140 }
            })?,
            Mode::Hanzi => self.double_bytes(count, 0x60, |packed| {
                packed + if packed < 0x0A00 { 0xA1A1 } else { 0xA6A1 }
            })?,
            Mode::ApplicationIndicator => {}
        }
        self.end_segment(mode, start);
        Ok(())
    }

    fn end_segment(&mut self, mode: Mode, start: usize) {
        let bytes = start..self.content.bytes.len();
        if !bytes.is_empty() {
            self.content.segments.push(Segment { mode, eci: self.eci, bytes });
        }
    }

    /// Three digits in ten bits; two in seven and one in four at the end.
    fn digits(&mut self, mut count: usize) -> Result<(), BitStreamError> {
        while count > 0 {
            let (digits, bits, base) = match count {
                1 => (1, 4, 10),
                2 => (2, 7, 100),
                _ => (3, 10, 1000),
            };
            let value = self.take(bits)?;
            if value >= base {
                return Err(BitStreamError::NoCharacter);
            }
            let three = [value / 100, value / 10 % 10, value % 10].map(|digit| b'0' + digit as u8);
            self.content.bytes.extend(three.iter().skip(3 - digits));
            count -= digits;
        }
        Ok(())
    }

    /// Two characters in eleven bits, the last of an odd number in six.
    fn alphanumeric(&mut self, count: usize) -> Result<(), BitStreamError> {
        const CHARACTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
        let character =
            |value: u32| CHARACTERS.get(value as usize).copied().ok_or(BitStreamError::NoCharacter);
        let start = self.content.bytes.len();
        for _ in 0..count / 2 {
            let pair = self.take(11)?;
            self.content.bytes.extend([character(pair / 45)?, character(pair % 45)?]);
        }
        if count % 2 == 1 {
            let last = self.take(6)?;
            self.content.bytes.push(character(last)?);
        }
        if self.content.fnc1.is_some() {
            // A percent sign is a separator, and two of them are one.
            let written = self.content.bytes.split_off(start);
            let mut rest = written.iter().peekable();
            while let Some(byte) = rest.next() {
                self.content.bytes.push(match byte {
                    b'%' if rest.next_if_eq(&&b'%').is_some() => b'%',
                    b'%' => 0x1D,
                    other => *other,
                });
            }
        }
        Ok(())
    }

    /// Characters of 13 bits, which are `bytes_of` the two bytes that `column` packs.
    fn double_bytes(
        &mut self,
        count: usize,
        column: u32,
        bytes_of: fn(u32) -> u32,
    ) -> Result<(), BitStreamError> {
        for _ in 0..count {
            let packed = self.take(13)?;
            let character = bytes_of(((packed / column) << 8) | (packed % column));
            self.content.bytes.extend([(character >> 8) as u8, character as u8]);
        }
        Ok(())
    }

    /// The number of an ECI, in one, two or three bytes.
    fn designator(&mut self) -> Result<u32, BitStreamError> {
        let first = self.take(8)?;
        let number = match first {
            0x00..=0x7F => first,
            0x80..=0xBF => (first & 0x3F) << 8 | self.take(8)?,
            0xC0..=0xDF => (first & 0x1F) << 16 | self.take(16)?,
            _ => return Err(BitStreamError::NoCharacter),
        };
        if number > 999_999 { Err(BitStreamError::NoCharacter) } else { Ok(number) }
    }

    fn structured_append(&mut self) -> Result<(), BitStreamError> {
        let (index, last, parity) = (self.take(4)?, self.take(4)?, self.take(8)?);
        // A header that contradicts itself says nothing of the data after it.
        if index <= last && last > 0 && self.content.part.is_none() {
            let part = Part { index: index as u8, count: last as u8 + 1, parity: parity as u8 };
            self.content.part = Some(part);
        }
        Ok(())
    }

    fn application_indicator(&mut self) -> Result<(), BitStreamError> {
        let indicator = self.take(8)?;
        if !self.content.bytes.is_empty() || self.content.fnc1.is_some() {
            return Err(BitStreamError::ApplicationIndicator);
        }
        match indicator {
            0..=99 => self.content.bytes.extend(format!("{indicator:02}").into_bytes()),
            165..=190 | 197..=222 => self.content.bytes.push((indicator - 100) as u8),
            _ => return Err(BitStreamError::ApplicationIndicator),
        }
        self.content.fnc1 = Some(Fnc1::Application);
        self.end_segment(Mode::ApplicationIndicator, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
