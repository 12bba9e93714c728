//! Codes whose squares were found but whose modules were not read: several
//! guesses at how they lie, each pulled into place on the grey picture.

use image::GrayImage;

use super::effort::Effort;
use super::mesh::{Mesh, level};
use super::plane::Plane;
use super::{Point, Reader, Reading, symbol};

/// Three squares that may belong to a code that was not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unread {
    pub(super) top_left: Point,
    pub(super) top_right: Point,
    pub(super) bottom_left: Point,
    /// The mean width of the squares, in pixels.
    pub(super) square: f32,
    /// The corners that another reader placed.
    pub(super) corners: Option<[Point; 4]>,
}

/// Guesses at the fourth corner, at most.
const CORNERS: usize = 3;
/// Guesses at the number of modules.
const SIDES: usize = 2;

impl Unread {
    /// As it lies in a picture that is `scale` times larger.
    pub(super) fn scaled(self, scale: f32) -> Self {
        Self {
            top_left: self.top_left.times(scale),
            top_right: self.top_right.times(scale),
            bottom_left: self.bottom_left.times(scale),
            square: self.square * scale,
            corners: self.corners.map(|corners| corners.map(|p| p.times(scale))),
        }
    }

    /// Whether both are the same three squares, seen twice.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let near = |a: Point, b: Point| a.distance(b) < self.square / 2.0;
        near(self.top_left, other.top_left)
            && near(self.top_right, other.top_right)
            && near(self.bottom_left, other.bottom_left)
    }

    /// Reads it from the grey picture.
    pub(super) fn read(&self, picture: &GrayImage, effort: &mut Effort<'_>) -> Option<Reading> {
        for side in self.sides(picture) {
            for plane in self.planes(picture, side, effort) {
                if !effort.spend(Mesh::cost(side)) {
                    return None;
                }
                let mut mesh = Mesh::flat(&plane, side);
                mesh.settle(picture);
                let corners = mesh.corners()?;
                let read = |modules| symbol::read(&modules, corners, Reader::Mesh);
                if let Some(reading) = mesh.modules(picture).find_map(read) {
                    return Some(reading);
                }
            }
        }
        None
    }

    /// The likeliest numbers of modules to a side: those whose timing patterns
    /// alternate the best.
    fn sides(&self, picture: &GrayImage) -> Vec<usize> {
        let long = (self.top_left.distance(self.top_right)
            + self.top_left.distance(self.bottom_left))
            / 2.0;
        let about = long / (self.square / 7.0).max(0.1) + 7.0;
        // The squares' width is known to a pixel or so.
        let slack = about * 0.25 + 6.0;
        let mut scored: Vec<(f32, usize)> = (1..=40)
            .map(|version| 17 + 4 * version)
            .filter(|side| (*side as f32 - about).abs() < slack)
            .map(|side| (self.timing(picture, side), side))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.into_iter().take(SIDES).map(|(_, side)| side).collect()
    }

    /// How well both timing patterns alternate between dark and light, −1 to 1.
    fn timing(&self, picture: &GrayImage, side: usize) -> f32 {
        let modules = side as f32 - 7.0;
        let [right, down] = self.axes(modules);
        let along = |step: Point, aside: Point| {
            let (mut signed, mut whole) = (0.0, 0.0);
            // Three modules aside of the line between the squares' middles.
            let start = self.top_left.plus(aside, 3.0);
            let at = |module: usize| {
                let point = start.plus(step, module as f32 + 0.5 - 3.5);
                level(picture, point.x, point.y)
            };
            for module in 8..side - 8 {
                let contrast = at(module) - (at(module - 1) + at(module + 1)) / 2.0;
                signed += if module % 2 == 0 { -contrast } else { contrast };
                whole += contrast.abs();
            }
            signed / f32::max(whole, 1.0)
        };
        along(right, down) + along(down, right)
    }

    /// One module to the right and one down, with this many between the squares.
    fn axes(&self, modules: f32) -> [Point; 2] {
        let axis = |to: Point| Point {
            x: (to.x - self.top_left.x) / modules,
            y: (to.y - self.top_left.y) / modules,
        };
        [axis(self.top_right), axis(self.bottom_left)]
    }

    /// Guesses at how the code lies.
    fn planes(&self, picture: &GrayImage, side: usize, effort: &mut Effort<'_>) -> Vec<Plane> {
        let far = side as f32 - 3.5;
        let near = 3.5;
        let fourth = |place: f32, pixel: Point| {
            let at = |x, y| Point { x, y };
            let modules = [at(near, near), at(far, near), at(place, place), at(near, far)];
            Plane::through(modules, [self.top_left, self.top_right, pixel, self.bottom_left])
        };
        let mut planes = Vec::new();
        let [right, down] = self.axes(side as f32 - 7.0);
        let parallel = self.top_left.plus(right, far - near).plus(down, far - near);
        if side > 21 {
            let guess = parallel.plus(right, -3.0).plus(down, -3.0);
            let found = alignment(picture, guess, right, down, effort);
            planes.extend(found.into_iter().filter_map(|point| fourth(side as f32 - 6.5, point)));
        }
        if let Some([.., corner, _]) = self.corners {
            planes.extend(fourth(side as f32, corner));
        }
        planes.extend(fourth(far, parallel));
        planes
    }
}

/// Where the small square near the fourth corner may be, the likeliest first.
fn alignment(
    picture: &GrayImage,
    guess: Point,
    right: Point,
    down: Point,
    effort: &mut Effort<'_>,
) -> Vec<Point> {
    // Half a module at a time, four modules to each side.
    const STEPS: i32 = 8;
    if !effort.spend((2 * STEPS as u64 + 1).pow(2) * 25 * 10) {
        return Vec::new();
    }
    let score = |middle: Point| {
        let (mut dark, mut light, mut squares) = (0.0, 0.0, 0.0);
        for y in -2_i32..=2 {
            for x in -2_i32..=2 {
                let point = middle.plus(right, x as f32).plus(down, y as f32);
                let grey = level(picture, point.x, point.y);
                squares += grey * grey;
                // The ring of eight around the middle is light.
                match x.abs().max(y.abs()) {
                    1 => light += grey,
                    _ => dark += grey,
                }
            }
        }
        let mean: f32 = (dark + light) / 25.0;
        let deviation = (squares / 25.0 - mean * mean).max(1.0).sqrt();
        (light / 8.0 - dark / 17.0) / deviation
    };
    let mut scored = Vec::new();
    for y in -STEPS..=STEPS {
        for x in -STEPS..=STEPS {
            let point = guess.plus(right, x as f32 / 2.0).plus(down, y as f32 / 2.0);
            let far = (x * x + y * y) as f32 / (STEPS * STEPS) as f32;
            scored.push((score(point) - 0.2 * far, point));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let module = right.distance(Point::default()).max(down.distance(Point::default()));
    let mut found: Vec<Point> = Vec::new();
    for (_, point) in scored {
        if found.iter().all(|old| old.distance(point) > module * 1.5) {
            found.push(point);
        }
        if found.len() == CORNERS {
            break;
        }
    }
    found
}
