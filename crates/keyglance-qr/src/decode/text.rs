//! A code's bytes as text.
//!
//! Where an ECI stands, it says the charset, whatever mode the bytes are in
//! (AIM ITS/04-023). Without one the standard says ISO 8859-1, the older one of Japan
//! Shift JIS, and most writers put UTF-8: the bytes decide.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use encoding_rs as charsets;

use super::{Mode, Segment};

/// A charset that a code's bytes were guessed to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Charset {
    /// ISO 8859-1, without control characters but white space and separators.
    Latin1,
    /// Shift JIS.
    ShiftJis,
}

/// What decided how a code's text was decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecidedBy {
    /// No charset is named, and the bytes are UTF-8.
    Utf8,
    /// The code names the charset by this ECI, the first of them.
    Eci(u32),
    /// Segments in Kanji mode, which is Shift JIS.
    Kanji,
    /// Segments in Hanzi mode, which is GB 2312.
    Hanzi,
    /// No charset is named, and at least some bytes fit this one.
    Guessed(Charset),
}

impl DecidedBy {
    /// One word for JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Eci(_) => "eci",
            Self::Kanji => "kanji",
            Self::Hanzi => "hanzi",
            Self::Guessed(_) => "guessed",
        }
    }

    /// The charset's name as IANA has it.
    #[must_use]
    pub fn charset(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Eci(number) => EciCharset::of(number).map_or("unknown", EciCharset::name),
            Self::Kanji | Self::Guessed(Charset::ShiftJis) => "Shift_JIS",
            Self::Hanzi => "GB2312",
            Self::Guessed(Charset::Latin1) => "ISO-8859-1",
        }
    }
}

/// A code's text. It never has a replacement character for what could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text: borrowed where the bytes are UTF-8.
    pub string: Cow<'a, str>,
    /// What decided on its charset.
    pub by: DecidedBy,
}

impl<'a> Text<'a> {
    /// The text, if it may be acted on: its charset was not guessed, and whoever wrote
    /// the code had not lost a character already.
    #[must_use]
    pub fn if_certain(self) -> Option<Cow<'a, str>> {
        let is_guessed = matches!(self.by, DecidedBy::Guessed(_));
        (!is_guessed && !self.string.contains('\u{FFFD}')).then_some(self.string)
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.string.into_owned()
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.string
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.string)
    }
}

/// The text of a code's bytes, which these segments divide.
pub(crate) fn text_of<'a>(bytes: &'a [u8], segments: &[Segment]) -> Option<Text<'a>> {
    if segments.iter().all(|segment| segment.eci.is_none()) {
        return without_eci(bytes, segments);
    }
    // Segments under one ECI are one stretch: a character may lie across them.
    let (mut string, mut decided) = (String::new(), None);
    for run in segments.chunk_by(|a, b| a.eci == b.eci) {
        let text = match run.first()?.eci {
            Some(eci) => under_eci(bytes, run, eci)?,
            None => without_eci(bytes.get(range(run))?, &at_zero(run))?,
        };
        string.push_str(&text.string);
        decided = Some(less_certain(decided, text.by));
    }
    Some(Text { string: string.into(), by: decided? })
}

/// Of two ways the one to be told: a guess, or else the first ECI.
fn less_certain(first: Option<DecidedBy>, next: DecidedBy) -> DecidedBy {
    match (first, next) {
        (Some(guess @ DecidedBy::Guessed(_)), _) | (_, guess @ DecidedBy::Guessed(_)) => guess,
        (Some(eci @ DecidedBy::Eci(_)), _) | (_, eci @ DecidedBy::Eci(_)) => eci,
        (first, next) => first.unwrap_or(next),
    }
}

/// Where the bytes of some segments in a row lie.
fn range(run: &[Segment]) -> std::ops::Range<usize> {
    let start = run.first().map_or(0, |segment| segment.bytes.start);
    start..run.last().map_or(start, |segment| segment.bytes.end)
}

/// The segments as if their bytes were the first.
fn at_zero(run: &[Segment]) -> Vec<Segment> {
    let start = range(run).start;
    let moved = |segment: &Segment| segment.bytes.start - start..segment.bytes.end - start;
    run.iter().map(|segment| Segment { bytes: moved(segment), ..segment.clone() }).collect()
}

