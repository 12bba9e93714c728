//! Pictures to the bytes of every code in them.
//!
//! Each step finds codes that the ones before it miss: other ways to part dark
//! from light ([`threshold`]), other sizes ([`scale`]), a mesh pulled over
//! crumpled, blurred or very small codes ([`mesh`]), two squares without the third
//! ([`pair`]). A still takes them all, a frame of a camera the quick ones and one of
//! the others.
//! `docs/reading.md` says what each is worth.

mod crumpled;
mod effort;
mod finder;
mod live;
mod mesh;
mod pair;
mod plane;
mod scale;
mod search;
mod still;
mod symbol;
mod threshold;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use effort::WorkBudget;
pub use live::{VideoDecoder, decode_frame};
pub use still::{decode_image, decode_image_within};

/// A place in a picture: pixels from the top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    fn times(self, factor: f32) -> Self {
        Self { x: self.x * factor, y: self.y * factor }
    }

    /// So many steps from here.
    fn plus(self, step: Self, times: f32) -> Self {
        Self { x: self.x + step.x * times, y: self.y + step.y * times }
    }

    /// The way from here.
    fn to(self, other: Self) -> Self {
        other.plus(self, -1.0)
    }

    fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// Positive where `other` lies clockwise of this way.
    fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    fn distance(self, other: Self) -> f32 {
        self.to(other).length()
    }
}

/// Which reader found a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// rxing's port of ZXing-C++.
    Rxing,
    /// The mesh of our own.
    Mesh,
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
    /// Who found it.
    pub reader: Reader,
}

impl Reading {
    fn new(bytes: Vec<u8>, corners: [Point; 4], version: u8, reader: Reader) -> Self {
        Self { text: String::from_utf8(bytes.clone()).ok(), bytes, corners, version, reader }
    }

    /// The modules along each side.
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

    /// The middle of the four corners.
    #[must_use]
    pub fn centre(&self) -> Point {
        self.corners.iter().fold(Point::default(), |sum, p| sum.plus(*p, 0.25))
    }

    /// Whether a point lies inside the four corners.
    fn holds(&self, point: Point) -> bool {
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

/// Nothing where a reader panics: a picture is anybody's, and must not end the program.
fn fenced<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}
