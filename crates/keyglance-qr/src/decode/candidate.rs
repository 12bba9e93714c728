//! Three finder patterns that gave no reading: several guesses at the homography,
//! to each of which a sample grid is fitted in the grey picture.

use image::GrayImage;
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

use super::alignment::find_alignment_pattern;
use super::foreshortening::Foreshortening;
use super::homography::Homography;
use super::sample_grid::{SampleGrid, has_finder_patterns};
use super::sampling::grey_at;
use super::tuning::{FINDERS_LOOK, PAPER_NOISE, SIDE_GUESSES, SIDE_SLACK, SIDE_SLACK_RATIO};
use super::{Point, Reader, Reading, WorkBudget, symbol};

/// Three finder patterns that may belong to a code that was not read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) top_left: Point,
    pub(super) top_right: Point,
    pub(super) bottom_left: Point,
    /// The mean width of the finder patterns, in pixels.
    pub(super) pattern_size: f32,
    /// The outer corners by rxing, if it sampled the code but could not decode it.
    pub(super) corners: Option<[Point; 4]>,
    /// How many guesses were tried in vain.
    pub(super) tried: usize,
}

impl Candidate {
    /// From a picture that is `factor` times smaller than the original.
    pub(super) fn new(set: &FinderPatternSet, factor: f32) -> Self {
        let point = |at: rxing::Point| Point { x: at.x, y: at.y }.scaled(factor);
        Self {
            top_left: point(set.tl.p),
            top_right: point(set.tr.p),
            bottom_left: point(set.bl.p),
            pattern_size: (set.tl.size + set.tr.size + set.bl.size) as f32 / 3.0 * factor,
            corners: None,
            tried: 0,
        }
    }

