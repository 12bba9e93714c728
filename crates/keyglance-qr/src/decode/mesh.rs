//! The modules of a code that does not lie flat, or is too small for its dark
//! and light pixels to be told apart one by one: read from the grey picture.
//!
//! A mesh of module centres is laid over the code by its three squares and then
//! pulled into place. Between a dark and a light neighbour there is an edge;
//! where it does not lie half-way, the mesh is off by as much. One edge says
//! little, but a crease moves whole neighbourhoods alike.

use image::GrayImage;
use rxing::common::BitMatrix;

use super::Point;
use super::plane::Plane;
use super::threshold::averaged;

/// How far around each module its neighbours are asked, in modules: at first
/// many, then few.
const REACH: [usize; 6] = [7, 5, 4, 3, 2, 2];
/// Where an edge is sought between two centres, in parts of the way.
const STEPS: [f32; 9] = [-0.2, 0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2];

/// The centres of the modules of a code, in the picture's pixels.
pub(super) struct Mesh {
    side: usize,
    centres: Vec<Point>,
    is_inverted: bool,
}

/// Blurs that are tried to be undone, in modules.
const BLURS: [f32; 5] = [0.0, 0.45, 0.6, 0.75, 0.9];
/// How often what is missing is added.
const ROUNDS: usize = 12;

/// Of the modules that all codes have alike more are right where there is a code:
/// 0.84 of the worst that was ever read, 0.6 by chance.
const ALIKE: f32 = 0.75;

/// What one look at all modules costs, by the module.
const LOOK: u64 = 120;

impl Mesh {
    /// A flat mesh.
    pub(super) fn flat(plane: &Plane, side: usize) -> Self {
        let middle = |at: usize| at as f32 + 0.5;
        let places = (0..side).flat_map(|y| (0..side).map(move |x| (middle(x), middle(y))));
        let centres = places.map(|(x, y)| plane.at(x, y)).collect();
        Self { side, centres, is_inverted: false }
    }

    /// What it costs to pull it into place and read it.
    pub(super) fn cost(&self) -> u64 {
        Self::look_cost(self.side) * (REACH.len() + BLURS.len()) as u64
    }

    /// What it costs to see whether it looks like a code.
    pub(super) fn look_cost(side: usize) -> u64 {
        (side * side) as u64 * LOOK
    }

    /// Pulls the mesh to where the picture has its edges.
    pub(super) fn settle(&mut self, picture: &GrayImage) {
        for reach in REACH {
            self.pull(picture, reach);
        }
    }

    /// The modules as they are, and with what blur took from them given back; those
    /// first that have the most right of what all codes have alike.
    pub(super) fn modules(&self, picture: &GrayImage) -> impl Iterator<Item = BitMatrix> {
        let plain = self.levels(picture);
        let mut tries: Vec<_> = BLURS
            .into_iter()
            .filter_map(|blur| {
                let levels = self.unblurred(&plain, blur);
                let thresholds = self.thresholds(&levels);
                Some((self.share(&levels, &thresholds), self.matrix(&levels, &thresholds)?))
            })
            .collect();
        tries.sort_by(|a, b| b.0.total_cmp(&a.0));
        tries.into_iter().map(|(_, modules)| modules)
    }

    /// The outer corners of the modules: top left, top right, bottom right, bottom left.
    pub(super) fn corners(&self) -> Option<[Point; 4]> {
        let last = self.side.checked_sub(1)?;
        // Half a module beyond the centres on the diagonal.
        let corner = |x: usize, y: usize, inner_x: usize, inner_y: usize| {
            let (outer, inner) = (self.centre(x, y)?, self.centre(inner_x, inner_y)?);
            Some(Point {
                x: outer.x + (outer.x - inner.x) / 2.0,
                y: outer.y + (outer.y - inner.y) / 2.0,
            })
        };
        Some([
            corner(0, 0, 1, 1)?,
            corner(last, 0, last - 1, 1)?,
            corner(last, last, last - 1, last - 1)?,
            corner(0, last, 1, last - 1)?,
        ])
    }

    /// Whether the modules that all codes have alike, the squares with their light
    /// edges and the timing patterns, are mostly as they must be; if so, how many
    /// of one. Tells a light code on dark paper by all of them being the other way
    /// round.
    pub(super) fn likeness(&mut self, picture: &GrayImage) -> Option<f32> {
        let levels = self.levels(picture);
        let share = self.share(&levels, &self.thresholds(&levels));
        self.is_inverted = share < 0.5;
        let likeness = share.max(1.0 - share);
        (likeness > ALIKE).then_some(likeness)
    }

