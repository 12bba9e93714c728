//! Codes whose squares were found but whose modules were not read: several
//! guesses at how they lie, each pulled into place on the grey picture.

use image::GrayImage;

use super::effort::WorkBudget;
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
    /// So many guesses were no good.
    pub(super) tried: usize,
}

/// Guesses at the fourth corner, at most.
const CORNERS: usize = 3;
/// Guesses at the number of modules.
const SIDES: usize = 2;
/// How well the timing patterns alternate where there is a code, of 2. What
/// three squares by chance have between them is near nought.
pub(super) const LIKELY: f32 = 0.6;
/// Below this there is none.
pub(super) const POSSIBLE: f32 = 0.3;

/// Greys by which even paper differs from place to place.
const NOISE: f32 = 8.0;

impl Unread {
    /// As it lies in a picture that is `scale` times larger.
    pub(super) fn scaled(self, scale: f32) -> Self {
        Self {
            top_left: self.top_left.times(scale),
            top_right: self.top_right.times(scale),
            bottom_left: self.bottom_left.times(scale),
            square: self.square * scale,
            corners: self.corners.map(|corners| corners.map(|p| p.times(scale))),
            tried: self.tried,
        }
    }

    /// Whether both are the same three squares, seen twice.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let near = |a: Point, b: Point| a.distance(b) < self.square / 2.0;
        near(self.top_left, other.top_left)
            && near(self.top_right, other.top_right)
            && near(self.bottom_left, other.bottom_left)
    }

    /// How much what lies between the squares looks like timing patterns, −2 to 2.
    pub(super) fn likelihood(&self, picture: &GrayImage) -> f32 {
        let sides = self.sides(picture, &Slant::of(self, picture));
        sides.first().map_or(-2.0, |(score, _)| *score)
    }

    /// Reads it from the grey picture, by so many of the best guesses, but for those
    /// that were tried before.
    pub(super) fn read(
        &mut self,
        picture: &GrayImage,
        guesses: usize,
        effort: &mut WorkBudget<'_>,
    ) -> Option<Reading> {
        if self.tried >= guesses {
            return None;
        }
        let slant = Slant::of(self, picture);
        let mut meshes = Vec::new();
        for (_, side) in self.sides(picture, &slant) {
            for plane in self.planes(picture, &slant, side, effort) {
                if !effort.spend(Mesh::look_cost(side)) {
                    return None;
                }
                let mut mesh = Mesh::flat(&plane, side);
                // What looks like no code now does not after it was pulled.
                if let Some(likeness) = mesh.likeness(picture) {
                    meshes.push((likeness, mesh));
                }
            }
        }
        meshes.sort_by(|a, b| b.0.total_cmp(&a.0));
        let tried = std::mem::replace(&mut self.tried, guesses);
        meshes.into_iter().take(guesses).skip(tried).find_map(|(_, mut mesh)| {
            if !effort.spend(mesh.cost()) {
                return None;
            }
            mesh.settle(picture);
            let corners = mesh.corners()?;
            mesh.modules(picture).find_map(|modules| symbol::read(&modules, corners, Reader::Mesh))
        })
    }

    /// The likeliest numbers of modules to a side: those whose timing patterns
    /// alternate the best.
    fn sides(&self, picture: &GrayImage, slant: &Slant) -> Vec<(f32, usize)> {
        let about = slant.modules + 7.0;
        // The squares' width is known to a pixel or so.
        let slack = about * 0.2 + 5.0;
        let mut scored: Vec<(f32, usize)> = (1..=40)
            .map(|version| 17 + 4 * version)
            .filter(|side| (*side as f32 - about).abs() < slack)
            .filter_map(|side| Some((timing(picture, &self.slanted(slant, side)?, side), side)))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.truncate(SIDES);
        scored
    }

    /// Guesses at how the code lies.
    fn planes(
        &self,
        picture: &GrayImage,
        slant: &Slant,
        side: usize,
        effort: &mut WorkBudget<'_>,
    ) -> Vec<Plane> {
        let mut planes = Vec::new();
        let slanted = self.slanted(slant, side);
        if let Some(plane) = slanted.filter(|_| side > 21) {
            let found = alignment(picture, &plane, side as f32 - 6.5, effort);
            let found = found.into_iter().filter_map(|at| self.plane(side, side as f32 - 6.5, at));
            planes.extend(found);
        }
        if let Some([.., corner, _]) = self.corners {
            planes.extend(self.plane(side, side as f32, corner));
        }
        planes.extend(slanted);
        planes.extend(self.slanted(&Slant { right: 1.0, down: 1.0, ..*slant }, side));
        planes
    }

    /// The plane through the three squares and the corner that the slant asks for.
    fn slanted(&self, slant: &Slant, side: usize) -> Option<Plane> {
        let Slant { right, down, .. } = *slant;
        let corner = Point::default()
            .plus(self.top_left, -1.0)
            .plus(self.top_right, right)
            .plus(self.bottom_left, down)
            .times(1.0 / (right + down - 1.0).max(0.2));
        self.plane(side, side as f32 - 3.5, corner)
    }

    /// The plane through the three squares and one more place on the diagonal.
    fn plane(&self, side: usize, place: f32, pixel: Point) -> Option<Plane> {
        let (near, far) = (3.5, side as f32 - 3.5);
        let at = |x, y| Point { x, y };
        let modules = [at(near, near), at(far, near), at(place, place), at(near, far)];
        Plane::through(modules, [self.top_left, self.top_right, pixel, self.bottom_left])
    }
}

