//! What was read, and where.

use super::text::text_of;
use super::{Content, Fnc1, Part, Point, Segment, Text, Version};

/// Which sampler read a code's modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reader {
    /// rxing's port of ZXing-C++, in a binarized picture.
    Rxing,
    /// Our own sample grid, in the grey picture.
    SampleGrid,
}

/// A code that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The bytes as the code's segments hold them, whatever charset was meant;
    /// Kanji segments in Shift JIS.
    pub bytes: Vec<u8>,
    /// How these were written, in their order.
    pub segments: Vec<Segment>,
    /// Whether the data follows the rules of GS1 or of another application.
    pub fnc1: Option<Fnc1>,
    /// Set if this is one of several codes that hold one text together.
    pub part: Option<Part>,
    /// The outer corners of the modules: the code's own top left, top right,
    /// bottom right and bottom left. Clockwise unless the picture is mirrored.
    pub corners: [Point; 4],
    /// Its kind and size.
    pub version: Version,
    /// What read it.
    pub reader: Reader,
}

impl Reading {
    pub(super) fn new(
        content: Content,
        corners: [Point; 4],
        version: Version,
        reader: Reader,
    ) -> Self {
        let Content { bytes, segments, fnc1, part } = content;
        Self { bytes, segments, fnc1, part, corners, version, reader }
    }

    /// The text: by the ECIs that the code names, else as UTF-8, else as Kanji
    /// segments or Shift JIS, else as ISO 8859-1. None of binary data, and where not
    /// all bytes are in their charset.
    ///
    /// ```
    /// use keyglance_qr::{Code, DecidedBy, decode_frame, render_grayscale};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let readings = decode_frame(&render_grayscale(&Code::new("hello")?, 6)?);
    /// let text = readings[0].text().ok_or("no text")?;
    /// assert_eq!((&*text, text.by), ("hello", DecidedBy::Utf8));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn text(&self) -> Option<Text<'_>> {
        text_of(&self.bytes, &self.segments)
    }

    /// [`text`](Self::text), whatever decided on its charset.
    #[must_use]
    pub fn into_text(self) -> Option<String> {
        Some(self.text()?.into_string())
    }

    /// Pixels a module, the mean over the four sides.
    #[must_use]
    pub fn module_pixels(&self) -> f32 {
        let next = self.corners.iter().cycle().skip(1);
        let around: f32 = self.corners.iter().zip(next).map(|(a, b)| a.distance(*b)).sum();
        let modules = 2 * (self.version.width() + self.version.height());
        around / modules as f32
    }

    /// The mean of the four corners.
    #[must_use]
    pub fn centre(&self) -> Point {
        self.corners.iter().fold(Point::default(), |sum, p| sum.moved(*p, 0.25))
    }

    /// Whether a point lies inside the four corners.
    pub(super) fn contains(&self, point: Point) -> bool {
        let next = self.corners.iter().cycle().skip(1);
        let sides =
            self.corners.iter().zip(next).map(|(from, to)| from.to(*to).cross(from.to(point)));
        let (mut left, mut right) = (false, false);
        for side in sides {
            left |= side < 0.0;
            right |= side > 0.0;
        }
        !(left && right)
    }
}
