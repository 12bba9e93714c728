//! How much smaller the far side of a code looks, measured on its finder patterns.

use image::GrayImage;

use super::Point;
use super::candidate::Candidate;
use super::partial_finder::Shape;
use super::sampling::grey_at;
use super::tuning::FORESHORTENING;

/// The foreshortening of a code, by how much larger its nearer finder patterns are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Foreshortening {
    /// The modules' spacing at the top left pattern towards the top right one, over
    /// what it would be if the code were not tilted.
    pub(super) right: f32,
    /// The same towards the bottom left pattern.
    pub(super) down: f32,
    /// Modules between the centres of two patterns, the mean of both directions.
    pub(super) modules: f32,
}

impl Foreshortening {
    pub(super) fn of(candidate: &Candidate, picture: &GrayImage) -> Self {
        let rough = candidate.pattern_size / 7.0;
        let measure = |to: Point| {
            let long = candidate.top_left.distance(to).max(1.0);
            let step = Point {
                x: (to.x - candidate.top_left.x) / long,
                y: (to.y - candidate.top_left.y) / long,
            };
            let start = module_along(picture, candidate.top_left, step, rough, candidate.shape);
            let end = module_along(picture, to, step, rough, candidate.shape);
            // A projection of evenly spaced points: the spacing at both ends
            // gives its one parameter, and the mean is the geometric one.
            let (least, most) = FORESHORTENING.into_inner();
            match start.zip(end) {
                Some((start, end)) => {
                    ((start / end).sqrt().clamp(least, most), long / (start * end).sqrt())
                }
                None => (1.0, long / rough.max(0.1)),
            }
        };
        let ((right, across), (down, deep)) =
            (measure(candidate.top_right), measure(candidate.bottom_left));
        Self { right, down, modules: (across + deep) / 2.0 }
    }
}

/// The length of a module in this direction, by the outer edges of the finder
/// pattern there.
fn module_along(
    picture: &GrayImage,
    middle: Point,
    step: Point,
    rough: f32,
    shape: Shape,
) -> Option<f32> {
    let (outermost, modules) = shape.outermost_edge();
    let pace = (rough / 4.0).max(0.25);
    let profile = |sign: f32| -> Vec<f32> {
        let points = (0..28).map(|at| middle.moved(step, sign * pace * at as f32));
        points.map(|point| grey_at(picture, point.x, point.y)).collect()
    };
    let both = [profile(1.0), profile(-1.0)];
    let levels = || both.iter().flat_map(|profile| profile.iter().take(20).copied());
    let (least, most) = (levels().fold(f32::MAX, f32::min), levels().fold(f32::MIN, f32::max));
    let threshold = (least + most) / 2.0;
    // A code may be light on dark.
    let edge = |profile: &Vec<f32>| {
        let pairs = profile.iter().zip(profile.iter().skip(1)).enumerate();
        let mut edges = pairs.filter(|(_, (a, b))| (**a < threshold) != (**b < threshold));
        let (at, (a, b)) = edges.nth(outermost - 1)?;
        Some((at as f32 + (threshold - a) / (b - a)) * pace)
    };
    let [ahead, behind] = &both;
    Some((edge(ahead)? + edge(behind)?) / modules)
}

#[cfg(test)]
mod tests {
    use image::{Luma, imageops};

    use super::*;
    use crate::{Code, render_grayscale};

    const MODULE: u32 = 8;

    #[test]
    fn a_code_without_a_quiet_zone_is_measured_by_its_light_rings() {
        let code = Code::new("no edge at all").unwrap();
        let (quiet, side) = (4 * MODULE, code.side() as u32 * MODULE);
        let drawn = render_grayscale(&code, MODULE).unwrap();
        let tight = imageops::crop_imm(&drawn, quiet, quiet, side, side).to_image();
        let mut picture = GrayImage::from_pixel(drawn.width(), drawn.height(), Luma([0]));
        imageops::replace(&mut picture, &tight, quiet.into(), quiet.into());
        let at = |x: f32, y: f32| Point { x: (x + 4.0) * 8.0, y: (y + 4.0) * 8.0 };
        let far = code.side() as f32 - 3.5;
        let candidate = Candidate {
            top_left: at(3.5, 3.5),
            top_right: at(far, 3.5),
            bottom_left: at(3.5, far),
            // Roughly: a sixth too large.
            pattern_size: 65.0,
            corners: None,
            tried: 0,
            shape: Shape::Inner,
            is_light: false,
        };
        let measured = Foreshortening::of(&candidate, &picture);
        assert!((measured.modules - (far - 3.5)).abs() < 0.3, "{measured:?}");
        assert!((measured.right - 1.0).abs() < 0.02 && (measured.down - 1.0).abs() < 0.02);
    }
}