/// How a code leans away, by how much larger its nearer squares are.
#[derive(Clone, Copy, Debug)]
struct Slant {
    /// How fast the way from the first square to the one on its right begins,
    /// over how fast it would be without a lean.
    right: f32,
    /// The same downwards.
    down: f32,
    /// Modules between the middles of two squares.
    modules: f32,
}

impl Slant {
    fn of(unread: &Unread, picture: &GrayImage) -> Self {
        let rough = unread.square / 7.0;
        let way = |to: Point| {
            let long = unread.top_left.distance(to).max(1.0);
            let step = Point {
                x: (to.x - unread.top_left.x) / long,
                y: (to.y - unread.top_left.y) / long,
            };
            let start = module_along(picture, unread.top_left, step, rough);
            let end = module_along(picture, to, step, rough);
            // A projection of evenly spaced points: the spacing at both ends
            // gives its one parameter, and the mean is the geometric one.
            match start.zip(end) {
                Some((start, end)) => {
                    ((start / end).sqrt().clamp(0.6, 1.6), long / (start * end).sqrt())
                }
                None => (1.0, long / rough.max(0.1)),
            }
        };
        let ((right, across), (down, deep)) = (way(unread.top_right), way(unread.bottom_left));
        Self { right, down, modules: (across + deep) / 2.0 }
    }
}

/// How long a module is in this direction, by the outer edges of the square there.
fn module_along(picture: &GrayImage, middle: Point, step: Point, rough: f32) -> Option<f32> {
    let pace = (rough / 4.0).max(0.25);
    let profile = |sign: f32| -> Vec<f32> {
        let points = (0..28).map(|at| middle.plus(step, sign * pace * at as f32));
        points.map(|point| level(picture, point.x, point.y)).collect()
    };
    let both = [profile(1.0), profile(-1.0)];
    let levels = || both.iter().flat_map(|profile| profile.iter().take(20).copied());
    let (least, most) = (levels().fold(f32::MAX, f32::min), levels().fold(f32::MIN, f32::max));
    let threshold = (least + most) / 2.0;
    // A code may be light on dark.
    let edge = |profile: &Vec<f32>| {
        let pairs = profile.iter().zip(profile.iter().skip(1)).enumerate();
        let mut edges = pairs.filter(|(_, (a, b))| (**a < threshold) != (**b < threshold));
        let (at, (a, b)) = edges.nth(2)?;
        Some((at as f32 + (threshold - a) / (b - a)) * pace)
    };
    let [ahead, behind] = &both;
    Some((edge(ahead)? + edge(behind)?) / 7.0)
}

/// How well both timing patterns alternate between dark and light, −2 to 2.
fn timing(picture: &GrayImage, plane: &Plane, side: usize) -> f32 {
    let along = |place: &dyn Fn(f32) -> Point| {
        let at = |module: usize| {
            let point = place(module as f32 + 0.5);
            level(picture, point.x, point.y)
        };
        let (mut signed, mut whole) = (0.0, 0.0);
        for module in 8..side - 8 {
            let contrast = at(module) - (at(module - 1) + at(module + 1)) / 2.0;
            signed += if module % 2 == 0 { -contrast } else { contrast };
            whole += contrast.abs().max(NOISE);
        }
        signed / f32::max(whole, NOISE)
    };
    along(&|x| plane.at(x, 6.5)) + along(&|y| plane.at(6.5, y))
}

/// Where the small square near the fourth corner may be, the likeliest first.
fn alignment(
    picture: &GrayImage,
    plane: &Plane,
    place: f32,
    effort: &mut WorkBudget<'_>,
) -> Vec<Point> {
    // Half a module at a time, four modules to each side.
    const STEPS: i32 = 8;
    if !effort.spend((2 * STEPS as u64 + 1).pow(2) * 25 * 10) {
        return Vec::new();
    }
    let guess = plane.at(place, place);
    let axis = |to: Point| guess.times(-1.0).plus(to, 1.0);
    let right = axis(plane.at(place + 1.0, place));
    let down = axis(plane.at(place, place + 1.0));
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
