//! What was found in a picture so far, and one more look at it.

use image::GrayImage;
use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::qrcode::cpp_port::detector::FinderPatternSet;

use super::crumpled::{LIKELY, POSSIBLE, Unread};
use super::effort::WorkBudget;
use super::pair::{self, Square};
use super::{Point, Reading, fenced, finder, symbol};

/// Threes of squares that are kept for closer looks.
const MAX_UNREAD: usize = 12;

/// Squares that are kept for codes of which another is not found.
const MAX_SQUARES: usize = 16;

/// Codes in one picture that are seldom all.
const SHEET: usize = 5;

/// One look may take this part of what is left to be done.
const LOOK_SHARE: u64 = 3;

/// What the means around all pixels cost, by the pixel.
pub(super) const MEANS: u64 = 4;

/// A search of one picture.
pub(super) struct Search<'a, 'b> {
    pub(super) effort: &'a mut WorkBudget<'b>,
    readings: Vec<Reading>,
    unread: Vec<Unread>,
    squares: Vec<Square>,
    noisy: bool,
}

impl<'a, 'b> Search<'a, 'b> {
    pub(super) fn new(effort: &'a mut WorkBudget<'b>) -> Self {
        Self { effort, readings: Vec::new(), unread: Vec::new(), squares: Vec::new(), noisy: false }
    }

    pub(super) fn into_readings(self) -> Vec<Reading> {
        self.readings
    }

    pub(super) fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Whether something was read, and nothing that was not looks like a code in
    /// the whole picture.
    pub(super) fn is_done(&mut self, whole: &GrayImage) -> bool {
        if !self.readings.is_empty() {
            self.unread.retain(|unread| unread.likelihood(whole) >= LIKELY);
        }
        !self.readings.is_empty() && self.unread.is_empty()
    }

    /// Whether a look saw noise all over.
    pub(super) fn is_noisy(&self) -> bool {
        self.noisy
    }

    /// Whether so many codes were read that there may be more, in a worse light.
    pub(super) fn is_sheet(&self) -> bool {
        self.readings.len() >= SHEET
    }

    /// Whether nothing more may be done.
    pub(super) fn is_over(&self) -> bool {
        self.effort.is_over()
    }

    /// Makes another picture of one, at so much work a pixel; none where that is too much.
    pub(super) fn make(
        &mut self,
        picture: &GrayImage,
        work: u64,
        make: impl FnOnce(&GrayImage) -> GrayImage,
    ) -> Option<GrayImage> {
        self.effort.spend(pixels(picture) * work).then(|| make(picture))
    }

    /// Looks for dark codes on light paper, in a picture that is `scale` times
    /// smaller; gives the dark pixels back.
    pub(super) fn look(
        &mut self,
        picture: &GrayImage,
        scale: f32,
        threshold: impl FnOnce(&GrayImage) -> Option<BitMatrix>,
    ) -> Option<BitMatrix> {
        // Two passes over the pixels, and a few for the means.
        if !self.effort.spend(pixels(picture) * 3) || pixels(picture) == 0 {
            return None;
        }
        let dark = fenced(|| threshold(picture)).flatten()?;
        self.look_at(&dark, scale);
        Some(dark)
    }

    /// The same for light codes on dark paper.
    pub(super) fn look_inverted(&mut self, dark: Option<BitMatrix>, scale: f32) {
        if let Some(mut light) = dark {
            light.flip_self();
            self.look_at(&light, scale);
        }
    }

    fn look_at(&mut self, dark: &BitMatrix, scale: f32) {
        let found = finder::finders(dark, self.effort);
        self.noisy |= found.noisy;
        let mut used = Vec::new();
        // What sees squares everywhere leaves something to the other looks.
        let enough = self.effort.spent() + self.effort.left() / LOOK_SHARE;
        for set in found.sets {
            let patterns = [set.bl, set.tl, set.tr];
            let unread = unread(&set, scale);
            if patterns.iter().any(|pattern| used.contains(pattern)) || self.is_read(&unread) {
                continue;
            }
            let sampled = symbol::sample(dark, &set, self.effort);
            match sampled.reading {
                Some(reading) => {
                    used.extend(patterns);
                    self.add(reading, scale);
                }
                None => {
                    let corners = sampled.corners.map(|corners| corners.map(|p| p.times(scale)));
                    self.keep(Unread { corners, ..unread });
                }
            }
            if self.effort.spent() > enough {
                break;
            }
        }
        if self.is_empty() {
            found.squares.iter().for_each(|pattern| self.keep_square(pattern, dark, scale));
        }
    }

