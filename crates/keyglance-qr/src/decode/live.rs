//! Frames of a camera: quick steps on each, one of the costly steps in turn.

use image::{GrayImage, imageops};

use super::crumpled::{LIKELY, POSSIBLE};
use super::effort::WorkBudget;
use super::search::{MEANS, Search, pixels};
use super::{Point, Reading, scale, threshold};

/// Frames with more pixels are read at half their size.
const MAX_WORKING_PIXELS: u64 = 2_500_000;

/// Work that is kept for closer looks.
const CLOSER: u64 = 8_000_000;

/// Pictures with fewer pixels are small enough to be looked at whole at once.
const SMALL_PIXELS: u64 = 400 * 400;

/// Frames for which a code that was read is taken to be where it was.
const REMEMBERED: u32 = 15;

/// Reads frame after frame, the costly steps in turn; all of them where a code was
/// read last.
#[derive(Clone, Debug, Default)]
pub struct VideoDecoder {
    turn: usize,
    /// Where a code was read, and for how many frames that still counts.
    place: Option<(Place, u32)>,
}

/// A part of a frame, in pixels.
#[derive(Clone, Copy, Debug)]
struct Place {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

impl Place {
    /// Around a code, and as much more as it may have moved.
    fn of(reading: &Reading, frame: &GrayImage) -> Option<Self> {
        let range = |of: fn(&Point) -> f32, most: u32| {
            let places = || reading.corners.iter().map(of);
            let (least, largest) =
                (places().fold(f32::MAX, f32::min), places().fold(f32::MIN, f32::max));
            let slack = (largest - least) * 0.2;
            // A cast saturates at nought.
            let (from, to) = ((least - slack) as u32, ((largest + slack) as u32).min(most));
            (to > from).then(|| (from, to - from))
        };
        let (left, width) = range(|p| p.x, frame.width())?;
        let (top, height) = range(|p| p.y, frame.height())?;
        // Most of the frame is no better than all of it.
        let is_part = u64::from(width) * u64::from(height) * 2 < pixels(frame);
        is_part.then_some(Self { left, top, width, height })
    }

    fn cut(self, frame: &GrayImage) -> GrayImage {
        imageops::crop_imm(frame, self.left, self.top, self.width, self.height).to_image()
    }
}

/// Every code in one frame, by the quick steps.
#[must_use]
pub fn decode_frame(frame: &GrayImage) -> Vec<Reading> {
    VideoDecoder::default().read(frame, &mut WorkBudget::live())
}

impl VideoDecoder {
    /// Every code in the next frame. It stops at the first way of looking that
    /// finds one and leaves nothing that looks like another.
    #[must_use]
    pub fn read(&mut self, frame: &GrayImage, effort: &mut WorkBudget<'_>) -> Vec<Reading> {
        let mut search = Search::new(effort);
        let smaller = (pixels(frame) > MAX_WORKING_PIXELS).then(|| scale::halved(frame));
        let factor = if smaller.is_some() { 2.0 } else { 1.0 };
        let working = smaller.as_ref().unwrap_or(frame);
        // Noise all over must not use up what a likely code needs.
        let held = search.effort.hold_back(CLOSER);
        quick(&mut search, frame, working, factor);
        search.effort.release(held);
        if !search.is_done(frame) {
            search.look_closer(frame, POSSIBLE, 4, 4);
        }
        if search.is_empty() {
            search.look_at_pairs(frame, 6, 2);
        }
        if search.is_empty() && self.place.is_none() {
            self.turn = self.turn.wrapping_add(1);
            costly(&mut search, working, factor, self.turn);
            search.look_closer(frame, POSSIBLE, 4, 4);
        }
        let mut readings = search.into_readings();
        if let (true, Some((place, _))) = (readings.is_empty(), self.place) {
            readings = read_again(frame, place, effort);
        }
        self.place = match (readings.first(), self.place) {
            (Some(reading), _) => Place::of(reading, frame).map(|place| (place, REMEMBERED)),
            (None, Some((place, left @ 1..))) => Some((place, left - 1)),
            (None, _) => None,
        };
        readings
    }
}

/// All that is costly, in the part of the frame where a code was.
fn read_again(frame: &GrayImage, place: Place, effort: &mut WorkBudget<'_>) -> Vec<Reading> {
    let part = place.cut(frame);
    let mut search = Search::new(effort);
    for turn in 0..WAYS {
        costly(&mut search, &part, 1.0, turn);
        search.look_closer(&part, POSSIBLE, 4, 4);
        if !search.is_empty() {
            break;
        }
    }
    let corner = Point { x: place.left as f32, y: place.top as f32 };
    let mut readings = search.into_readings();
    for reading in &mut readings {
        reading.corners = reading.corners.map(|p| p.plus(corner, 1.0));
    }
    readings
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

/// How many costly ways there are.
const WAYS: usize = 4;

/// One of the steps that few pictures need: the next frame is another chance.
fn costly(search: &mut Search<'_, '_>, working: &GrayImage, factor: f32, turn: usize) {
    if !search.effort.spend(pixels(working) * MEANS) {
        return;
    }
    match turn % WAYS {
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
        _ => {
            let soft = scale::softened(working, 3);
            search.look(&soft, factor, threshold::global);
        }
    }
}
