//! What was read, and where.

use super::Point;

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
    /// The bytes as text, if they are UTF-8.
    pub text: Option<String>,
    /// The bytes as the code's segments hold them, whatever charset was meant;
    /// Kanji segments in Shift JIS.
    pub bytes: Vec<u8>,
    /// The outer corners of the modules: the code's own top left, top right,
    /// bottom right and bottom left. Clockwise unless the picture is mirrored.
    pub corners: [Point; 4],
    /// 1 to 40, for 21 to 177 modules a side.
    pub version: u8,
    /// What read it.
    pub reader: Reader,
}

impl Reading {
    pub(super) fn new(bytes: Vec<u8>, corners: [Point; 4], version: u8, reader: Reader) -> Self {
        Self { text: String::from_utf8(bytes.clone()).ok(), bytes, corners, version, reader }
    }

    /// The number of modules along each side.
    #[must_use]
    pub fn side(&self) -> usize {
        17 + 4 * usize::from(self.version)
    }

    /// Pixels a module, the mean over the four sides.
    #[must_use]
    pub fn module_pixels(&self) -> f32 {
        let next = self.corners.iter().cycle().skip(1);
        let around: f32 = self.corners.iter().zip(next).map(|(a, b)| a.distance(*b)).sum();
        around / 4.0 / self.side() as f32
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
