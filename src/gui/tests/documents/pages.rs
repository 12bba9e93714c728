//! The pictures of docs/guide.md, one a step.

use image::RgbImage;

/// The pictures, in the order in which the guide shows them.
pub const NAMES: [&str; 0] = [];

/// Draws all of them.
pub fn all() -> Vec<(&'static str, RgbImage)> {
    Vec::new()
}
