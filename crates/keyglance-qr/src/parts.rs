//! One text that is spread over several codes (structured append, ISO/IEC 18004, 8).

use std::ops::Range;
use std::time::Duration;

use crate::decode::{Part, Reading, Segment, Text, text_of};

/// How long a part waits for the others.
const WAIT: Duration = Duration::from_secs(60);
/// Texts that are gathered at once; of more, the one that waits longest is dropped.
const MAX_TEXTS: usize = 8;

/// What one or several codes hold together.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Gathered {
    /// A code of its own.
    Single(Reading),
    /// A part of a text, of which others are missing or do not fit.
    Part(Reading, Part),
    /// The last part that was missing: all of them together.
    Whole(WholeText),
}

impl Gathered {
    /// The bytes that may be acted on.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Single(reading) | Self::Part(reading, _) => &reading.bytes,
            Self::Whole(whole) => &whole.bytes,
        }
    }

    /// Their text, or that of the part.
    #[must_use]
    pub fn text(&self) -> Option<Text<'_>> {
        match self {
            Self::Single(reading) | Self::Part(reading, _) => reading.text(),
            Self::Whole(whole) => whole.text(),
        }
    }
}

/// A text that several codes held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeText {
    /// The bytes of all parts, in their order.
    pub bytes: Vec<u8>,
    /// How these were written.
    pub segments: Vec<Segment>,
    /// How many codes it was spread over.
    pub count: u8,
}

impl WholeText {
    /// As [`Reading::text`], of all bytes at once: a character may begin in one part
    /// and end in the next.
    #[must_use]
    pub fn text(&self) -> Option<Text<'_>> {
        text_of(&self.bytes, &self.segments)
    }
}

/// Puts texts together that are spread over several codes, whether these are in one
/// picture or come within a minute.
///
/// ```
/// use std::time::Duration;
///
/// use keyglance_qr::{Code, Gathered, PartCollector, decode_image, render_grayscale};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let readings = decode_image(&render_grayscale(&Code::new("all of it")?, 4)?);
/// let mut parts = PartCollector::default();
/// let gathered = parts.gather(Duration::ZERO, readings);
/// assert!(matches!(&gathered[..], [Gathered::Single(_)]));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct PartCollector {
    texts: Vec<Unfinished>,
}

/// A text of which parts are missing.
#[derive(Clone, Debug)]
struct Unfinished {
    count: u8,
    parity: u8,
    /// By their index: what each holds, and when it was seen last.
    parts: Vec<Option<Held>>,
}

#[derive(Clone, Debug)]
struct Held {
    bytes: Vec<u8>,
    segments: Vec<Segment>,
    seen: Duration,
}

impl PartCollector {
    /// What these readings of one picture hold, with the parts that were seen in the
    /// minute before. `now` never goes back.
    ///
    /// A text comes once all its parts were seen and their parity agrees; its parts in
    /// this picture are not told then. It comes again when all were seen again.
    #[must_use]
    pub fn gather(&mut self, now: Duration, readings: Vec<Reading>) -> Vec<Gathered> {
        self.forget(now);
        for (reading, part) in readings.iter().filter_map(|r| Some((r, r.part?))) {
            self.keep(now, reading, part);
        }
        let mut whole: Vec<(Part, WholeText)> = Vec::new();
        self.texts.retain(|text| match text.join() {
            Some(joined) => {
                let part = Part { index: 0, count: text.count, parity: text.parity };
                whole.push((part, joined));
                false
            }
            None => true,
        });
        let is_told = |part: Part| whole.iter().any(|(of, _)| is_of_same_text(*of, part));
        let mut gathered: Vec<_> = readings
            .into_iter()
            .filter_map(|reading| match reading.part {
                Some(part) if is_told(part) => None,
                Some(part) => Some(Gathered::Part(reading, part)),
                None => Some(Gathered::Single(reading)),
            })
            .collect();
        gathered.extend(whole.into_iter().map(|(_, text)| Gathered::Whole(text)));
        gathered
    }

    /// Drops the parts that waited too long.
    fn forget(&mut self, now: Duration) {
        for text in &mut self.texts {
            for part in &mut text.parts {
                part.take_if(|held| now.saturating_sub(held.seen) > WAIT);
            }
        }
        self.texts.retain(|text| text.parts.iter().any(Option::is_some));
    }

    fn keep(&mut self, now: Duration, reading: &Reading, part: Part) {
        let is_of = |text: &Unfinished| (text.count, text.parity) == (part.count, part.parity);
        let at = self.texts.iter().position(is_of).unwrap_or_else(|| {
            if self.texts.len() == MAX_TEXTS {
                let oldest = self.texts.iter().enumerate().min_by_key(|(_, text)| text.seen());
                let oldest = oldest.map_or(0, |(at, _)| at);
                self.texts.remove(oldest);
            }
            self.texts.push(Unfinished {
                count: part.count,
                parity: part.parity,
                parts: vec![None; part.count.into()],
            });
            self.texts.len() - 1
        });
        let text = self.texts.get_mut(at);
        if let Some(slot) = text.and_then(|text| text.parts.get_mut(usize::from(part.index))) {
            let (bytes, segments) = (reading.bytes.clone(), reading.segments.clone());
            *slot = Some(Held { bytes, segments, seen: now });
        }
    }
}

fn is_of_same_text(a: Part, b: Part) -> bool {
    (a.count, a.parity) == (b.count, b.parity)
}

impl Unfinished {
    /// When a part of it was seen last.
    fn seen(&self) -> Option<Duration> {
        self.parts.iter().flatten().map(|held| held.seen).max()
    }

    /// All parts together, where none is missing and the parity agrees.
    fn join(&self) -> Option<WholeText> {
        let (mut bytes, mut segments) = (Vec::new(), Vec::new());
        for part in &self.parts {
            let part = part.as_ref()?;
            let at = bytes.len();
            let moved = |range: &Range<usize>| range.start + at..range.end + at;
            let of_part = part.segments.iter();
            segments.extend(of_part.map(|s| Segment { bytes: moved(&s.bytes), ..s.clone() }));
            bytes.extend_from_slice(&part.bytes);
        }
        let parity = bytes.iter().fold(0, |parity, byte| parity ^ byte);
        (parity == self.parity).then_some(WholeText { bytes, segments, count: self.count })
    }
}