    /// Takes a closer look at so many threes of squares whose code was not read, the
    /// likeliest first, with so many guesses at each; at none less likely than `least`,
    /// and where another code was read, at likely ones only.
    pub(super) fn look_closer(
        &mut self,
        whole: &GrayImage,
        least: f32,
        at_most: usize,
        guesses: usize,
    ) {
        let unread = std::mem::take(&mut self.unread).into_iter();
        let mut scored: Vec<_> = unread.map(|unread| (unread.likelihood(whole), unread)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (likelihood, unread) in scored.iter_mut().take(at_most) {
            let least = if self.is_empty() { least } else { LIKELY };
            if self.is_read(unread) || *likelihood < least {
                continue;
            }
            if let Some(reading) = unread.read(whole, guesses, self.effort) {
                self.add(reading, 1.0);
            }
        }
        let rest = scored.into_iter().map(|(_, unread)| unread).collect();
        self.unread = self.without_read(rest);
    }

    /// Takes a closer look where only two of a code's squares may have been
    /// found: at the pairs of so many of the squares, with so many guesses in all.
    pub(super) fn look_at_pairs(&mut self, whole: &GrayImage, at_most: usize, guesses: usize) {
        let mut squares = std::mem::take(&mut self.squares);
        squares.truncate(at_most);
        let pairs = squares.iter().enumerate().flat_map(|(at, a)| {
            let others = squares.iter().skip(at + 1);
            others.map(move |b| (a, b))
        });
        let guessed = pairs.flat_map(|(a, b)| pair::guesses(a, b, whole, self.effort)).collect();
        let threes = std::mem::replace(&mut self.unread, guessed);
        self.look_closer(whole, POSSIBLE, guesses, guesses);
        self.unread = self.without_read(threes);
    }

    /// Adds a code from a picture that was `scale` times smaller, once.
    fn add(&mut self, mut reading: Reading, scale: f32) {
        reading.corners = reading.corners.map(|p| p.times(scale));
        let centre = reading.centre();
        let again = |old: &Reading| {
            old.bytes == reading.bytes && (old.holds(centre) || reading.holds(old.centre()))
        };
        if !self.readings.iter().any(again) {
            self.readings.push(reading);
        }
        let unread = std::mem::take(&mut self.unread);
        self.unread = self.without_read(unread);
    }

    fn without_read(&self, unread: Vec<Unread>) -> Vec<Unread> {
        unread.into_iter().filter(|unread| !self.is_read(unread)).collect()
    }

    fn keep(&mut self, unread: Unread) {
        if let Some(old) = self.unread.iter_mut().find(|old| old.is_same(&unread)) {
            if old.corners.is_none() && unread.corners.is_some() {
                // One more guess.
                (old.corners, old.tried) = (unread.corners, 0);
            }
        } else if self.unread.len() < MAX_UNREAD {
            self.unread.push(unread);
        }
    }

    fn keep_square(&mut self, pattern: &ConcentricPattern, dark: &BitMatrix, scale: f32) {
        if self.squares.len() == MAX_SQUARES {
            return;
        }
        if let Some(square) = Square::of(pattern, dark, scale, self.effort)
            && !self.squares.iter().any(|old| old.is_same(&square))
        {
            self.squares.push(square);
        }
    }

    /// Whether any of these squares belongs to a code that was read.
    fn is_read(&self, unread: &Unread) -> bool {
        let squares = [unread.top_left, unread.top_right, unread.bottom_left];
        self.readings.iter().any(|reading| squares.iter().any(|square| reading.holds(*square)))
    }
}

fn unread(set: &FinderPatternSet, scale: f32) -> Unread {
    let point = |at: rxing::Point| Point { x: at.x, y: at.y };
    let square = (set.tl.size + set.tr.size + set.bl.size) as f32 / 3.0;
    Unread {
        top_left: point(set.tl.p),
        top_right: point(set.tr.p),
        bottom_left: point(set.bl.p),
        square,
        corners: None,
        tried: 0,
    }
    .scaled(scale)
}

/// How many pixels a picture has.
pub(super) fn pixels(picture: &GrayImage) -> u64 {
    u64::from(picture.width()) * u64::from(picture.height())
}