fn under_eci<'a>(bytes: &'a [u8], run: &[Segment], eci: u32) -> Option<Text<'a>> {
    let by = DecidedBy::Eci(eci);
    let charset = EciCharset::of(eci)?;
    if let Some(string) = charset.decode(bytes.get(range(run))?) {
        return Some(Text { string, by });
    }
    // Some writers go on in Kanji mode, in Shift JIS, without naming another ECI.
    let is_kanji = |segment: &Segment| segment.mode == Mode::Kanji;
    let parts = run.chunk_by(|a, b| is_kanji(a) == is_kanji(b)).map(|part| {
        let bytes = bytes.get(range(part))?;
        match part.first().is_some_and(is_kanji) {
            true => decode(charsets::SHIFT_JIS, bytes),
            false => charset.decode(bytes),
        }
    });
    let string: String = parts.collect::<Option<_>>()?;
    Some(Text { string: string.into(), by })
}

fn without_eci<'a>(bytes: &'a [u8], segments: &[Segment]) -> Option<Text<'a>> {
    if let Ok(string) = std::str::from_utf8(bytes) {
        let string = string.strip_prefix('\u{FEFF}').unwrap_or(string).into();
        return Some(Text { string, by: DecidedBy::Utf8 });
    }
    let modes = || segments.iter().map(|segment| segment.mode);
    for (mode, charset, by) in [
        (Mode::Kanji, charsets::SHIFT_JIS, DecidedBy::Kanji),
        (Mode::Hanzi, charsets::GB18030, DecidedBy::Hanzi),
    ] {
        if !modes().any(|is| is == mode) {
            continue;
        }
        // All in one charset, or bytes beside it in one of their own.
        if let Some(string) = decode(charset, bytes) {
            return Some(Text { string, by });
        }
        return beside(bytes, segments, mode, charset, by);
    }
    guess(bytes)
}

/// The text of segments of which those in one mode have a charset of their own.
fn beside<'a>(
    bytes: &'a [u8],
    segments: &[Segment],
    mode: Mode,
    charset: &'static charsets::Encoding,
    by: DecidedBy,
) -> Option<Text<'a>> {
    let (mut string, mut decided) = (String::new(), by);
    for part in segments.chunk_by(|a, b| (a.mode == mode) == (b.mode == mode)) {
        let bytes = bytes.get(range(part))?;
        if part.first().is_some_and(|segment| segment.mode == mode) {
            string.push_str(&decode(charset, bytes)?);
        } else {
            let text = without_eci(bytes, &at_zero(part))?;
            decided = less_certain(Some(decided), text.by);
            string.push_str(&text.string);
        }
    }
    Some(Text { string: string.into(), by: decided })
}

/// Bytes that are no UTF-8, of which nothing says what they are.
fn guess(bytes: &[u8]) -> Option<Text<'_>> {
    let guessed = |charset, string| Text { string, by: DecidedBy::Guessed(charset) };
    if is_like_shift_jis(bytes)
        && let Some(string) = decode(charsets::SHIFT_JIS, bytes)
        // Neither control characters nor private ones, to which nothing else is mapped.
        && !string.chars().any(|c| matches!(c, '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}'))
    {
        return Some(guessed(Charset::ShiftJis, string));
    }
    // ISO 8859-1 has no control characters; those of ASCII that texts have are white
    // space and separators. Anything else is no text.
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x04 | 0x1C..=0x1F | 0x20..=0x7E | 0xA0..=0xFF);
    let latin1 = bytes.iter().all(is_text);
    latin1.then(|| guessed(Charset::Latin1, charsets::mem::decode_latin1(bytes)))
}

/// Whether bytes stand as they do in Japanese, and not as accented letters happen to:
/// a double-byte character with a lead byte that ISO 8859-1 has no character for, and
/// one that is no single letter with a plain letter after it; or three half-width
/// katakana in a row that would be letters and signs in turn.
fn is_like_shift_jis(bytes: &[u8]) -> bool {
    let (mut has_lead, mut has_company, mut has_katakana) = (false, false, false);
    let (mut rest, mut after_double, mut run) = (bytes, false, [0; 2]);
    while let [byte, tail @ ..] = rest {
        rest = tail;
        run = match byte {
            0xA1..=0xBF => [run[0] + 1, run[1]],
            0xC0..=0xDF => [run[0], run[1] + 1],
            _ => [0; 2],
        };
        has_katakana |= run[0] + run[1] >= 3 && run[0].min(run[1]) > 0;
        let is_lead = matches!(byte, 0x81..=0x9F | 0xE0..=0xFC);
        after_double = match tail {
            [trail, tail @ ..] if is_lead => {
                has_lead |= *byte <= 0x9F;
                has_company |= after_double || !trail.is_ascii_alphabetic();
                rest = tail;
                true
            }
            _ => false,
        };
    }
    has_lead && has_company || has_katakana
}

/// Bytes in one of the charsets of WHATWG, strictly.
fn decode<'a>(charset: &'static charsets::Encoding, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    charset.decode_without_bom_handling_and_without_replacement(bytes)
}

