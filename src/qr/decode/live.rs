//! Frames of a camera: quick steps on each, one of the costly steps in turn.

use image::GrayImage;

use super::crumpled::{LIKELY, POSSIBLE};
use super::effort::Effort;
use super::search::{MEANS, Search, pixels};
use super::{Reading, scale, threshold};

/// Frames with more pixels are read at half their size.
const MAX_WORKING_PIXELS: u64 = 2_500_000;

/// Work that is kept for closer looks.
const CLOSER: u64 = 8_000_000;

/// Pictures with fewer pixels are small enough to be looked at whole at once.
const SMALL_PIXELS: u64 = 400 * 400;

/// Reads frame after frame, the costly steps in turn.
#[derive(Clone, Debug, Default)]
pub struct Live {
    turn: usize,
}

/// Every code in one frame, by the quick steps.
#[must_use]
pub fn decode_live(frame: &GrayImage) -> Vec<Reading> {
    Live::default().read(frame, &mut Effort::live())
}

impl Live {
    /// Every code in the next frame. It stops at the first way of looking that
    /// finds one and leaves nothing that looks like another.
    #[must_use]
    pub fn read(&mut self, frame: &GrayImage, effort: &mut Effort<'_>) -> Vec<Reading> {
        let mut search = Search::new(effort);
        let smaller = (pixels(frame) > MAX_WORKING_PIXELS).then(|| scale::halved(frame));
        let factor = if smaller.is_some() { 2.0 } else { 1.0 };
        let working = smaller.as_ref().unwrap_or(frame);
        // Noise all over must not use up what a likely code needs.
        search.effort.hold_back(CLOSER);
        quick(&mut search, frame, working, factor);
        search.effort.release(CLOSER);
        if !search.is_done(frame) {
            search.look_closer(frame, POSSIBLE, 4, 4);
        }
        if search.is_empty() {
            search.look_at_pairs(frame, 6, 2);
        }
        if search.is_empty() {
            self.turn = self.turn.wrapping_add(1);
            costly(&mut search, working, factor, self.turn);
            search.look_closer(frame, POSSIBLE, 4, 4);
        }
        search.into_readings()
    }
}

fn quick(search: &mut Search<'_, '_>, frame: &GrayImage, working: &GrayImage, factor: f32) {
    // Smoother where the first look saw noise.
    let whole = |search: &mut Search<'_, '_>| match search.is_noisy() {
        true => search.look(&scale::smoothed(working), factor, |p| threshold::blocks(p, 24)),
        false => search.look(working, factor, |p| threshold::blocks(p, 24)),
    };
    let halves = |search: &mut Search<'_, '_>| {
        search.look(&scale::halved(working), factor * 2.0, |p| threshold::blocks(p, 8))
    };
    // The cheaper first, and where it would see too little, the other.
    let (mut dark, mut half_dark) = (None, None);
    for is_half in if pixels(working) < SMALL_PIXELS { [false, true] } else { [true, false] } {
        match is_half {
            true => half_dark = halves(search),
            false => dark = whole(search),
        }
        if search.is_done(frame) {
            return;
        }
    }
    search.look(&scale::thirded(working), factor * 3.0, |p| threshold::blocks(p, 8));
    if search.is_done(frame) {
        return;
    }
    search.look_closer(frame, LIKELY, 1, 1);
    search.look_inverted(half_dark, factor * 2.0);
    if search.is_done(frame) {
        return;
    }
    search.look(working, factor, threshold::global);
    if search.is_done(frame) {
        return;
    }
    if !search.is_noisy() {
        search.look_inverted(dark, factor);
        if search.is_done(frame) {
            return;
        }
    }
    let radius = working.width().max(working.height()) / 16;
    if search.effort.spend(pixels(working) * MEANS) {
        search.look(working, factor, |p| threshold::local_mean(p, radius));
    }
}

/// One of the steps that few pictures need: the next frame is another chance.
fn costly(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32, turn: usize) {
    if !search.effort.spend(pixels(working) * MEANS) {
        return;
    }
    match turn % 4 {
        // Most cameras that see badly see noise.
        1 => {
            let soft = scale::softened(working, 1);
            search.look(&soft, factor, |p| threshold::blocks(p, 8));
        }
        2 => {
            let sharp = scale::sharpened(working, 2, 1.5);
            search.look(&sharp, factor, |p| threshold::blocks(p, 24));
        }
        3 => {
            search.look(working, factor, |p| threshold::local_mean(p, 12));
        }
        // Not the second reader: a busy frame can keep it for seconds.
        _ => {
            let soft = scale::softened(working, 3);
            search.look(&soft, factor, threshold::global);
        }
    }
}