    /// The part of the modules that all codes have alike which is as it must be.
    fn share(&self, levels: &[f32], thresholds: &[f32]) -> f32 {
        let (mut known, mut right) = (0.0, 0.0_f32);
        for (at, (level, threshold)) in levels.iter().zip(thresholds).enumerate() {
            if let Some(dark) = always_dark(at % self.side, at / self.side, self.side) {
                known += 1.0;
                right += f32::from(u8::from(dark == (level < threshold)));
            }
        }
        right / f32::max(known, 1.0)
    }

    fn centre(&self, x: usize, y: usize) -> Option<Point> {
        self.centres.get(y * self.side + x).copied()
    }

    fn pull(&mut self, picture: &GrayImage, reach: usize) {
        let levels = self.levels(picture);
        let thresholds = self.thresholds(&levels);
        let mut along = vec![(0.0, 0.0, 0.0); levels.len()];
        let side = self.side;
        for (step, wide) in [(1, true), (side, false)] {
            for from in 0..levels.len().saturating_sub(step) {
                if wide && from % side == side - 1 {
                    continue;
                }
                let to = from + step;
                let Some((offset, weight)) = self.edge(picture, &levels, &thresholds, from, to)
                else {
                    continue;
                };
                for at in [from, to] {
                    if let Some((x, y, weights)) = along.get_mut(at) {
                        *x += offset.x * weight;
                        *y += offset.y * weight;
                        *weights += weight;
                    }
                }
            }
        }
        let smooth = |of: fn(&(f32, f32, f32)) -> f32| {
            let values: Vec<f32> = along.iter().map(of).collect();
            // Twice makes a hill of the square.
            averaged(&averaged(&values, side, reach), side, reach)
        };
        let (x, y, weights) = (smooth(|a| a.0), smooth(|a| a.1), smooth(|a| a.2));
        // Each edge speaks for one direction, and half of the edges for each.
        for (((centre, x), y), weight) in self.centres.iter_mut().zip(x).zip(y).zip(weights) {
            let share = 2.0 / (weight + 0.05);
            centre.x += (x * share).clamp(-3.0, 3.0);
            centre.y += (y * share).clamp(-3.0, 3.0);
        }
    }

    /// How far an edge between two centres lies from the middle, and how much
    /// it may be trusted; none where both are of one colour.
    fn edge(
        &self,
        picture: &GrayImage,
        levels: &[f32],
        thresholds: &[f32],
        from: usize,
        to: usize,
    ) -> Option<(Point, f32)> {
        let (a, b) = (*levels.get(from)?, *levels.get(to)?);
        let (of_a, of_b) = (a - thresholds.get(from)?, b - thresholds.get(to)?);
        if of_a * of_b >= 0.0 {
            return None;
        }
        let (start, end) = (*self.centres.get(from)?, *self.centres.get(to)?);
        let way = Point { x: end.x - start.x, y: end.y - start.y };
        let middle = (a + b) / 2.0;
        let rising = b > a;
        let mut best: Option<f32> = None;
        let mut before: Option<(f32, f32)> = None;
        for step in STEPS {
            let at = start.plus(way, step);
            let here = self.grey(picture, at) - middle;
            if let Some((old_step, old)) = before
                && (old < 0.0) != (here < 0.0)
                && (here > old) == rising
            {
                let crossing = old_step + (step - old_step) * old / (old - here);
                if best.is_none_or(|best| (crossing - 0.5).abs() < (best - 0.5).abs()) {
                    best = Some(crossing);
                }
            }
            before = Some((step, here));
        }
        let off = best? - 0.5;
        let contrast = (of_a.abs().min(of_b.abs()) / 32.0).min(1.0);
        Some((Point { x: way.x * off, y: way.y * off }, contrast))
    }

    /// The grey at a place, as if the code were dark on light.
    fn grey(&self, picture: &GrayImage, at: Point) -> f32 {
        let grey = level(picture, at.x, at.y);
        if self.is_inverted { 255.0 - grey } else { grey }
    }

    /// The grey of each module: the mean of five points around its centre.
    fn levels(&self, picture: &GrayImage) -> Vec<f32> {
        let side = self.side;
        let next = |at: usize, step: usize| {
            let other = if at + step < self.centres.len() { at + step } else { at - step };
            let (here, there) = (self.centres.get(at), self.centres.get(other));
            here.zip(there).map_or(0.0, |(a, b)| (a.x - b.x).hypot(a.y - b.y))
        };
        let levels = self.centres.iter().enumerate().map(|(at, centre)| {
            let reach = 0.2 * next(at, side);
            let around = [(0.0, 0.0), (reach, 0.0), (-reach, 0.0), (0.0, reach), (0.0, -reach)]
                .map(|(x, y)| Point { x, y });
            let sum: f32 =
                around.iter().map(|step| self.grey(picture, centre.plus(*step, 1.0))).sum();
            sum / around.len() as f32
        });
        levels.collect()
    }