/// What an ECI says the bytes are.
#[derive(Clone, Copy)]
enum EciCharset {
    /// ISO 8859-1 with control characters: each byte is the character of its number.
    Latin1,
    Ascii,
    /// The characters that all national variants of ISO 646 share.
    Invariant,
    /// A charset of ISO 8859 that WHATWG knows only with other characters in place of
    /// the control characters.
    WithControls(&'static charsets::Encoding, &'static str),
    /// Code page 437, of which only ASCII is known here.
    AsciiOf437,
    /// Any other that WHATWG knows.
    Known(&'static charsets::Encoding),
    Utf32 {
        is_big_endian: bool,
    },
}

impl EciCharset {
    /// None of binary data, and where there is no such charset.
    fn of(eci: u32) -> Option<Self> {
        Some(match eci {
            0 | 2 => Self::AsciiOf437,
            1 | 3 => Self::Latin1,
            4 => Self::Known(charsets::ISO_8859_2),
            5 => Self::Known(charsets::ISO_8859_3),
            6 => Self::Known(charsets::ISO_8859_4),
            7 => Self::Known(charsets::ISO_8859_5),
            8 => Self::Known(charsets::ISO_8859_6),
            9 => Self::Known(charsets::ISO_8859_7),
            10 => Self::Known(charsets::ISO_8859_8),
            11 => Self::WithControls(charsets::WINDOWS_1254, "ISO-8859-9"),
            12 => Self::Known(charsets::ISO_8859_10),
            13 => Self::WithControls(charsets::WINDOWS_874, "ISO-8859-11"),
            15 => Self::Known(charsets::ISO_8859_13),
            16 => Self::Known(charsets::ISO_8859_14),
            17 => Self::Known(charsets::ISO_8859_15),
            18 => Self::Known(charsets::ISO_8859_16),
            20 => Self::Known(charsets::SHIFT_JIS),
            21 => Self::Known(charsets::WINDOWS_1250),
            22 => Self::Known(charsets::WINDOWS_1251),
            23 => Self::Known(charsets::WINDOWS_1252),
            24 => Self::Known(charsets::WINDOWS_1256),
            25 => Self::Known(charsets::UTF_16BE),
            26 => Self::Known(charsets::UTF_8),
            27 => Self::Ascii,
            28 => Self::Known(charsets::BIG5),
            29 | 32 => Self::Known(charsets::GB18030),
            30 => Self::Known(charsets::EUC_KR),
            31 => Self::Known(charsets::GBK),
            33 => Self::Known(charsets::UTF_16LE),
            34 => Self::Utf32 { is_big_endian: true },
            35 => Self::Utf32 { is_big_endian: false },
            170 => Self::Invariant,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Latin1 => "ISO-8859-1",
            Self::Ascii => "US-ASCII",
            Self::Invariant => "INVARIANT",
            Self::WithControls(_, name) => name,
            Self::AsciiOf437 => "IBM437",
            Self::Known(charset) => charset.name(),
            Self::Utf32 { is_big_endian: true } => "UTF-32BE",
            Self::Utf32 { is_big_endian: false } => "UTF-32LE",
        }
    }

    /// None where the bytes are not all in it.
    fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Self::Latin1 => Some(charsets::mem::decode_latin1(bytes)),
            Self::Ascii | Self::AsciiOf437 => {
                std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(Cow::from)
            }
            Self::Invariant => {
                let text = Self::Ascii.decode(bytes)?;
                let is_variant = |c: char| "#$@[\\]^`{|}~".contains(c);
                (!text.contains(is_variant)).then_some(text)
            }
            Self::WithControls(charset, _) => {
                let is_control = |byte: &u8| (0x80..=0x9F).contains(byte);
                let parts = bytes.chunk_by(|a, b| is_control(a) == is_control(b));
                let decoded = parts.map(|part| match part.first().is_some_and(is_control) {
                    true => Some(charsets::mem::decode_latin1(part)),
                    false => decode(charset, part),
                });
                decoded.collect::<Option<String>>().map(Cow::from)
            }
            // A byte order mark is no character of the text.
            Self::Known(charset) => decode(charset, bytes).map(without_bom),
            Self::Utf32 { is_big_endian } => {
                let characters = bytes.chunks(4).map(|four| {
                    let four = <[u8; 4]>::try_from(four).ok()?;
                    char::from_u32(match is_big_endian {
                        true => u32::from_be_bytes(four),
                        false => u32::from_le_bytes(four),
                    })
                });
                characters.collect::<Option<String>>().map(|text| without_bom(text.into()))
            }
        }
    }
}

fn without_bom(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).into(),
        Cow::Owned(mut text) => {
            if text.starts_with('\u{FEFF}') {
                text.remove(0);
            }
            text.into()
        }
    }
}
