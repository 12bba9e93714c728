//! Two squares of a code whose third is covered, torn or lies in a shadow.
//!
//! Each square says how long a module is in both directions, so that two of them
//! leave few places for the third.

use image::GrayImage;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::{ConcentricPattern, FindConcentricPatternCorners};

use super::crumpled::Unread;
use super::effort::WorkBudget;
use super::mesh::level;
use super::{Point, fenced};

/// Modules between the corners of a square that rxing follows: the middle of its dark ring.
const RING: f32 = 6.0;
/// The place of the third square is known to so many modules.
const SLACK: i32 = 3;
/// Modules between the middles of two squares of a code.
const APART: std::ops::RangeInclusive<f32> = 12.0..=175.0;
/// What it costs to follow the corners of one square.
const CORNERS: u64 = 2_000;

/// A square as it lies in the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    middle: Point,
    /// One module along one of its sides, and along the other.
    across: Point,
    down: Point,
}

impl Square {
    /// Finds out how a square lies, in a picture that is `scale` times smaller.
    pub(super) fn of(
        pattern: &ConcentricPattern,
        dark: &BitMatrix,
        scale: f32,
        effort: &mut WorkBudget<'_>,
    ) -> Option<Self> {
        if !effort.spend(CORNERS) {
            return None;
        }
        let corners =
            fenced(|| FindConcentricPatternCorners(dark, pattern.p, pattern.size, 2)).flatten()?;
        let [a, b, c, d] = corners.0.map(|p| Point { x: p.x * scale, y: p.y * scale });
        let half = |from: Point, to: Point| from.to(to).times(0.5 / RING);
        Some(Self {
            middle: Point { x: pattern.p.x * scale, y: pattern.p.y * scale },
            across: half(a, b).plus(half(d, c), 1.0),
            down: half(a, d).plus(half(b, c), 1.0),
        })
    }

    fn module(&self) -> f32 {
        (self.across.length() + self.down.length()) / 2.0
    }

    /// Whether both are one square, seen twice.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.middle.distance(other.middle) < 3.0 * self.module()
    }

    /// A way in this square's modules.
    fn modules(&self, way: Point) -> Option<Point> {
        let area = self.across.cross(self.down);
        let modules = Point { x: way.cross(self.down) / area, y: self.across.cross(way) / area };
        (modules.x.is_finite() && modules.y.is_finite()).then_some(modules)
    }

    /// The same square with its sides named as those of another.
    fn turned_as(&self, other: &Self) -> Option<Self> {
        let mut square = *self;
        for _ in 0..4 {
            let across = other.modules(square.across)?;
            if across.x > 0.0 && across.x > across.y.abs() {
                return Some(square);
            }
            (square.across, square.down) = (square.down, square.across.times(-1.0));
        }
        None
    }

    /// The place near this one that looks the most like the middle of a square.
    fn sought(
        &self,
        near: Point,
        picture: &GrayImage,
        effort: &mut WorkBudget<'_>,
    ) -> Option<Point> {
        let steps = (2 * SLACK as u64 + 1).pow(2) + 9;
        if !effort.spend(steps * 81 * 2) {
            return None;
        }
        let best = |around: Point, step: f32, reach: i32| {
            let offsets = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y)));
            let places = offsets.map(|(x, y)| {
                let place =
                    around.plus(self.across, x as f32 * step).plus(self.down, y as f32 * step);
                // What is as likely lies nearer.
                let far = (x * x + y * y) as f32 / (SLACK * SLACK) as f32;
                (self.squareness(place, picture) - 0.1 * step * far, place)
            });
            places.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place)
        };
        best(best(near, 1.0, SLACK)?, 0.5, 1)
    }

    /// How much darker the dark rings of a square with its middle here are than
    /// its light ones, in deviations; the other way round counts as well.
    fn squareness(&self, middle: Point, picture: &GrayImage) -> f32 {
        let (mut dark, mut light, mut squares) = ((0.0, 0.0), (0.0, 0.0_f32), 0.0);
        for y in -4_i32..=4 {
            for x in -4_i32..=4 {
                let at = middle.plus(self.across, x as f32).plus(self.down, y as f32);
                let grey = level(picture, at.x, at.y);
                let ring = x.abs().max(y.abs());
                let side = if matches!(ring, 2 | 4) { &mut light } else { &mut dark };
                *side = (side.0 + grey, side.1 + 1.0);
                squares += grey * grey;
            }
        }
        let mean: f32 = (dark.0 + light.0) / 81.0;
        let deviation = (squares / 81.0 - mean * mean).max(1.0).sqrt();
        (light.0 / light.1 - dark.0 / dark.1).abs() / deviation
    }
}

/// The codes that may have these two squares, with the third where the picture
/// looks the most like one.
pub(super) fn guesses(
    a: &Square,
    b: &Square,
    picture: &GrayImage,
    effort: &mut WorkBudget<'_>,
) -> Vec<Unread> {
    let (small, large) = (a.module().min(b.module()), a.module().max(b.module()));
    let way = a.middle.to(b.middle);
    let Some(modules) = a.modules(way).filter(|_| large < small * 2.0) else { return Vec::new() };
    // The other square may be turned by a quarter or two against this one.
    let Some(turned) = b.turned_as(a) else { return Vec::new() };
    let mean = Square {
        middle: a.middle.plus(way, 0.5),
        across: a.across.plus(turned.across, 1.0).times(0.5),
        down: a.down.plus(turned.down, 1.0).times(0.5),
    };
    let (x, y) = (modules.x.abs(), modules.y.abs());
    let mut threes = Vec::new();
    if APART.contains(&x.max(y)) && x.min(y) < 0.3 * x.max(y) {
        // Side by side: the third is on either hand, of either.
        let (along, aside) =
            if x > y { (mean.across, mean.down) } else { (mean.down, mean.across) };
        let apart = way.length() / along.length();
        for (corner, other) in [(a, &turned), (&turned, a)] {
            for hand in [1.0, -1.0] {
                let third = corner.middle.plus(aside, hand * apart);
                threes.push((corner.middle, other.middle, third, 2));
            }
        }
    } else if APART.contains(&x.max(y)) && x.min(y) > 0.6 * x.max(y) {
        // On the diagonal: the third is the corner between them.
        let Some(modules) = mean.modules(way) else { return Vec::new() };
        let (right, below) = (mean.across.times(modules.x), mean.down.times(modules.y));
        for corner in [a.middle.plus(right, 1.0), a.middle.plus(below, 1.0)] {
            threes.push((corner, a.middle, b.middle, 0));
        }
    }
    let settled = threes.into_iter().filter_map(|(corner, one, other, guessed)| {
        let mut places = [corner, one, other];
        let place = places.get_mut(guessed)?;
        *place = mean.sought(*place, picture, effort)?;
        let [corner, one, other] = places;
        let clockwise = corner.to(one).cross(corner.to(other)) > 0.0;
        let (right, below) = if clockwise { (one, other) } else { (other, one) };
        Some(Unread {
            top_left: corner,
            top_right: right,
            bottom_left: below,
            square: 7.0 * mean.module(),
            corners: None,
            tried: 0,
        })
    });
    settled.collect()
}