    /// Whether both are the same three finder patterns, seen twice.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let near = |a: Point, b: Point| a.distance(b) < self.pattern_size / 2.0;
        near(self.top_left, other.top_left)
            && near(self.top_right, other.top_right)
            && near(self.bottom_left, other.bottom_left)
    }

    /// How well the timing patterns between the finder patterns alternate, −2 to 2.
    pub(super) fn timing_score(&self, picture: &GrayImage) -> f32 {
        let sides = self.likely_sides(picture, &Foreshortening::of(self, picture));
        sides.first().map_or(-2.0, |(score, _)| *score)
    }

    /// Reads it from the grey picture, by at most this many of the best guesses,
    /// without those that were tried before.
    pub(super) fn read(
        &mut self,
        picture: &GrayImage,
        guesses: usize,
        budget: &mut WorkBudget<'_>,
    ) -> Option<Reading> {
        if self.tried >= guesses {
            return None;
        }
        let foreshortening = Foreshortening::of(self, picture);
        let mut grids = Vec::new();
        for (_, side) in self.likely_sides(picture, &foreshortening) {
            for homography in self.homographies(picture, &foreshortening, side, budget) {
                if !budget.spend(FINDERS_LOOK) || !has_finder_patterns(picture, &homography, side) {
                    continue;
                }
                // A grid of many modules may be too dear where other steps are not.
                let cost = SampleGrid::look_cost(side);
                if !budget.affords(cost) || !budget.spend(cost) {
                    return None;
                }
                let mut grid = SampleGrid::new(&homography, side);
                // Fitting does not turn into a code what looks like none before.
                if let Some(score) = grid.function_pattern_score(picture) {
                    grids.push((score, grid));
                }
            }
        }
        grids.sort_by(|a, b| b.0.total_cmp(&a.0));
        let tried = std::mem::replace(&mut self.tried, guesses);
        grids.into_iter().take(guesses).skip(tried).find_map(|(_, mut grid)| {
            if !budget.affords(grid.cost()) || !budget.spend(grid.cost()) {
                return None;
            }
            grid.fit(picture);
            let corners = grid.corners()?;
            grid.modules(picture)
                .find_map(|modules| symbol::read(&modules, corners, Reader::SampleGrid))
        })
    }

    /// The likeliest numbers of modules to a side: those whose timing patterns
    /// alternate the best.
    fn likely_sides(
        &self,
        picture: &GrayImage,
        foreshortening: &Foreshortening,
    ) -> Vec<(f32, usize)> {
        let about = foreshortening.modules + 7.0;
        let slack = about * SIDE_SLACK_RATIO + SIDE_SLACK;
        let mut scored: Vec<(f32, usize)> = (1..=40)
            .map(|version| 17 + 4 * version)
            .filter(|side| (*side as f32 - about).abs() < slack)
            .filter_map(|side| {
                Some((
                    timing_patterns(picture, &self.foreshortened(foreshortening, side)?, side),
                    side,
                ))
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored.truncate(SIDE_GUESSES);
        scored
    }

    /// Guesses at the homography from modules to pixels.
    fn homographies(
        &self,
        picture: &GrayImage,
        foreshortening: &Foreshortening,
        side: usize,
        budget: &mut WorkBudget<'_>,
    ) -> Vec<Homography> {
        let mut homographies = Vec::new();
        let foreshortened = self.foreshortened(foreshortening, side);
        if let Some(homography) = foreshortened.filter(|_| side > 21) {
            let found = find_alignment_pattern(picture, &homography, side as f32 - 6.5, budget);
            let found =
                found.into_iter().filter_map(|at| self.homography(side, side as f32 - 6.5, at));
            homographies.extend(found);
        }
        if let Some([.., corner, _]) = self.corners {
            homographies.extend(self.homography(side, side as f32, corner));
        }
        homographies.extend(foreshortened);
        homographies.extend(
            self.foreshortened(&Foreshortening { right: 1.0, down: 1.0, ..*foreshortening }, side),
        );
        homographies
    }

    /// The homography through the three finder patterns and the corner that follows from
    /// the foreshortening.
    fn foreshortened(&self, foreshortening: &Foreshortening, side: usize) -> Option<Homography> {
        let Foreshortening { right, down, .. } = *foreshortening;
        let corner = Point::default()
            .moved(self.top_left, -1.0)
            .moved(self.top_right, right)
            .moved(self.bottom_left, down)
            .scaled(1.0 / (right + down - 1.0).max(0.2));
        self.homography(side, side as f32 - 3.5, corner)
    }

    /// The homography through the three finder patterns and one more point: the pixel at
    /// `place` modules on the diagonal.
    fn homography(&self, side: usize, place: f32, pixel: Point) -> Option<Homography> {
        let (near, far) = (3.5, side as f32 - 3.5);
        let at = |x, y| Point { x, y };
        let modules = [at(near, near), at(far, near), at(place, place), at(near, far)];
        Homography::through(modules, [self.top_left, self.top_right, pixel, self.bottom_left])
    }
}

/// How well both timing patterns alternate between dark and light, −2 to 2.
fn timing_patterns(picture: &GrayImage, homography: &Homography, side: usize) -> f32 {
    let along = |place: &dyn Fn(f32) -> Point| {
        let at = |module: usize| {
            let point = place(module as f32 + 0.5);
            grey_at(picture, point.x, point.y)
        };
        let (mut signed, mut whole) = (0.0, 0.0);
        for module in 8..side - 8 {
            let contrast = at(module) - (at(module - 1) + at(module + 1)) / 2.0;
            signed += if module % 2 == 0 { -contrast } else { contrast };
            whole += contrast.abs().max(PAPER_NOISE);
        }
        signed / f32::max(whole, PAPER_NOISE)
    };
    along(&|x| homography.project(x, 6.5)) + along(&|y| homography.project(6.5, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, render_grayscale};

    /// A code of 8 pixels a module, and its candidate: off by a pixel here and there.
    fn drawn(text: &str) -> (GrayImage, Candidate) {
        let code = Code::new(text).unwrap();
        let picture = render_grayscale(&code, 8).unwrap();
        // The quiet zone is four modules wide.
        let at = |x: f32, y: f32| Point { x: (x + 4.0) * 8.0, y: (y + 4.0) * 8.0 };
        let far = code.side() as f32 - 3.5;
        let candidate = Candidate {
            top_left: at(3.5, 3.5).moved(Point { x: 1.0, y: -1.0 }, 1.0),
            top_right: at(far, 3.5),
            bottom_left: at(3.5, far).moved(Point { x: -1.0, y: 0.0 }, 1.0),
            pattern_size: 54.0,
            corners: None,
            tried: 0,
        };
        (picture, candidate)
    }

    #[test]
    fn the_number_of_modules_follows_from_the_timing_patterns() {
        for length in [10, 60, 150] {
            let (picture, candidate) = drawn(&"x".repeat(length));
            let side = (picture.width() / 8 - 8) as usize;
            let foreshortening = Foreshortening::of(&candidate, &picture);
            let sides = candidate.likely_sides(&picture, &foreshortening);
            assert_eq!(sides[0].1, side);
            assert!(candidate.timing_score(&picture) > 1.5);
        }
    }

    #[test]
    fn three_places_without_a_code_have_no_timing_patterns() {
        let (picture, candidate) = drawn("nothing");
        let blank = GrayImage::from_pixel(picture.width(), picture.height(), image::Luma([200]));
        assert!(candidate.timing_score(&blank).abs() < 0.1);
    }

    #[test]
    fn a_candidate_is_read_and_no_guess_is_tried_twice() {
        let text = "a candidate";
        let (picture, mut candidate) = drawn(text);
        let mut budget = WorkBudget::still();
        let reading = candidate.read(&picture, 4, &mut budget).unwrap();
        assert_eq!((reading.text().as_deref(), reading.reader), (Some(text), Reader::SampleGrid));
        for (corner, (x, y)) in reading.corners.iter().zip([(4, 4), (25, 4), (25, 25), (4, 25)]) {
            let (x, y) = (x as f32 * 8.0, y as f32 * 8.0);
            assert!(corner.distance(Point { x, y }) < 2.0, "{:?}", reading.corners);
        }
        let spent = budget.spent();
        assert_eq!(candidate.read(&picture, 4, &mut budget), None);
        assert_eq!(budget.spent(), spent);
    }

    #[test]
    fn a_candidate_seen_twice_is_one() {
        let (_, candidate) = drawn("twice");
        let mut other = candidate;
        other.top_right.x += 20.0;
        assert!(candidate.is_same(&other));
        other.top_right.x += 20.0;
        assert!(!candidate.is_same(&other));
    }
}
