//! Places and vectors in a picture.

/// A place in a picture, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    pub(super) fn scaled(self, factor: f32) -> Self {
        Self { x: self.x * factor, y: self.y * factor }
    }

    /// This point moved `times` along `step`.
    pub(super) fn moved(self, step: Self, times: f32) -> Self {
        Self { x: self.x + step.x * times, y: self.y + step.y * times }
    }

    /// The vector from here to `other`.
    pub(super) fn to(self, other: Self) -> Self {
        other.moved(self, -1.0)
    }

    pub(super) fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// The cross product: positive where `other` lies clockwise of this vector.
    pub(super) fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    pub(super) fn distance(self, other: Self) -> f32 {
        self.to(other).length()
    }
}
