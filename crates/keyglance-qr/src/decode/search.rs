//! What was found in one picture so far, and what the steps do to find more.

use image::GrayImage;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::ConcentricPattern;

use super::binarizer::Binarizer;
use super::candidate::Candidate;
use super::partial_finder::{Shape, find_partial_patterns};
use super::tuning::{
    LIKELY_TIMING, LOOK, LOOK_FAILURES, LOOK_SHARE, MAX_CANDIDATES, MAX_KEPT_PATTERNS,
    MAX_PARTIAL_CANDIDATES, PARTIAL_TIMING_SHARE, PARTIAL_TIMING_WORK, POSSIBLE_TIMING, SHEET,
};
use super::two_finders::{self, FinderPattern};
use super::{Point, Reading, WorkBudget, finder, single_finder, symbol};
use crate::catch_panic::catch_panic;

/// A search of one picture.
pub(super) struct Search<'a, 'b> {
    pub(super) budget: &'a mut WorkBudget<'b>,
    readings: Vec<Reading>,
    /// Sets of finder patterns that gave no reading.
    candidates: Vec<Candidate>,
    /// Finder patterns one by one, while nothing was read.
    patterns: Vec<FinderPattern>,
    is_noisy: bool,
    /// Whether codes with one finder pattern are sought too.
    seeks_single_finders: bool,
}

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new(budget: &'a mut WorkBudget<'b>) -> Self {
        Self {
            budget,
            readings: Vec::new(),
            candidates: Vec::new(),
            patterns: Vec::new(),
            is_noisy: false,
            seeks_single_finders: false,
        }
    }

    /// From now on, Micro QR and rMQR codes are sought too.
    pub(super) fn seek_single_finders(&mut self) {
        self.seeks_single_finders = true;
    }

    pub(super) fn into_readings(self) -> Vec<Reading> {
        self.readings
    }

    /// How many codes were read.
    pub(super) fn codes(&self) -> usize {
        self.readings.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Whether something was read and no candidate is left that looks like a code in
    /// the original picture.
    pub(super) fn is_complete(&mut self, original: &GrayImage) -> bool {
        if !self.readings.is_empty() {
            self.candidates.retain(|candidate| candidate.timing_score(original) >= LIKELY_TIMING);
        }
        !self.readings.is_empty() && self.candidates.is_empty()
    }

    /// Whether something unread may be a code: a candidate, or patterns of one.
    pub(super) fn is_promising(&self, original: &GrayImage) -> bool {
        let mut candidates = self.candidates.iter();
        candidates.any(|candidate| candidate.timing_score(original) >= POSSIBLE_TIMING)
            || (self.is_empty() && self.patterns.len() > 1)
    }

    /// Forgets what was not read: other looks may measure the same patterns better.
    pub(super) fn forget_unread(&mut self) {
        self.candidates.clear();
        self.patterns.clear();
        self.is_noisy = false;
    }

    /// Whether a look saw noise all over.
    pub(super) fn is_noisy(&self) -> bool {
        self.is_noisy
    }

    /// Whether so many codes were read that there may be more, in a worse light.
    pub(super) fn is_sheet(&self) -> bool {
        self.readings.len() >= SHEET
    }

    /// Binarizes a picture; none where there is nothing to binarize or no work left.
    pub(super) fn binarize(
        &mut self,
        picture: &GrayImage,
        binarizer: Binarizer,
    ) -> Option<BitMatrix> {
        if !self.budget.spend(pixels(picture) * LOOK) || pixels(picture) == 0 {
            return None;
        }
        catch_panic(|| binarizer.binarize(picture)).flatten()
    }

    /// Seeks dark codes on light paper in a binarized picture that is `factor` times
    /// smaller than the original.
    pub(super) fn find_codes(&mut self, dark: &BitMatrix, factor: f32) {
        let found = finder::find_finder_patterns(dark, self.budget);
        self.is_noisy |= found.is_noisy;
        let mut used = Vec::new();
        // What reads is never too much.
        let (mut failed, enough) = (0, LOOK_FAILURES.min(self.budget.left() / LOOK_SHARE));
        for set in found.sets {
            let patterns = [set.bl, set.tl, set.tr];
            let candidate = Candidate::new(&set, factor);
            if patterns.iter().any(|pattern| used.contains(pattern)) || self.is_read(&candidate) {
                continue;
            }
            let before = self.budget.spent();
            let sampled = symbol::sample(dark, &set, self.budget);
            match sampled.reading {
                Some(reading) => {
                    used.extend(patterns);
                    self.add(reading, factor);
                }
                None => {
                    let corners = sampled.corners.map(|corners| corners.map(|p| p.scaled(factor)));
                    self.keep_candidate(Candidate { corners, ..candidate });
                    failed += self.budget.spent() - before;
                }
            }
            if failed > enough || self.budget.is_over() {
                break;
            }
        }
        if self.seeks_single_finders {
            self.read_single_finders(&found.singles, dark, factor);
        }
        if self.is_empty() {
            found.singles.iter().for_each(|pattern| self.keep_pattern(pattern, dark, factor));
        }
    }

    /// Seeks codes whose finder patterns are not whole, and reads those whose timing
    /// patterns are likely.
    pub(super) fn find_partial_codes(
        &mut self,
        dark: &BitMatrix,
        shape: Shape,
        is_inverted: bool,
        factor: f32,
        original: &GrayImage,
    ) {
        let is_light = is_inverted != (shape == Shape::Hollow);
        let mut likely = Vec::new();
        let sets = find_partial_patterns(dark, shape, self.budget);
        let most = PARTIAL_TIMING_WORK.min(self.budget.left() / PARTIAL_TIMING_SHARE);
        let enough = self.budget.spent() + most;
        for set in sets {
            let candidate = Candidate { shape, is_light, ..Candidate::new(&set, factor) };
            if self.budget.spent() > enough || !self.budget.spend(candidate.timing_cost()) {
                break;
            }
            let score = candidate.timing_score(original);
            if score >= LIKELY_TIMING && !self.is_read(&candidate) {
                likely.push((score, candidate));
            }
        }
        likely.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, candidate) in likely.iter_mut().take(MAX_PARTIAL_CANDIDATES) {
            if self.is_read(candidate) {
                continue;
            }
            if let Some(reading) = candidate.read(original, 4, self.budget) {
                self.add(reading, 1.0);
            }
        }
    }

    /// Reads the codes that have one finder pattern.
    fn read_single_finders(
        &mut self,
        patterns: &[ConcentricPattern],
        dark: &BitMatrix,
        factor: f32,
    ) {
        for pattern in patterns {
            let at = Point { x: pattern.p.x, y: pattern.p.y }.scaled(factor);
            if self.readings.iter().any(|reading| reading.contains(at)) {
                continue;
            }
            if let Some(reading) = single_finder::read(dark, pattern, self.budget) {
                self.add(reading, factor);
            }
        }
    }

    /// Fits sample grids to at most this many candidates, those first whose timing
    /// patterns alternate the best, with at most this many guesses at each. Candidates
    /// with a score below `min_timing` are left out, and where another code was read,
    /// all but likely ones.
    pub(super) fn fit_grids(
        &mut self,
        original: &GrayImage,
        min_timing: f32,
        at_most: usize,
        guesses: usize,
    ) {
        let candidates = std::mem::take(&mut self.candidates).into_iter();
        let mut scored: Vec<_> =
            candidates.map(|candidate| (candidate.timing_score(original), candidate)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (score, candidate) in scored.iter_mut().take(at_most) {
            let min_timing = if self.is_empty() { min_timing } else { LIKELY_TIMING };
            if self.is_read(candidate) || *score < min_timing {
                continue;
            }
            if let Some(reading) = candidate.read(original, guesses, self.budget) {
                self.add(reading, 1.0);
            }
        }
        let rest = scored.into_iter().map(|(_, candidate)| candidate).collect();
        self.candidates = self.without_read(rest);
    }

    /// Fits sample grids where only two of a code's finder patterns may have been
    /// found: to at most `candidates` in all, from pairs of the first `at_most`
    /// patterns.
    pub(super) fn try_two_finders(
        &mut self,
        original: &GrayImage,
        at_most: usize,
        candidates: usize,
    ) {
        let mut patterns = std::mem::take(&mut self.patterns);
        patterns.truncate(at_most);
        let pairs = patterns.iter().enumerate().flat_map(|(at, a)| {
            let others = patterns.iter().skip(at + 1);
            others.map(move |b| (a, b))
        });
        let proposed =
            pairs.flat_map(|(a, b)| two_finders::candidates(a, b, original, self.budget)).collect();
        let of_three = std::mem::replace(&mut self.candidates, proposed);
        self.fit_grids(original, POSSIBLE_TIMING, candidates, candidates);
        self.candidates = self.without_read(of_three);
    }

    /// Adds a code from a picture that is `factor` times smaller, unless it is known.
    fn add(&mut self, mut reading: Reading, factor: f32) {
        reading.corners = reading.corners.map(|p| p.scaled(factor));
        let centre = reading.centre();
        let is_same = |old: &Reading| {
            old.bytes == reading.bytes && (old.contains(centre) || reading.contains(old.centre()))
        };
        if !self.readings.iter().any(is_same) {
            self.readings.push(reading);
        }
        let candidates = std::mem::take(&mut self.candidates);
        self.candidates = self.without_read(candidates);
    }

    fn without_read(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        candidates.into_iter().filter(|candidate| !self.is_read(candidate)).collect()
    }

    fn keep_candidate(&mut self, candidate: Candidate) {
        if let Some(old) = self.candidates.iter_mut().find(|old| old.is_same(&candidate)) {
            if old.corners.is_none() && candidate.corners.is_some() {
                // One more guess at the fourth corner: try again.
                (old.corners, old.tried) = (candidate.corners, 0);
            }
        } else if self.candidates.len() < MAX_CANDIDATES {
            self.candidates.push(candidate);
        }
    }

    fn keep_pattern(&mut self, pattern: &ConcentricPattern, dark: &BitMatrix, factor: f32) {
        if self.patterns.len() == MAX_KEPT_PATTERNS {
            return;
        }
        if let Some(pattern) = FinderPattern::locate(pattern, dark, factor, self.budget)
            && !self.patterns.iter().any(|old| old.is_same(&pattern))
        {
            self.patterns.push(pattern);
        }
    }

    /// Whether any of these finder patterns belongs to a code that was read.
    fn is_read(&self, candidate: &Candidate) -> bool {
        let patterns = [candidate.top_left, candidate.top_right, candidate.bottom_left];
        self.readings.iter().any(|reading| patterns.iter().any(|at| reading.contains(*at)))
    }
}

/// How many pixels a picture has.
pub(super) fn pixels(picture: &GrayImage) -> u64 {
    u64::from(picture.width()) * u64::from(picture.height())
}

#[cfg(test)]
mod tests;