    /// Half-way between the dark and the light of each module's neighbourhood.
    fn thresholds(&self, levels: &[f32]) -> Vec<f32> {
        let means = averaged(levels, self.side, 4);
        let darker = |of: fn(f32, f32) -> bool| {
            let pairs = || levels.iter().zip(&means);
            let sums: Vec<f32> = pairs().map(|(l, m)| if of(*l, *m) { *l } else { 0.0 }).collect();
            let counts: Vec<f32> =
                pairs().map(|(l, m)| if of(*l, *m) { 1.0 } else { 0.0 }).collect();
            (averaged(&sums, self.side, 4), averaged(&counts, self.side, 4))
        };
        let (dark, light) = (darker(|l, m| l < m), darker(|l, m| l >= m));
        let dark = dark.0.into_iter().zip(dark.1);
        let light = light.0.into_iter().zip(light.1);
        let middles = dark.zip(light).zip(&means).map(|(((dark, d), (light, l)), mean)| {
            if d > 0.0 && l > 0.0 { (dark / d + light / l) / 2.0 } else { *mean }
        });
        middles.collect()
    }

    /// The levels before they were blurred by a Gaussian of so many modules: what a
    /// blur of the estimate lacks is added to it, again and again (Van Cittert, 1931).
    fn unblurred(&self, levels: &[f32], deviation: f32) -> Vec<f32> {
        let mut sharp = levels.to_vec();
        if deviation > 0.0 {
            let weight = |far: f32| (-far * far / (2.0 * deviation * deviation)).exp();
            let whole = 1.0 + 2.0 * weight(1.0) + 2.0 * weight(2.0);
            let weights = [0.0, 1.0, 2.0].map(|far| weight(far) / whole);
            for _ in 0..ROUNDS {
                let blurred = self.blurred(&self.blurred(&sharp, 1, weights), self.side, weights);
                let missing = levels.iter().zip(blurred).map(|(level, blurred)| level - blurred);
                sharp.iter_mut().zip(missing).for_each(|(level, missing)| *level += missing);
            }
        }
        sharp
    }

    /// Each level with two neighbours on both sides along one direction; beyond the
    /// edges the outermost go on.
    fn blurred(&self, levels: &[f32], step: usize, weights: [f32; 3]) -> Vec<f32> {
        let last = self.side - 1;
        let [own, near, far] = weights;
        let blurred = levels.iter().enumerate().map(|(at, level)| {
            let place = if step == 1 { at % self.side } else { at / self.side };
            let back = |steps: usize| at - step * steps.min(place);
            let ahead = |steps: usize| at + step * steps.min(last - place);
            let of = |at: usize| levels.get(at).copied().unwrap_or_default();
            own * level + near * (of(back(1)) + of(ahead(1))) + far * (of(back(2)) + of(ahead(2)))
        });
        blurred.collect()
    }

    fn matrix(&self, levels: &[f32], thresholds: &[f32]) -> Option<BitMatrix> {
        let mut matrix = BitMatrix::with_single_dimension(self.side as u32).ok()?;
        for (at, (level, threshold)) in levels.iter().zip(thresholds).enumerate() {
            if level < threshold {
                matrix.set((at % self.side) as u32, (at / self.side) as u32);
            }
        }
        Some(matrix)
    }
}

/// Whether a module is dark in every code of this side; none where codes differ.
fn always_dark(x: usize, y: usize, side: usize) -> Option<bool> {
    // From the middle of the nearest square.
    let from = |at: usize| at.min(side - 1 - at).abs_diff(3);
    let far = side - 8;
    let ring = from(x).max(from(y));
    match (x, y) {
        _ if ring <= 4 && (x < 8 || y < 8) && (x < far || y < far) => Some(ring != 2 && ring != 4),
        (6, along) | (along, 6) if (8..far).contains(&along) => Some(along % 2 == 0),
        _ => None,
    }
}

/// The grey between four pixels; beyond the picture its edge goes on.
pub(super) fn level(picture: &GrayImage, x: f32, y: f32) -> f32 {
    let (width, height) = (picture.width(), picture.height());
    // From the middles of the pixels. A cast saturates, and takes NaN for zero.
    let (x, y) =
        ((x - 0.5).clamp(0.0, (width - 1) as f32), (y - 0.5).clamp(0.0, (height - 1) as f32));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (part_x, part_y) = (x - left as f32, y - top as f32);
    let raw = picture.as_raw();
    let at = |x: u32, y: u32| {
        raw.get(y as usize * width as usize + x as usize).copied().map_or(0.0, f32::from)
    };
    let upper = at(left, top) * (1.0 - part_x) + at(right, top) * part_x;
    let lower = at(left, bottom) * (1.0 - part_x) + at(right, bottom) * part_x;
    upper * (1.0 - part_y) + lower * part_y
}
